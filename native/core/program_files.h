#pragma once

#include <sys/types.h>

#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "core/file_watches.h"
#include "core/path_walk.h"

namespace prefork {

// The files that a program was made of, as they were when it was ready; and the names where there
// was nothing, or the program would have been made of something else.
class ProgramFiles {
 public:
  ProgramFiles() = default;
  // `started`: just before the program began to read its files; what was modified since may have
  // been read before the change.
  explicit ProgramFiles(timespec started) : started_(started) {}

  // Looks at each path now. Somebody has done so before, and found something at each, or nothing.
  // Of folders no more counts than that they are the same ones.
  void add_seen(const std::vector<std::string>& paths, bool existed);

  // Looks at each path that the program's author has named. Of folders each name in them counts.
  void add_named(const std::vector<std::string>& paths);

  // To be called once all are added: what happens from here on is seen without looking.
  void watch();

  // The first file that is no longer as it was; nothing if all are. Looks at the files only where
  // something has happened, or nobody would tell.
  std::optional<std::string> changed();

  // In a forked child: closes what is the parent's.
  void let_go() { watches_.let_go(); }

 private:
  enum class Folders { kPassedThrough, kNamed };
  struct Seen {
    std::string path;
    Folders folders = Folders::kPassedThrough;
    std::string real;
    bool existed = false;
    dev_t device = 0;
    ino_t inode = 0;
    bool is_whole = true;  // what follows counts too
    off_t size = 0;
    timespec modified = {};
    timespec touched = {};  // ctime: what nobody can set
    bool operator==(const Seen& other) const;
  };
  PathWalk dating_walk();
  static Seen look(PathWalk& walk, const std::string& path, Folders folders);
  bool modified_meanwhile(const Destination& found) const;
  void look_again();

  timespec started_ = {};
  std::vector<Seen> files_;
  std::optional<std::string> changed_;
  FileWatches watches_;
};

}  // namespace prefork
