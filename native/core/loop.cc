#include "core/loop.h"

#include <fcntl.h>

#include <cassert>
#include <utility>

#include "core/descriptor.h"
#include "core/process.h"

namespace prefork {

namespace {

// Closes a handle whose state begins with it and frees the state when libuv lets go.
template <class State>
void close_state(State*& state) {
  if (state == nullptr) return;
  uv_close(reinterpret_cast<uv_handle_t*>(&state->handle),
           [](uv_handle_t* handle) { delete static_cast<State*>(handle->data); });
  state = nullptr;
}

// libuv aborts where it cannot make the pipe that its signals need, which it does once in a process
// and after the loop's epoll instance. So there must be room for the three of them; 0 or -errno.
int find_room_for_loop() {
  const Result<Pipe> pipe = make_pipe();
  if (!pipe.ok()) return -pipe.failure().error;
  const Descriptor third(fcntl(pipe.value().reading_end.get(), F_DUPFD_CLOEXEC, 0));
  return third.valid() ? 0 : -errno;
}

}  // namespace

int Loop::open() {
  if (const int room = find_room_for_loop(); room != 0) return room;
  const int result = uv_loop_init(&loop_);
  is_open_ = result == 0;
  return result;
}

bool Loop::run() { return uv_run(&loop_, UV_RUN_DEFAULT) != 0; }

void Loop::stop() {
  if (is_open_) uv_stop(&loop_);
}

int Loop::revive_after_fork() { return is_open_ ? uv_loop_fork(&loop_) : 0; }

void Loop::close() {
  if (!is_open_) return;
  // Closing handles call back on the next turn; only then does the loop count as empty. A stop()
  // that came while the loop did not run makes its next run return at once, without a turn.
  uv_run(&loop_, UV_RUN_NOWAIT);
  uv_run(&loop_, UV_RUN_NOWAIT);
  [[maybe_unused]] const int closed = uv_loop_close(&loop_);
  assert(closed == 0);
  is_open_ = false;
}

struct Poll::State {
  uv_poll_t handle;
  int events;
  Callback callback;
};

Poll::Poll(Poll&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}

Poll& Poll::operator=(Poll&& other) noexcept {
  if (this != &other) {
    close();
    state_ = std::exchange(other.state_, nullptr);
  }
  return *this;
}

int Poll::start(Loop& loop, int descriptor, int events, Callback callback) {
  close();
  auto* state = new State{{}, events, std::move(callback)};
  const int result = uv_poll_init(loop.get(), &state->handle, descriptor);
  if (result != 0) {
    delete state;
    return result;
  }
  state->handle.data = state;
  state_ = state;
  return resume();
}

int Poll::resume() {
  assert(state_ != nullptr);
  return uv_poll_start(&state_->handle, state_->events, [](uv_poll_t* handle, int, int) {
    // An error (a descriptor in a bad state) counts as readiness: the read will tell. The callback
    // may close its own watch, so it runs from a copy.
    const Callback callback = static_cast<State*>(handle->data)->callback;
    callback();
  });
}

int Poll::start_reading(Loop& loop, int descriptor, Callback callback) {
  return start(loop, descriptor, UV_READABLE | UV_DISCONNECT, std::move(callback));
}

int Poll::start_writing(Loop& loop, int descriptor, Callback callback) {
  return start(loop, descriptor, UV_WRITABLE, std::move(callback));
}

int Poll::start_awaiting_hang_up(Loop& loop, int descriptor, Callback callback) {
  // The kernel always tells of a hang-up, but libuv must be asked for something; a local socket has
  // no urgent data.
  return start(loop, descriptor, UV_PRIORITIZED, std::move(callback));
}

void Poll::stop() {
  if (state_ != nullptr) uv_poll_stop(&state_->handle);
}

void Poll::close() { close_state(state_); }

struct Timer::State {
  uv_timer_t handle;
  std::function<void()> callback;
};

void Timer::start(Loop& loop, std::uint64_t milliseconds, std::function<void()> callback) {
  if (state_ == nullptr) {
    state_ = new State{};
    uv_timer_init(loop.get(), &state_->handle);
    state_->handle.data = state_;
  }
  state_->callback = std::move(callback);
  // The loop's clock stands still while a callback runs, and before the first turn.
  uv_update_time(loop.get());
  uv_timer_start(
      &state_->handle,
      [](uv_timer_t* handle) {
        const std::function<void()> due = static_cast<State*>(handle->data)->callback;
        due();
      },
      milliseconds, 0);
}

void Timer::stop() {
  if (state_ != nullptr) uv_timer_stop(&state_->handle);
}

void Timer::close() { close_state(state_); }

struct SignalWatch::State {
  uv_signal_t handle;
  std::function<void()> callback;
};

int SignalWatch::start(Loop& loop, int signal_number, std::function<void()> callback) {
  close();
  auto* state = new State{{}, std::move(callback)};
  const int initialised = uv_signal_init(loop.get(), &state->handle);
  if (initialised != 0) {
    delete state;
    return initialised;
  }
  state->handle.data = state;
  state_ = state;
  return uv_signal_start(
      &state->handle,
      [](uv_signal_t* handle, int) {
        const std::function<void()> caught = static_cast<State*>(handle->data)->callback;
        caught();
      },
      signal_number);
}

void SignalWatch::close() { close_state(state_); }

struct FileWatch::State {
  uv_fs_event_t handle;
  std::function<void()> callback;
};

int FileWatch::start(Loop& loop, const char* path, std::function<void()> callback) {
  close();
  auto* state = new State{{}, std::move(callback)};
  const int initialised = uv_fs_event_init(loop.get(), &state->handle);
  if (initialised != 0) {
    delete state;
    return initialised;
  }
  state->handle.data = state;
  state_ = state;
  return uv_fs_event_start(
      &state->handle,
      [](uv_fs_event_t* handle, const char*, int, int) {
        const std::function<void()> touched = static_cast<State*>(handle->data)->callback;
        touched();
      },
      path, 0);
}

void FileWatch::close() { close_state(state_); }

namespace {

struct Work {
  uv_work_t request;
  std::function<void()> work;
  std::function<void()> done;
};

}  // namespace

int run_on_thread(Loop& loop, std::function<void()> work, std::function<void()> done) {
  auto* item = new Work{{}, std::move(work), std::move(done)};
  item->request.data = item;
  // The first work starts the threads, with this one's mask. A signal that this one has blocked to
  // read it elsewhere would act on the process by way of theirs.
  const SignalsBlocked blocked;
  const int result = uv_queue_work(
      loop.get(), &item->request,
      [](uv_work_t* request) { static_cast<Work*>(request->data)->work(); },
      [](uv_work_t* request, int) {
        auto* finished = static_cast<Work*>(request->data);
        const std::function<void()> callback = std::move(finished->done);
        delete finished;
        callback();
      });
  if (result != 0) delete item;
  return result;
}

}  // namespace prefork
