#pragma once

#include <sys/types.h>

#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace prefork {

// The files that a program was made of, as they were when it was ready.
class ProgramFiles {
 public:
  ProgramFiles() = default;
  // `started`: just before the program began to read its files; what was modified since may have
  // been read before the change.
  explicit ProgramFiles(timespec started) : started_(started) {}

  // Looks at each path now.
  void add(const std::vector<std::string>& paths);

  // The first file that is no longer as it was; nothing if all are. One stat() for each file.
  std::optional<std::string> changed() const;

 private:
  struct Seen {
    std::string path;
    bool existed = false;
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    timespec modified = {};
    bool operator==(const Seen& other) const;
  };
  static Seen look_at(const std::string& path);

  timespec started_ = {};
  std::vector<Seen> files_;
  std::optional<std::string> modified_meanwhile_;
};

}  // namespace prefork
