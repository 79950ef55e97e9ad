#include "core/process.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "core/retry.h"

namespace prefork {

Result<Descriptor> open_pidfd(pid_t pid) {
  // Not every C library that we are built against has the wrapper.
  const long fd = syscall(SYS_pidfd_open, pid, 0);
  if (fd == -1) return Failure{errno, "watch process " + std::to_string(pid)};
  return Descriptor(static_cast<int>(fd));
}

Result<int> wait_status(pid_t pid) {
  int status = 0;
  if (retry_on_eintr([&] { return waitpid(pid, &status, 0); }) == -1) {
    return Failure{errno, "wait for process " + std::to_string(pid)};
  }
  return status;
}

Result<std::optional<Reaped>> wait_status_now(pid_t pid) {
  Reaped reaped;
  reaped.pid = retry_on_eintr([&] { return waitpid(pid, &reaped.status, WNOHANG); });
  if (reaped.pid == -1) return Failure{errno, "wait for process " + std::to_string(pid)};
  if (reaped.pid == 0) return std::optional<Reaped>();
  return std::optional<Reaped>(reaped);
}

Result<bool> die_with(pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return Failure{errno, "prctl(PR_SET_PDEATHSIG)"};
  return getppid() == parent;
}

std::string signal_name(int signal) {
  if (signal >= SIGRTMIN && signal <= SIGRTMAX) {
    const int offset = signal - SIGRTMIN;
    return offset == 0 ? "SIGRTMIN" : "SIGRTMIN+" + std::to_string(offset);
  }
  const char* name = sigabbrev_np(signal);
  if (name == nullptr) return "signal " + std::to_string(signal);
  return std::string("SIG") + name;
}

Result<void> raise_default(int signal) {
  // These two have no other action than the default, and sigaction() refuses them.
  if (signal != SIGKILL && signal != SIGSTOP) {
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    if (sigaction(signal, &action, nullptr) == -1) {
      return Failure{errno, "reset the action of " + signal_name(signal)};
    }
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal);
    const int error = pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
    if (error != 0) return Failure{error, "unblock " + signal_name(signal)};
  }
  if (raise(signal) != 0) return Failure{errno, "raise " + signal_name(signal)};
  return Failure{0, "still running after raising " + signal_name(signal)};
}

SignalsBlocked::SignalsBlocked() {
  sigset_t all;
  sigfillset(&all);
  // Cannot fail: the operation is known and both sets are ours.
  pthread_sigmask(SIG_SETMASK, &all, &before_);
}

SignalsBlocked::~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace prefork
