#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "core/result.h"

namespace prefork {

// A file's whole text.
Result<std::string> read_small_file(const std::string& path);

// Puts a file with this text at the path, whole or not at all, mode 0644. With `durable` it is on
// disk, name and all, when this returns.
Result<void> write_small_file(const std::string& path, std::string_view text, bool durable);

// Which file a path named when it was made. Another process may have put another one there since,
// which is not ours to remove.
class OwnFile {
 public:
  // The file that is at the path now.
  static OwnFile at(const std::string& path);
  void remove();

 private:
  std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

// Makes an empty file, if there is none.
Result<void> touch_file(const std::string& path);

}  // namespace prefork
