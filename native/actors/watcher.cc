#include "actors/watcher.h"

#include <unistd.h>

#include <utility>

#include "core/abandoned.h"

namespace prefork {

Watcher::Watcher(Loop& loop, WatcherInheritance inheritance)
    : Actor(loop), held_(std::move(inheritance)) {}

void Watcher::set_up_watch() {
  // Only the server ever holds the writing end and it never writes, so readable means: closed.
  int started = input_poll_.start_reading(loop(), held_.standard_input.get(),
                                          [this] { post(Event::kServerGone); });
  if (started != 0) return fail(-started, "watcher: poll standard input");
  started = watch_socket();
  // The client has given up already, or another caller has removed the socket.
  if (started == UV_ENOENT) return post(Event::kSocketReplaced);
  if (started != 0) return fail(-started, "watcher: watch " + held_.socket_path);
  post(Event::kWatchSetUp);
}

int Watcher::watch_socket() {
  return socket_watch_.start(loop(), held_.socket_path.c_str(),
                             [this] { post(Event::kSocketTouched); });
}

void Watcher::fork_daemon() {
  // The child would take the watch over by the path, and could not if that has gone meanwhile.
  socket_watch_.close();
  ask_to_fork([this] { return fork_by_engine_or(::fork); });
}

void Watcher::lead_session() {
  if (setsid() < 0) return fail(errno, "watcher: setsid");
  // Nothing may be kept busy by a process that nobody sees: neither a directory nor a terminal.
  (void)!chdir("/");
  const int error = held_.standard_error.get();
  for (const auto& [fd, target] :
       {std::pair{held_.standard_input.get(), STDIN_FILENO}, std::pair{error, STDOUT_FILENO},
        std::pair{error, STDERR_FILENO}}) {
    if (const auto placed = place_at(fd, target); !placed.ok()) return fail(placed.failure());
  }
  // The copies are all it keeps: its end of the pipe to the server closes when it ends.
  input_poll_.close();
  held_.standard_input.reset();
  held_.standard_error.reset();
  int started =
      input_poll_.start_reading(loop(), STDIN_FILENO, [this] { post(Event::kServerGone); });
  if (started != 0) return fail(-started, "watcher: poll standard input");
  started = watch_socket();
  if (started == UV_ENOENT) return post(Event::kSocketReplaced);
  if (started != 0) return fail(-started, "watcher: watch " + held_.socket_path);
  post(Event::kSessionLed);
}

void Watcher::check_socket() {
  // Also looked at once before the first event: what happened between the client's bind and the
  // kernel's watch, or while the daemon took the watch over, left no event.
  const Result<SocketFile> now = stat_socket(held_.socket_path);
  if (!now.ok()) {
    if (now.failure().error != ENOENT) return fail(now.failure());
    return post(Event::kSocketReplaced);
  }
  post(same_socket(now.value(), held_.socket_file) ? Event::kSocketUnchanged
                                                   : Event::kSocketReplaced);
}

void Watcher::remove_abandoned_files() {
  remove_abandoned(held_.socket_path, held_.lock_path,
                   [this](const SocketFile& file) { return same_socket(file, held_.socket_file); });
}

void Watcher::report_failure() {
  const std::string line = failure().message() + "\n";
  (void)!write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace prefork
