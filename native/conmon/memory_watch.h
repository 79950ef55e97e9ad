#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "core/descriptor.h"

namespace prefork {

// The kernel's news of a memory cgroup, in either version of cgroups.
class MemoryWatch {
 public:
  enum class News { kOutOfMemory, kNothingNew, kCgroupGone };

  // Finds the process's memory cgroup and asks for news of it. Failures are for a warning at most:
  // a container can run unwatched.
  Result<void> open(pid_t pid);
  // Readable when there is news.
  int get() const { return events_.get(); }
  News read();
  void close();

 private:
  Result<void> open_first_version(const std::string& cgroup);
  Result<void> open_second_version(const std::string& cgroup);
  News read_first_version();
  News read_second_version();

  bool is_second_version_ = false;
  Descriptor events_;         // an eventfd, or inotify
  std::string control_file_;  // whose absence tells that the cgroup has been removed
  // What memory.events counted when it was last looked at.
  std::uint64_t oom_ = 0;
  std::uint64_t oom_kill_ = 0;
};

}  // namespace prefork
