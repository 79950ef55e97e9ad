#pragma once

#include <sys/types.h>

#include <string>
#include <unordered_map>
#include <unordered_set>

#include "core/descriptor.h"

namespace prefork {

// Tells whether anything has happened to certain files and names, at the cost of one or two system
// calls however many they are. It never says no where it cannot know.
//
// The kernel queues an event before the call that caused it returns, so whoever asks afterwards
// gets to know. Whoever wants to know of all changes watches first and looks then.
class FileWatches {
 public:
  FileWatches() = default;

  // Takes an inotify instance and the list of mounts; without them everything counts as disturbed.
  void open();

  // In a forked child: closes what is the parent's.
  void let_go();

  // The name may come, go or change its meaning in this folder, which has no link in its path.
  void watch_name(const std::string& folder, const std::string& name);
  // The contents of this file may change, by whatever name; or any name in this folder.
  void watch_whole(const std::string& path);

  // Whether something watched may have changed since the last time.
  bool disturbed();

  // Whether the kernel tells; otherwise the answer is always that something may have changed.
  [[nodiscard]] bool sees() const { return events_.valid(); }

 private:
  struct Watched {
    bool all = false;  // each event counts, not only those of these names
    std::unordered_set<std::string> names;
  };
  Watched* watch(const std::string& path, uint32_t events);
  bool reports_changes(const std::string& path);
  bool drain();
  bool mounts_changed();
  void go_blind();

  Descriptor events_;
  Descriptor mounts_;
  std::unordered_map<int, Watched> watched_;
  std::unordered_map<std::string, int> folders_;  // to their numbers, since the last disturbance
  std::unordered_map<dev_t, bool> devices_;
};

}  // namespace prefork
