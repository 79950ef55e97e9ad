// What the script's own interpreter must be able to do for its process to be forked.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "actors/fork_proof.h"

namespace prefork {

/// Implemented once for each interpreter. Texts say why something cannot be done.
class ScriptHost {
 public:
  /// Sees to it that the proof is under way that a fork of this process will work; it may have been
  /// since long before. Without a descriptor errno is set, or a text is in `failure`.
  virtual ForkProof start_proof(std::string* failure) = 0;

  /// The first fork, out of the process in which the script has run. -1 and errno, or a text in
  /// `failure`, when it cannot be had.
  virtual pid_t fork_script(std::string* failure) = 0;

  /// A fork of the server or of a monitor. -1 and errno when it cannot be had.
  virtual pid_t fork_again() = 0;

  /// In the server: runs once what every call will run, so that it is there for all of them.
  virtual std::optional<std::string> warm_up() = 0;

  /// What the program is made of, as it arrives: each name with a NUL, one more NUL at the end of
  /// all. Before each there is a `+` if something was there, a `-` if nothing was. Without a
  /// descriptor there is nothing to wait for, or the reason is in `failure`.
  struct FileList {
    int descriptor = -1;
    pid_t writer = -1;  // a child, to be reaped at the end of the list
  };

  /// In the server: has the list made, beside whatever else runs. The writer must not hold the
  /// descriptors `unwanted`.
  virtual FileList start_file_list(const std::vector<int>& unwanted, std::string* failure) = 0;

  /// In the executor or its understudy: gives the interpreter an event loop that is this process's.
  virtual std::optional<std::string> revive() = 0;

  /// In an understudy, once revived: runs what its call will run, so that the memory for it is
  /// there.
  virtual std::optional<std::string> rehearse() = 0;

  /// In the executor, once revived, last before the script goes on. Descriptors 0, 1, 2 are the
  /// caller's.
  virtual void resume() = 0;

 protected:
  ~ScriptHost() = default;
};

}  // namespace prefork
