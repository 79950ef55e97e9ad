// What the script's own interpreter must be able to do for its process to be forked.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace prefork {

/// Implemented once for each interpreter. Texts say why something cannot be done.
class ScriptHost {
 public:
  /// Whether a fork of this process will work; asked before anybody depends on it.
  virtual std::optional<std::string> prove_fork() = 0;

  /// The first fork, out of the process in which the script has run. -1 and errno, or 0 in
  /// `errno` and a text in `failure`, when it cannot be had. Later forks are plain.
  virtual pid_t fork_script(std::string* failure) = 0;

  /// In the executor: makes the interpreter whole again. Descriptors 0, 1, 2 are the caller's.
  virtual std::optional<std::string> revive() = 0;

 protected:
  ~ScriptHost() = default;
};

}  // namespace prefork
