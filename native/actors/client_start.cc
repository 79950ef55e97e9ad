// The client's steps from "no server" to "its setup has ended".

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "actors/client.h"
#include "core/environment.h"

namespace prefork {

void Client::remove_server_files() {
  // Under the lock, so the socket is that of the server in question and not of a later one.
  for (const std::string* path : {&socket_path_, &lock_path_}) {
    if (unlink(path->c_str()) != 0 && errno != ENOENT) return fail(errno, "remove " + *path);
  }
  post(Event::kRemoved);
}

void Client::remove_stale_socket() {
  if (unlink(socket_path_.c_str()) != 0 && errno != ENOENT) {
    return fail(errno, "remove stale socket " + socket_path_);
  }
  post(Event::kRemoved);
}

void Client::create_listening_socket() {
  // A caller may be refused between bind and listen; it then waits for the lock, which is ours.
  Result<Listener> listener = listen_at(socket_path_);
  if (!listener.ok()) return fail(listener.failure());
  listener_ = std::move(listener.value().socket);
  socket_file_ = listener.value().file;
  post(Event::kListening);
}

void Client::fork_watcher() {
  Result<Pipe> input = make_pipe();
  if (!input.ok()) return fail(input.failure());
  Result<Pipe> error = make_pipe();
  if (!error.ok()) return fail(error.failure());
  watcher_input_ = std::move(input).value();
  watcher_error_ = std::move(error).value();
  ask_to_fork([this] { return fork_by_engine_or(::fork); });
}

WatcherInheritance Client::leave_to_watcher() {
  close_inherited_descriptors();
  return WatcherInheritance{std::move(watcher_input_.reading_end),
                            std::move(watcher_error_.writing_end), socket_path_, lock_path_,
                            socket_file_};
}

void Client::await_watcher() {
  watcher_input_.reading_end.reset();
  watcher_error_.writing_end.reset();
  await_child([this](int status) {
    if (status == 0) return post(Event::kWatcherReady);
    fail(0, "the watcher of the socket could not start");
  });
}

void Client::await_child(std::function<void(int)> ended) {
  Result<Descriptor> pidfd = open_pidfd(child());
  if (!pidfd.ok()) return fail(pidfd.failure());
  child_pidfd_ = std::move(pidfd).value();
  const int started =
      child_poll_.start_reading(loop(), child_pidfd_.get(), [this, ended = std::move(ended)] {
        const Result<int> status = wait_status(child());
        child_poll_.close();
        child_pidfd_.reset();
        if (!status.ok()) return fail(status.failure());
        ended(status.value());
      });
  if (started != 0) fail(-started, "watch a child process");
}

void Client::make_first_call() {
  Result<SocketPair> pair = make_socket_pair();
  if (!pair.ok()) return fail(pair.failure());
  first_call_ = std::move(pair).value();
  post(Event::kFirstCallMade);
}

void Client::fork_setup() {
  // Opened on this side of the fork: where it cannot be had, the setup is not to blame.
  Result<Descriptor> null = open_null(O_RDONLY);
  if (!null.ok()) return fail(null.failure());
  setup_input_ = std::move(null).value();
  ask_to_fork([this] { return fork_by_engine_or(::fork); });
}

int Client::execute_setup() {
  close_inherited_descriptors();
  // Standard input is empty and standard output is the caller's standard error: what the script
  // prints while it initialises must not mix with the output of the first call.
  if (const auto placed = place_at(setup_input_.get(), STDIN_FILENO); !placed.ok()) {
    return give_up(placed.failure());
  }
  if (const auto placed = place_at(STDERR_FILENO, STDOUT_FILENO); !placed.ok()) {
    return give_up(placed.failure());
  }
  (void)set_nonblocking(watcher_error_.reading_end.get(), true);
  const SetupVariable variable{socket_file_.modified, listener_.get(), first_call_.theirs.get(),
                               watcher_input_.writing_end.get(), watcher_error_.reading_end.get()};
  for (const int fd :
       {variable.listener, variable.call, variable.watcher_stdin, variable.watcher_stderr}) {
    if (const auto kept = set_close_on_exec(fd, false); !kept.ok()) return give_up(kept.failure());
  }
  setenv("PREFORK_INTERP", encode_setup_variable(variable).c_str(), 1);
  return execute_script();
}

void Client::await_setup() {
  setup_input_.reset();
  first_call_.theirs.reset();
  listener_.reset();
  watcher_input_.writing_end.reset();
  watcher_error_.reading_end.reset();
  call_ = std::move(first_call_.ours);
  child_name_ = "setup";
  await_child([this](int status) {
    child_status_ = status;
    child_name_ = status == 0 ? "invocation" : "setup";
    post(status == 0 ? Event::kSetupSucceeded : Event::kSetupFailed,
         {{"status", static_cast<long>(status)}});
  });
}

}  // namespace prefork
