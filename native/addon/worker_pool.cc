#include "addon/worker_pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include <utility>

namespace prefork::live_node {

namespace {

// V8 asks the platform how many threads there are and gets Node's answer (four, usually). Two are
// enough: tasks never wait for one another.
constexpr int kThreads = 2;

// TurboFan recurses deeply; this is what a thread gets from Node under the usual ulimit.
constexpr std::size_t kStackBytes = 8 << 20;

WorkerPool* the_pool = nullptr;

}  // namespace

WorkerPool& WorkerPool::current() {
  if (the_pool == nullptr) the_pool = new WorkerPool;
  return *the_pool;
}

void WorkerPool::replace_after_fork() { the_pool = new WorkerPool; }

void WorkerPool::post(std::unique_ptr<v8::Task> task) {
  Lock lock(mutex_);
  queue_.push_back(std::move(task));
  ++outstanding_;
  ++posted_;
  if (sleeping_ == 0 && threads_ < kThreads) start_thread();
  // When no thread could be had (RLIMIT_NPROC, a full cgroup) the task stays queued; it is not run
  // here, because the caller may hold the very locks that the task takes. V8 does not count on a
  // task having begun: it does the work itself or takes the task back. Only a drain waits, and a
  // drain helps.
  work_.notify_one();
}

bool WorkerPool::wait_idle(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  Lock lock(mutex_);
  while (outstanding_ > 0) {
    if (threads_ == 0 && !start_thread()) {
      // Without a single thread nobody else will ever run these. Whoever drains holds no lock of
      // V8's.
      run_next(lock);
      continue;
    }
    if (idle_.wait_until(lock, deadline) == std::cv_status::timeout) return outstanding_ == 0;
  }
  return true;
}

std::uint64_t WorkerPool::posted() {
  Lock lock(mutex_);
  return posted_;
}

int WorkerPool::threads() {
  const Lock lock(mutex_);
  return threads_;
}

bool WorkerPool::start_thread() {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  // A new thread inherits the mask. All signals stay with the main thread, where libuv's handlers
  // and the script's expectations are.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const bool started = pthread_create(&thread, &attributes, thread_main, this) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  if (started) {
    // From here, so that it never runs under the process's name: that would be a stranger's.
    pthread_setname_np(thread, "prefork-worker");
    ++threads_;
  }
  return started;
}

void* WorkerPool::thread_main(void* pool) {
  auto* self = static_cast<WorkerPool*>(pool);
  Lock lock(self->mutex_);
  for (;;) {
    while (self->queue_.empty()) {
      ++self->sleeping_;
      self->work_.wait(lock);
      --self->sleeping_;
    }
    self->run_next(lock);
  }
  return nullptr;
}

// Runs the oldest task without the lock. The task's destructor may post as well, so the task is
// outstanding until it is gone.
void WorkerPool::run_next(Lock& lock) {
  std::unique_ptr<v8::Task> task = std::move(queue_.front());
  queue_.pop_front();
  lock.unlock();
  task->Run();
  task.reset();
  lock.lock();
  if (--outstanding_ == 0) idle_.notify_all();
}

}  // namespace prefork::live_node
