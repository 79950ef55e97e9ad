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

  // Looks at each path now. Of a folder that the program has only passed through no more counts
  // than that it is the same one; of one that its author has named, each name in it.
  enum class Folders { kPassedThrough, kNamed };
  void add(const std::vector<std::string>& paths, Folders folders);

  // The program has read this file, and now it is gone.
  void lose(const std::string& path) { changed_ = path; }

  // To be called once all are added: what happens from here on is seen without looking.
  void watch();

  // The first file that is no longer as it was; nothing if all are. Looks at the files only where
  // something has happened, or nobody would tell.
  std::optional<std::string> changed();

 private:
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
  static Seen look(PathWalk& walk, const std::string& path, Folders folders);
  bool modified_meanwhile(const Destination& found) const;
  void look_again();

  timespec started_ = {};
  std::vector<Seen> files_;
  std::optional<std::string> changed_;
  FileWatches watches_;
};

}  // namespace prefork
