#pragma once

#include <sys/types.h>
#include <sys/wait.h>

#include <csignal>
#include <optional>
#include <string>

#include "core/descriptor.h"

namespace prefork {

// Readable once the process has ended. Close-on-exec.
Result<Descriptor> open_pidfd(pid_t pid);

// Waits for the child's end and reaps it.
Result<int> wait_status(pid_t pid);

// Reaps the child if it has ended; nothing if it still runs. `pid` -1: any child.
struct Reaped {
  pid_t pid = 0;
  int status = 0;
};
Result<std::optional<Reaped>> wait_status_now(pid_t pid);

inline bool exited(int status) { return WIFEXITED(status); }
inline int exit_code(int status) { return WEXITSTATUS(status); }
inline bool was_killed(int status) { return WIFSIGNALED(status); }
inline int killing_signal(int status) { return WTERMSIG(status); }
inline bool dumped_core(int status) { return WIFSIGNALED(status) && WCOREDUMP(status); }

// Has the kernel kill this process when its parent dies. False: that is gone already, and another
// process than `parent` has taken its place, so that no signal would come any more.
Result<bool> die_with(pid_t parent);

// "SIGTERM", "SIGRTMIN+2"; "signal 99" for what is none.
std::string signal_name(int signal);

// Dies of the signal: default action, unblocked, raised. Returns only if the process lives on.
Result<void> raise_default(int signal);

// Blocks every signal in this thread for as long as it lives: around a fork, so that no handler of
// the parent's runs in the child.
class SignalsBlocked {
 public:
  SignalsBlocked();
  ~SignalsBlocked();
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  const sigset_t& before() const { return before_; }

 private:
  sigset_t before_;
};

}  // namespace prefork
