#include "addon/memory_keeper.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "addon/worker_pool.h"

namespace prefork::live_node {

namespace {

// `.`, `..` and the main thread.
constexpr nlink_t kLinksOfOneThread = 3;

alignas(16) char keeper_stack[4096];

// V8's background tasks use none.
bool has_threads_that_use_descriptors() {
  struct stat tasks;
  if (stat("/proc/self/task", &tasks) != 0) return true;
  const int harmless = WorkerPool::current().threads();
  return tasks.st_nlink != kLinksOfOneThread + static_cast<nlink_t>(harmless);
}

// The keeper's thread-local storage, errno with it, is that of the process that ends: nothing of
// the C library may be called here.
long bare_system_call(long number, long first, long second, long third) {
  long result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(first), "S"(second), "d"(third)
               : "rcx", "r11", "memory");
  return result;
}

// A process descriptor becomes readable when the process is a zombie, that is, when its parent has
// been told.
[[gnu::no_sanitize("address", "undefined")]] int keep_until_end(void* pidfd) {
  pollfd end = {static_cast<int>(reinterpret_cast<long>(pidfd)), POLLIN, 0};
  constexpr long for_ever = -1;
  constexpr long interrupted = -4;
  while (bare_system_call(SYS_poll, reinterpret_cast<long>(&end), 1, for_ever) == interrupted) {
  }
  bare_system_call(SYS_exit, 0, 0, 0);
  __builtin_unreachable();
}

}  // namespace

void leave_memory_to_keeper() {
  if (has_threads_that_use_descriptors()) return;
  const int own = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
  if (own == -1) return;
  // Closed here and now. The keeper shares the table, which would otherwise hold locks, ports and
  // the ends of pipes after the caller has been told that the process is gone.
  if (own > 0) syscall(SYS_close_range, 0, own - 1, 0);
  syscall(SYS_close_range, own + 1, ~0U, 0);
  // A signal to the whole group finds the process itself.
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, nullptr);
  (void)clone(keep_until_end, keeper_stack + sizeof keeper_stack,
              CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_PARENT, reinterpret_cast<void*>(own));
}

}  // namespace prefork::live_node
