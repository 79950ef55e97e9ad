#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "actors/container.h"
#include "conmon/small_file.h"

namespace prefork {

namespace {

constexpr std::uint64_t kGraceMilliseconds = 5000;

}  // namespace

void Container::watch_memory() {
  std::vector<std::string> marks;
  if (options_.persist_directory) marks.push_back(*options_.persist_directory + "/oom");
  if (options_.is_early()) {
    marks.push_back(current_directory_ + "/oom");
  } else if (!bundle_.empty()) {
    marks.push_back(bundle_ + "/oom");
  }
  oom_ = std::make_unique<Oom>(loop(), container_, std::move(marks), messages_);
  oom_->start_beside();
}

void Container::start_stream(Source source, Descriptor output) {
  ++open_streams_;
  streams_.push_back(std::make_unique<Stream>(
      loop(), source, std::move(output),
      Stream::Listeners{[this](Source from, std::string_view bytes) { outlet_.take(from, bytes); },
                        [this] {
                          if (--open_streams_ == 0) post(Event::kStreamsEnded);
                        }}));
  streams_.back()->start_beside();
}

void Container::start_streams() {
  if (terminal_) {
    // The runtime's own errors are no output of the container.
    error_pipe_.reading_end.reset();
    Result<Descriptor> output = duplicate(terminal_->descriptor());
    Result<Descriptor> input = duplicate(terminal_->descriptor());
    if (!output.ok() || !input.ok()) return messages_.error("no descriptor for the terminal");
    start_stream(Source::kOutput, std::move(output).value());
    input_.open(std::move(input).value());
  } else if (output_pipe_.reading_end.valid()) {
    start_stream(Source::kOutput, std::move(output_pipe_.reading_end));
    start_stream(Source::kError, std::move(error_pipe_.reading_end));
  }
}

void Container::start_timeout() {
  if (options_.timeout <= 0) return;
  timeout_timer_.start(loop(), static_cast<std::uint64_t>(options_.timeout) * 1000,
                       [this] { post(Event::kTimeIsUp); });
}

bool Container::is_our_child(pid_t pid) const {
  siginfo_t info = {};
  return waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void Container::reap_container() {
  children_.reap();
  if (const std::optional<int> end = children_.take_end_of(container_)) {
    container_status_ = exit_status_of(*end);
    messages_.info("container " + std::to_string(container_) + " exited with status " +
                   std::to_string(container_status_));
    return post(Event::kContainerExited);
  }
  if (is_our_child(container_)) return post(Event::kContainerRunning);
  // Some service managers take it over. Its end can then be seen, but not how it ended.
  if (!container_pidfd_.valid()) {
    Result<Descriptor> pidfd = open_pidfd(container_);
    if (!pidfd.ok()) return post(Event::kContainerExited);
    container_pidfd_ = std::move(pidfd).value();
    const int started = container_poll_.start_reading(loop(), container_pidfd_.get(),
                                                      [this] { post(Event::kChildrenChanged); });
    if (started != 0) messages_.warn(Failure{-started, "watch the container"}.message());
  }
  post(kill(container_, 0) == 0 || errno == EPERM ? Event::kContainerRunning
                                                  : Event::kContainerExited);
}

void Container::kill_container() {
  is_timed_out_ = true;
  const pid_t group = getpgid(container_);
  const bool is_its_own = group > 1 && group != getpgrp();
  kill(is_its_own ? -group : container_, SIGKILL);
}

void Container::start_grace_timer() {
  grace_timer_.start(loop(), kGraceMilliseconds, [this] { post(Event::kGraceOver); });
}

void Container::check_memory() { oom_->check(); }

template <class Ask>
void Container::end_streams(Ask ask) {
  timeout_timer_.close();
  container_poll_.close();
  if (open_streams_ == 0) return post(Event::kStreamsEnded);
  for (const auto& stream : streams_) ask(*stream);
}

void Container::await_end_of_streams() {
  end_streams([](Stream& stream) { stream.await_end(); });
}

void Container::drain_streams() {
  end_streams([](Stream& stream) { stream.drain(); });
}

void Container::finish_logs() {
  grace_timer_.close();
  outlet_.is_closed = true;
  unfinished_logs_ = outlet_.logs.size();
  if (unfinished_logs_ == 0) return post(Event::kLogsFinished);
  for (const auto& log : outlet_.logs) {
    log->finish([this] {
      if (--unfinished_logs_ == 0) post(Event::kLogsFinished);
    });
  }
}

void Container::flush_clients() {
  if (!outlet_.attach) return post(Event::kClientsFlushed);
  outlet_.attach->flush([this] { post(Event::kClientsFlushed); });
}

void Container::close_doors() {
  input_.close();
  for (const auto& control : controls_) control->close();
  if (notify_) notify_->close();
  if (terminal_) terminal_->close();
  attach_socket_.remove();
}

void Container::close_inherited() { close_inherited_descriptors(); }

void Container::record(const std::string& path) {
  const std::string text = is_timed_out_ ? "-1" : std::to_string(container_status_);
  const Result<void> written = write_small_file(path, text, true);
  if (!written.ok()) return fail(written.failure());
  post(Event::kExitRecorded);
}

void Container::record_persistent_exit() { record(*options_.persist_directory + "/exit"); }

void Container::record_exit() { record(*options_.exit_directory + "/" + *options_.container_id); }

void Container::record_exit_here() { record(current_directory_ + "/exit"); }

void Container::report_exit() {
  if (is_timed_out_) return sync_pipe_.send(sync_message(result_key(), -1, "command timed out"));
  sync_pipe_.send(sync_message(result_key(), container_status_));
}

void Container::fork_exit_command() {
  // Orphans of the command are none of ours.
  prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
  sync_pipe_.close();
  ask_to_fork([] { return fork(); });
}

int Container::execute_exit_command() {
  sleep(static_cast<unsigned>(options_.exit_delay));
  oom_score_.restore();
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_DFL);
  std::vector<std::string> words = {*options_.exit_command};
  words.insert(words.end(), options_.exit_command_arguments.begin(),
               options_.exit_command_arguments.end());
  const int error = execute_command(words);
  Messages::say_plainly("[conmon:e]: Failed to execute exit command: " +
                        std::string(strerror(error)));
  return 127;
}

void Container::reap_exit_command() {
  children_.forget_others(child());
  children_.reap();
  post(children_.take_end_of(child()) ? Event::kExitCommandEnded : Event::kExitCommandRunning);
}

}  // namespace prefork
