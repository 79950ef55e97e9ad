#include "addon/real_fork.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "addon/fork_memory.h"
#include "addon/platform.h"
#include "addon/quiesce.h"
#include "addon/worker_pool.h"

namespace prefork::live_node {

namespace {

using Milliseconds = std::chrono::milliseconds;

Milliseconds left_until(std::chrono::steady_clock::time_point deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  return std::max(Milliseconds{0}, std::chrono::duration_cast<Milliseconds>(left));
}

// One attempt at rest: empty the queues, wait for the threads, mark the heap. A thread may have
// woken up meanwhile, by a timer of its own or to finish a job that it had before the platform was
// redirected, and may have posted a task, which the child would lose, or made a mapping, which the
// child would not have. Then `*disturbed` is set and all of it has to be done again.
std::optional<std::string> come_to_rest(std::chrono::steady_clock::time_point deadline,
                                        bool* disturbed) {
  if (!drain_platform(v8::Isolate::GetCurrent(), left_until(deadline))) {
    return "V8's background tasks do not come to an end";
  }
  const auto posted = WorkerPool::current().posted();
  const ThreadCensus before = wait_until_others_sleep(left_until(deadline));
  if (!before.busy.empty()) return "threads of this process are still busy: " + before.busy;
  if (auto failure = include_heap_in_fork()) return failure;
  *disturbed =
      WorkerPool::current().posted() != posted || !count_other_threads().same_sleep_as(before);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> settle_for_fork(Milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  // What a native addon has left in a stdio buffer would come out once per child.
  fflush(nullptr);
  bool disturbed = true;
  while (disturbed) {
    if (auto reason = come_to_rest(deadline, &disturbed)) return reason;
    if (disturbed && left_until(deadline) == Milliseconds{0}) {
      return "the other threads of this process do not come to rest";
    }
  }
  return std::nullopt;
}

pid_t fork_settled_node() {
  const pid_t child = fork();
  if (child == 0) WorkerPool::replace_after_fork();
  return child;
}

pid_t fork_from_live_node(std::string* failure, Milliseconds patience) {
  if (auto reason = settle_for_fork(patience)) {
    *failure = *reason;
    return -1;
  }
  return fork_settled_node();
}

}  // namespace prefork::live_node
