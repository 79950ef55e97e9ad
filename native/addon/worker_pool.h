// The threads that run V8's background tasks. Node's own cannot be used: they do not exist in a
// forked child, nothing can start them again, and a drain there waits for them for ever.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

#include "addon/node_symbols.h"

namespace prefork::live_node {

class WorkerPool {
 public:
  // The pool of this process. Never destroyed: a background task may post at any time until _exit.
  static WorkerPool& current();

  // To be called in a forked child. The old pool is left alone rather than repaired: its mutex may
  // be held and its condition variables waited on by threads that the child does not have, and
  // neither may be initialised twice. A new pool has no such past; the old one's few bytes are the
  // price.
  static void replace_after_fork();

  // Queues a task and makes sure that somebody will run it. From any thread.
  void post(std::unique_ptr<v8::Task> task);

  // True as soon as no task is queued or running, false when `limit` is over first.
  bool wait_idle(std::chrono::milliseconds limit);

  // How many tasks were ever posted; unchanged between two looks means that nobody posted.
  std::uint64_t posted();

  // How many threads were ever started; none of them ends before the process.
  int threads();

 private:
  using Lock = std::unique_lock<std::mutex>;

  static void* thread_main(void* pool);
  bool start_thread();
  void run_next(Lock& lock);

  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable idle_;
  std::deque<std::unique_ptr<v8::Task>> queue_;
  std::size_t outstanding_ = 0;  // queued or running
  std::uint64_t posted_ = 0;
  int threads_ = 0;
  int sleeping_ = 0;
};

}  // namespace prefork::live_node
