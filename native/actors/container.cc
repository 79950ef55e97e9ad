#include "actors/container.h"

#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "conmon/journal.h"
#include "conmon/log_file.h"
#include "conmon/small_file.h"
#include "core/environment.h"
#include "core/run_directory.h"

namespace prefork {

namespace {

constexpr char kVersion[] = "conmon version 2.2.1\ncommit: prefork-interp\n";
constexpr std::size_t kLabelIdLength = 20;

std::string current_directory() {
  char* path = get_current_dir_name();
  const std::string text = path == nullptr ? "." : path;
  std::free(path);
  return text;
}

void print(const std::string& text) { (void)!write(STDOUT_FILENO, text.data(), text.size()); }

const std::string* pointer_to(const std::optional<std::string>& text) {
  return text ? &*text : nullptr;
}

}  // namespace

Container::Container(Loop& loop, int word_count, char** words)
    : Actor(loop), word_count_(word_count), words_(words) {
  RunDirectoryRules rules = run_directory_rules();
  // The user database would take longer to ask than all the rest of the start.
  rules.home = get_variable("HOME");
  process_trace().set_run_directory(expected_run_directory(rules));
}

int Container::status() const {
  if (container_ == -1) return 1;
  if (options_.is_early()) return 0;
  return is_timed_out_ ? 255 : container_status_;
}

void Container::read_command_line() {
  Result<ContainerOptions> parsed = parse_container_options(word_count_, words_);
  if (!parsed.ok()) {
    is_plain_failure_ = true;
    return fail(0, "conmon: option parsing failed: " + parsed.failure().message());
  }
  options_ = std::move(parsed).value();
  if (options_.help) return post(Event::kHelpAsked);
  post(options_.version ? Event::kVersionAsked : Event::kOptionsRead);
}

void Container::print_help() { print(container_help()); }

void Container::print_version() { print(kVersion); }

void Container::set_up_messages() {
  if (options_.log_level) {
    if (const auto level = parse_message_level(*options_.log_level)) messages_.set_level(*level);
  }
  if (!options_.container_id || !(options_.syslog || options_.is_early())) return;
  std::string label = options_.container_id->substr(0, kLabelIdLength);
  if (options_.log_tag) label += ": " + *options_.log_tag;
  messages_.use_syslog(label, !options_.syslog);
}

void Container::check_options() {
  // First, for it is in syslog that a complaint about the others is looked for.
  set_up_messages();
  const auto complain = [this](const Complaint& complaint) {
    is_plain_failure_ = complaint.is_bare;
    fail(0, complaint.text);
  };
  if (const auto wrong = prefork::check_options(options_)) return complain(*wrong);
  LogDestinations parsed = parse_log_destinations(options_);
  if (parsed.complaint) return complain(*parsed.complaint);
  if (const auto wrong = check_log_options(options_, parsed.list)) return complain(*wrong);
  destinations_ = std::move(parsed.list);

  const bool has_journal =
      std::any_of(destinations_.begin(), destinations_.end(),
                  [](const LogDestination& one) { return one.driver == LogDriver::kJournal; });
  if (options_.no_partial_message && !has_journal) {
    messages_.warn("--no-container-partial-message has no effect without journald log driver");
  }

  current_directory_ = current_directory();
  if (options_.bundle) {
    bundle_ = *options_.bundle;
  } else if (!options_.exec) {
    bundle_ = current_directory_;
  }
  pid_file_ = options_.container_pid_file
                  ? *options_.container_pid_file
                  : current_directory_ + "/pidfile-" + *options_.container_id;
  post(Event::kOptionsValid);
}

bool Container::passes_streams_through() const {
  return std::any_of(destinations_.begin(), destinations_.end(), [](const LogDestination& one) {
    return one.driver == LogDriver::kPassthrough;
  });
}

bool Container::opens_doors() {
  return !bundle_.empty() && !options_.is_early() && !passes_streams_through();
}

void Container::open_logs() {
  for (const LogDestination& destination : destinations_) {
    Result<std::unique_ptr<LogSink>> sink = make_sink(destination);
    if (!sink.ok()) {
      return fail(0, std::string("Failed to open log file ") + strerror(sink.failure().error));
    }
    if (sink.value() == nullptr) continue;
    outlet_.logs.push_back(std::make_unique<Log>(loop(), std::move(sink).value(), messages_));
    outlet_.logs.back()->start_beside();
  }
  post(Event::kLogsOpened);
}

Result<std::unique_ptr<LogSink>> Container::make_sink(const LogDestination& destination) {
  std::unique_ptr<LogFormat> format;
  switch (destination.driver) {
    case LogDriver::kNone:
    case LogDriver::kPassthrough:
      return std::unique_ptr<LogSink>();
    case LogDriver::kJournal: {
      JournalFields fields = {*options_.container_id, pointer_to(options_.log_tag),
                              pointer_to(options_.name), options_.log_labels,
                              !options_.no_partial_message};
      auto journal = std::make_unique<Journal>(fields);
      if (const auto opened = journal->open(); !opened.ok()) return opened.failure();
      return std::unique_ptr<LogSink>(std::move(journal));
    }
    case LogDriver::kFile:
      format = std::make_unique<K8sFormat>();
      break;
    case LogDriver::kEarlyFile:
      format = std::make_unique<EarlyFormat>();
      break;
    case LogDriver::kJsonFile:
      format = std::make_unique<JsonFormat>(pointer_to(options_.log_tag), options_.log_labels);
      break;
  }
  LogFileLimits limits = {
      options_.log_size_max,  options_.log_global_size_max,     options_.log_rotate,
      options_.log_max_files, options_.log_allowed_directories, !options_.no_sync_log};
  auto file = LogFile::open(destination.path, std::move(format), std::move(limits));
  if (!file.ok()) return file.failure();
  return std::unique_ptr<LogSink>(std::move(file).value());
}

void Container::open_loop() {
  // A caller that has gone, and a log that is too large, show as errors of write().
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  if (const int opened = loop().open(); opened != 0) return fail(-opened, "open event loop");
  const auto watch = [this](int signal, std::function<void()> callback) {
    signals_.push_back(std::make_unique<SignalWatch>());
    return signals_.back()->start(loop(), signal, std::move(callback));
  };
  int started = 0;
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT}) {
    if (started == 0) {
      started = watch(signal, [this, signal] {
        signal_ = signal;
        post(Event::kSignalArrived);
      });
    }
  }
  // The latter two mean nothing to a monitor, but must not end it.
  for (const int signal : {SIGCHLD, SIGHUP, SIGUSR1}) {
    if (started == 0) started = watch(signal, [this] { post(Event::kChildrenChanged); });
  }
  if (started != 0) return fail(-started, "watch signals");
  post(Event::kLoopOpened);
}

