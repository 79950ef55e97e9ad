// The event loop and its watches: libuv handles, each owned by one object.
//
// A watch that is destroyed closes its handle; libuv frees the memory on a later turn of the loop.
// After a fork the child calls Loop::revive_after_fork() before it touches any watch: the kernel's
// epoll instance is shared, and closing a handle on it would deregister the parent's descriptor.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>

namespace prefork {

class Loop {
 public:
  Loop() = default;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Opens the loop. Returns 0 or a negative errno.
  [[nodiscard]] int open();

  /// Runs until stop() or until nothing is left to wait for; true if something is left.
  bool run();
  void stop();

  /// In a child: gives the loop an epoll instance and pipes of its own. 0 or a negative errno.
  [[nodiscard]] int revive_after_fork();

  /// Closes the loop; every watch must have been closed before.
  void close();

  uv_loop_t* get() { return &loop_; }

 private:
  uv_loop_t loop_{};
  bool is_open_ = false;
};

/// Readiness of one descriptor, level-triggered. Does not own the descriptor.
class Poll {
 public:
  using Callback = std::function<void()>;
  Poll() = default;
  ~Poll() { close(); }
  Poll(const Poll&) = delete;
  Poll& operator=(const Poll&) = delete;
  Poll(Poll&& other) noexcept;
  Poll& operator=(Poll&& other) noexcept;

  /// Calls back whenever `descriptor` is readable (or at its end), until stop() or close().
  [[nodiscard]] int start_reading(Loop& loop, int descriptor, Callback callback);
  /// Likewise whenever it is writable.
  [[nodiscard]] int start_writing(Loop& loop, int descriptor, Callback callback);
  /// Calls back once the peer of a local socket has closed both directions, whatever there is to
  /// read or write.
  [[nodiscard]] int start_awaiting_hang_up(Loop& loop, int descriptor, Callback callback);
  void stop();
  [[nodiscard]] int resume();
  void close();
  [[nodiscard]] bool is_open() const { return state_ != nullptr; }

 private:
  struct State;
  [[nodiscard]] int start(Loop& loop, int descriptor, int events, Callback callback);
  State* state_ = nullptr;
};

/// A timer that fires once.
class Timer {
 public:
  Timer() = default;
  ~Timer() { close(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void start(Loop& loop, std::uint64_t milliseconds, std::function<void()> callback);
  void stop();
  void close();

 private:
  struct State;
  State* state_ = nullptr;
};

/// A signal caught by this process.
class SignalWatch {
 public:
  SignalWatch() = default;
  ~SignalWatch() { close(); }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  [[nodiscard]] int start(Loop& loop, int signal_number, std::function<void()> callback);
  /// Restores the signal's default disposition, unless another watch holds it.
  void close();

 private:
  struct State;
  State* state_ = nullptr;
};

/// Anything that happens to the inode at a path.
class FileWatch {
 public:
  FileWatch() = default;
  ~FileWatch() { close(); }
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  [[nodiscard]] int start(Loop& loop, const char* path, std::function<void()> callback);
  void close();

 private:
  struct State;
  State* state_ = nullptr;
};

/// Runs `work` on a thread and then `done` on the loop.
[[nodiscard]] int run_on_thread(Loop& loop, std::function<void()> work, std::function<void()> done);

}  // namespace prefork
