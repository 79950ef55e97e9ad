#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "actors/container.h"
#include "conmon/small_file.h"
#include "core/retry.h"

namespace prefork {

namespace {

constexpr std::size_t kMostLastWords = std::size_t{1} << 18;
constexpr int kCannotExecute = 127;

/// What an ignored signal would hand down to a program that does not expect it.
void restore_signals() {
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_DFL);
}

int give_up(const std::string& what, int error) {
  Messages::say_plainly("[conmon:e]: " + what + ": " + strerror(error));
  return kCannotExecute;
}

}  // namespace

RuntimePaths Container::runtime_paths() const {
  return {bundle_, pid_file_, terminal_ ? terminal_->socket_path() : ""};
}

void Container::fork_runtime() {
  std::string line = "calling runtime args:";
  for (const std::string& word : runtime_command(options_, runtime_paths())) line += " " + word;
  messages_.trace(line);
  ask_to_fork([] { return fork(); });
}

int Container::execute_runtime() {
  const pid_t monitor = getppid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != monitor) return kCannotExecute;
  if (!passes_streams_through()) {
    Result<Descriptor> null = open_null(O_RDWR);
    if (!null.ok()) return give_up(null.failure().what, null.failure().error);
    const auto or_null = [&](const Descriptor& one) {
      return one.valid() ? one.get() : null.value().get();
    };
    struct Placing {
      int fd;
      int target;
      bool is_callers;  // the early version hands its own on
    };
    const bool is_early = options_.is_early();
    for (const Placing& placing :
         {Placing{or_null(input_pipe_.reading_end), STDIN_FILENO,
                  is_early && !input_pipe_.reading_end.valid()},
          Placing{or_null(output_pipe_.writing_end), STDOUT_FILENO, is_early && options_.terminal},
          Placing{or_null(error_pipe_.writing_end), STDERR_FILENO,
                  is_early && options_.terminal}}) {
      if (placing.is_callers) continue;
      const auto placed = place_at(placing.fd, placing.target);
      if (!placed.ok()) return give_up(placed.failure().what, placed.failure().error);
    }
  }
  const char* listen_pid = std::getenv("LISTEN_PID");
  if (listen_pid != nullptr &&
      (options_.replace_listen_pid || listen_pid == std::to_string(monitor))) {
    setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
  }
  oom_score_.restore();
  restore_signals();
  const int error = execute_command(runtime_command(options_, runtime_paths()));
  return give_up("Failed to execute runtime " + *options_.runtime, error);
}

void Container::supervise_runtime() {
  runtime_ = child();
  output_pipe_.writing_end.reset();
  error_pipe_.writing_end.reset();
  input_pipe_.reading_end.reset();
  if (terminal_) terminal_->start_beside();
  if (passes_streams_through()) {
    // The caller waits for their end, which is to be the container's.
    const Result<Descriptor> null = open_null(O_RDWR);
    for (int fd = STDIN_FILENO; null.ok() && fd <= STDERR_FILENO; ++fd) {
      (void)place_at(null.value().get(), fd);
    }
  }
}

void Container::reap_runtime() {
  children_.reap();
  const std::optional<int> end = children_.take_end_of(runtime_);
  if (!end) return post(Event::kRuntimeRunning);
  runtime_ended_ = true;
  runtime_status_ = *end;
  const bool succeeded = exited(*end) && exit_code(*end) == 0;
  post(succeeded ? Event::kRuntimeSucceeded : Event::kRuntimeFailed);
}

void Container::forward_signal() {
  // A pid that has been reaped may be anybody's by now.
  if (container_ > 0) {
    kill(container_, signal_);
  } else if (runtime_ > 0 && !runtime_ended_) {
    kill(runtime_, signal_);
  }
}

void Container::read_container_pid() {
  const Result<std::string> text = read_small_file(pid_file_);
  if (!text.ok()) {
    return fail(0, "Failed to read pidfile: " + text.failure().message());
  }
  const int pid = std::atoi(text.value().c_str());
  if (pid <= 0) return fail(0, "Failed to read pidfile: no pid is in " + pid_file_);
  container_ = pid;
  messages_.debug("container PID: " + std::to_string(pid));
  children_.forget_others(pid);
  post(Event::kContainerPidRead);
}

const char* Container::result_key() const {
  if (options_.has_api) return "data";
  return options_.exec ? "exit_code" : "pid";
}

void Container::report_container_pid() {
  sync_pipe_.send(sync_message(result_key(), container_));
  post(Event::kContainerPidReported);
}

void Container::describe_failed_runtime() {
  has_runtime_failed_ = true;
  remember(Failure{0, "Failed to create container: exit status " +
                          std::to_string(exit_status_of(runtime_status_))});
}

void Container::describe_missing_terminal() {
  remember(Failure{0, "Runtime did not set up terminal"});
}

void Container::collect_last_words() {
  // Without waiting: an orphan of the runtime may hold the pipe open for ever.
  while (error_pipe_.reading_end.valid() && last_words_.size() < kMostLastWords) {
    char bytes[4096];
    const ssize_t count =
        retry_on_eintr([&] { return read(error_pipe_.reading_end.get(), bytes, sizeof bytes); });
    if (count <= 0) break;
    last_words_.append(bytes, static_cast<std::size_t>(count));
  }
  error_pipe_.reading_end.reset();
}

void Container::report_creation_failure() {
  std::string text = last_words_;
  // Where the runtime has failed without a word there is nothing to add.
  if (text.empty() && !has_runtime_failed_) text = failure().message();
  sync_pipe_.send(sync_message(result_key(), -1, text));
}

void Container::report_failure() {
  if (is_plain_failure_) return Messages::say_plainly(failure().message());
  messages_.error(failure().message());
}

void Container::warn_of_failure() {
  messages_.warn(failure().message());
  forget_failure();
}

}  // namespace prefork
