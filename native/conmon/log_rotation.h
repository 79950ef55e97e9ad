#pragma once

#include <string>
#include <vector>

#include "core/descriptor.h"

namespace prefork {

// The mode of every log file.
inline constexpr unsigned kLogMode = 0640;

// Renames the log at `path`, which `file` is open at, to `<path>.1`, `.1` to `.2` and so on,
// keeping `kept` of them, and opens a new one. Refuses where that could be turned against somebody:
// a path that leads through "..", a symbolic link, another file than the one that is open, a file
// that somebody has locked, or, where the file is missing, a directory that others may write to.
Result<Descriptor> rotate_log(const std::string& path, int file, int kept,
                              const std::vector<std::string>& allowed_directories);

// Puts a new, empty log in the place of the one at `path`.
Result<Descriptor> replace_log(const std::string& path);

}  // namespace prefork
