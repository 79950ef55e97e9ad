#include "actors/server.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/abandoned.h"
#include "core/local_socket.h"
#include "core/retry.h"
#include "core/wire.h"

namespace prefork {

namespace {

// libuv's timers and the kernel's clocks hold this much; it stands for "as good as never".
constexpr double kLongestMilliseconds = 1e15;

std::uint64_t to_milliseconds(double seconds) {
  return static_cast<std::uint64_t>(std::min(seconds * 1000, kLongestMilliseconds));
}

}  // namespace

Server::Server(Loop& loop, ScriptHost& host, ServerOptions options)
    : Actor(loop), host_(host), options_(std::move(options)) {}

// Guards

bool Server::is_unsupported() { return !options_.unsupported.empty(); }
// Something in the script's process, which its author can change; no lack of the system's.
bool Server::is_in_the_way() { return failure().error == 0; }
bool Server::is_strict() { return is_switched_on("PREFORK_INTERP_STRICT"); }

bool Server::calls_running() { return calls() > 0; }
bool Server::no_children() { return children_.empty(); }
bool Server::too_many_errors() { return errors_ > options_.most_errors; }

bool Server::at_limit() {
  return options_.most_calls >= 0 && calls() >= static_cast<size_t>(options_.most_calls);
}

bool Server::monitor_failed() {
  const int status = children_.at(exited_.front()).status;
  return status != 0 && !(was_killed(status) && killing_signal(status) == SIGPIPE);
}

size_t Server::calls() const { return children_.size() - (standby_ ? 1 : 0); }

void Server::start_serving() {
  int started = listener_poll_.start_reading(loop(), listener_.get(),
                                             [this] { post(Event::kConnectionWaiting); });
  if (started == 0) {
    started = watcher_poll_.start_reading(loop(), watcher_stderr_.get(),
                                          [this] { post(Event::kWatcherSpoke); });
  }
  if (started != 0) return fail(-started, "watch for calls");
  post(Event::kServingStarted);
}

// Serving

void Server::start_idle_timer() {
  if (options_.idle_timeout < 0) return;
  idle_timer_.start(loop(), to_milliseconds(options_.idle_timeout), [this] { post(Event::kIdle); });
}

void Server::stop_idle_timer() { idle_timer_.stop(); }

void Server::pause_listening() { listener_poll_.stop(); }

void Server::pause_watching() {
  listener_poll_.stop();
  watcher_poll_.stop();
}

void Server::resume_watching() {
  (void)listener_poll_.resume();
  (void)watcher_poll_.resume();
}

void Server::resume_listening() {
  // Only fails for a descriptor that epoll refuses, and it has taken this one before.
  (void)listener_poll_.resume();
}

void Server::stop_serving() {
  listener_poll_.close();
  listener_.reset();
  watcher_poll_.close();
}

void Server::accept_call() {
  Result<Descriptor> accepted = accept_from(listener_.get());
  if (accepted.ok()) {
    call_ = std::move(accepted).value();
    return post(Event::kAccepted);
  }
  const int error = accepted.failure().error;
  if (error == EAGAIN || error == ECONNABORTED) return post(Event::kNothingToAccept);
  fail(accepted.failure());
}

void Server::close_call() { call_.reset(); }
void Server::count_error() { ++errors_; }
void Server::forget_errors() { errors_ = 0; }

void Server::fork_monitor() {
  ask_to_fork([this] { return fork_by_engine_or([this] { return host_.fork_again(); }); },
              [this](pid_t pid) {
                // The monitor has its own copy; ours goes first, so that one number is free for the
                // pidfd.
                call_.reset();
                watch_child(pid);
              });
}

void Server::watch_child(pid_t pid) {
  Child& child = children_[pid];
  Result<Descriptor> pidfd = open_pidfd(pid);
  if (!pidfd.ok()) return lose_sight_of(pid, pidfd.failure());
  child.pidfd = std::move(pidfd).value();
  const int started =
      child.poll.start_reading(loop(), child.pidfd.get(), [this, pid] { tell_of_end(pid); });
  if (started != 0) lose_sight_of(pid, Failure{-started, "watch a child"});
}

void Server::tell_of_end(pid_t pid) {
  Child& ended = children_.at(pid);
  const Result<int> status = wait_status(pid);
  ended.status = status.ok() ? status.value() : 0;
  ended.poll.close();
  ended.pidfd.reset();
  const Notes notes = {{"child", static_cast<long>(pid)},
                       {"status", static_cast<long>(ended.status)}};
  if (standby_ == pid) return post(Event::kStandbyExited, notes);
  exited_.push_back(pid);
  post(Event::kMonitorExited, notes);
}

void Server::lose_sight_of(pid_t pid, const Failure& failure) {
  // A call goes on; one that is not seen to end must not count against the limit for ever.
  report(LOG_ERR, failure.message());
  children_.erase(pid);
}

void Server::reap_monitor() {
  children_.erase(exited_.front());
  exited_.pop_front();
}

void Server::log_failed_monitor() { log_failed("monitor", exited_.front()); }

void Server::log_failed(const std::string& what, pid_t pid) {
  report(LOG_WARNING, what + " process [" + std::to_string(pid) + "] failed with wait status " +
                          std::to_string(children_.at(pid).status));
}

void Server::read_watcher() {
  char text[2048];
  const ssize_t length =
      retry_on_eintr([&] { return read(watcher_stderr_.get(), text, sizeof text); });
  if (length == 0) return post(Event::kSocketLost);
  if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return post(Event::kNothingRead);
  if (length < 0) return fail(errno, "read from the watcher");
  std::string complaint(text, static_cast<size_t>(length));
  while (!complaint.empty() && complaint.back() == '\n') complaint.pop_back();
  remember(Failure{0, "watcher: " + complaint});
  post(Event::kWatcherComplained, {{"what", failure().what}});
}

// Ending

void Server::remove_abandoned_files() {
  const size_t name = socket_path_.rfind('/') + 1;
  if (name == 0 || socket_path_[name] != 's') return;
  std::string lock_path = socket_path_;
  lock_path[name] = 'l';
  // The file's time is what the client told this server when it started it.
  remove_abandoned(socket_path_, lock_path, [this](const SocketFile& file) {
    return file.modified.tv_sec == started_.tv_sec && file.modified.tv_nsec == started_.tv_nsec;
  });
}

void Server::log_stale() { report(LOG_INFO, "reloading; due to " + stale_file_); }

void Server::log_lost_socket() {
  report(LOG_INFO, "lost socket (fresh start or cleanup?), quitting");
}

void Server::log_idle() { report(LOG_INFO, "no call for a long time, quitting"); }
void Server::log_termination() { report(LOG_INFO, "told to terminate, quitting"); }

void Server::log_error() {
  report(LOG_WARNING, failure().message());
  forget_failure();
}

TraceFacts Server::trace_facts() const { return {socket_path_, options_.script, 0}; }

void Server::report_failure() { report(LOG_ERR, failure().message()); }

void Server::report(int level, const std::string& text) {
  if (!is_attached_) return syslog_.log(level, text);
  const std::string line = "prefork-interp: " + options_.script + ": " + text + "\n";
  (void)!write(STDERR_FILENO, line.data(), line.size());
}

// Leaving the server in a child

void Server::settle_in_child() {
  if (!catches_termination_) return;
  // libuv would leave the default action; the interpreter may have had one of its own.
  termination_watch_.close();
  sigaction(SIGTERM, &termination_action_, nullptr);
}

void Server::let_go() {
  if (!files_) return;
  listener_poll_.close();
  watcher_poll_.close();
  file_list_poll_.close();
  file_list_timer_.close();
  file_list_.reset();
  lull_timer_.close();
  idle_timer_.close();
  freshness_timer_.close();
  standby_timer_.close();
  dismissal_timer_.close();
  handover_poll_.close();
  files_->let_go();
  // What it remembers lies in memory that is shared with the server, and to free it would copy
  // that.
  (void)files_.release();
  children_.clear();
  exited_.clear();
  handover_ = {};
  listener_.reset();
  watcher_stdin_.reset();
  watcher_stderr_.reset();
}

}  // namespace prefork