void Container::guard_against_oom() {
  const Result<void> lowered = oom_score_.lower();
  if (!lowered.ok()) messages_.debug(lowered.failure().message());
}

void Container::await_start() {
  Result<std::optional<Descriptor>> pipe = take_pipe("_OCI_STARTPIPE");
  if (!pipe.ok()) return fail(pipe.failure());
  if (!pipe.value()) return post(Event::kStartReleased);
  start_pipe_ = std::move(*pipe.value());
  await_byte();
}

/// A byte, or the end, releases what waits.
void Container::await_byte() {
  const auto release = [this] {
    char byte;
    (void)!read(start_pipe_.get(), &byte, 1);
    start_poll_.close();
    if (!options_.exec_attach) start_pipe_.reset();
    post(Event::kStartReleased);
  };
  // What cannot be waited for can be read.
  if (start_poll_.start_reading(loop(), start_pipe_.get(), release) != 0) release();
}

void Container::fork_daemon() {
  ask_to_fork([] { return fork(); });
}

void Container::write_monitor_pid() {
  if (options_.monitor_pid_file) {
    const auto written =
        write_small_file(*options_.monitor_pid_file, std::to_string(child()), false);
    if (!written.ok()) return fail(written.failure());
  }
  post(Event::kPidWritten);
}

}  // namespace prefork
