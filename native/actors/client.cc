#include "actors/client.h"

#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstring>
#include <memory>
#include <utility>

#include "core/environment.h"
#include "core/identity.h"
#include "core/lock.h"
#include "core/tidy.h"

extern char** environ;

namespace prefork {

namespace {

constexpr std::uint64_t kConnectRetryMilliseconds = 10;

// What a terminal or another process may send to steer a script. A signal that this process
// ignores (nohup) is left ignored; one that reports a fault of this process is not for the script.
constexpr int kForwardedSignals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,   SIGUSR1, SIGUSR2,
                                     SIGALRM, SIGTSTP, SIGCONT, SIGVTALRM, SIGPROF, SIGWINCH};

bool is_ignored(int signal) {
  struct sigaction action = {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

void report(const std::string& text) {
  const std::string line = "prefork-interp: " + text + "\n";
  // Nowhere to report a failed report to.
  (void)!write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

Client::Client(Loop& loop, int argument_count, char** arguments)
    : Actor(loop), argument_count_(argument_count), arguments_(arguments) {}

// Guards

bool Client::is_switched_off() { return is_switched_on("PREFORK_INTERP_OFF"); }
bool Client::must_not_connect() { return command_line_.mode != Mode::kRun; }
bool Client::must_kill() { return command_line_.mode == Mode::kKill; }
bool Client::is_strict() { return is_switched_on("PREFORK_INTERP_STRICT"); }
bool Client::child_exited() { return exited(child_status_); }

bool Client::monitor_takes_signals() { return greeting_->is_marked(); }

bool Client::child_died_quietly() {
  if (!was_killed(child_status_) || dumped_core(child_status_)) return false;
  const int signal = killing_signal(child_status_);
  return signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGPIPE ||
         signal == SIGKILL;
}

// Finding the server

void Client::read_command_line() {
  // The variable speaks to a script that is being set up; nobody we start is meant but the setup.
  unsetenv("PREFORK_INTERP");
  Result<CommandLine> line =
      parse_command_line(std::vector<std::string>(arguments_ + 1, arguments_ + argument_count_));
  if (!line.ok()) {
    remember(line.failure());
    return post(Event::kUsageWrong);
  }
  command_line_ = std::move(line).value();
  if (command_line_.mode == Mode::kHelp) return post(Event::kHelpRequested);
  if (const std::optional<std::string> text = get_variable("PREFORK_INTERP_TIMEOUT")) {
    const Result<std::uint64_t> timeout = parse_timeout_milliseconds(*text);
    if (!timeout.ok()) {
      remember(timeout.failure());
      return post(Event::kUsageWrong);
    }
    timeout_milliseconds_ = timeout.value();
  }
  post(Event::kCommandLineRead);
}

void Client::print_help() { (void)!write(STDOUT_FILENO, usage_text(), strlen(usage_text())); }

void Client::open_loop() {
  const int opened = loop().open();
  if (opened != 0) return fail(-opened, "open event loop");
  post(Event::kLoopOpened);
}

void Client::start_timeout() {
  if (!timeout_milliseconds_) return;
  timeout_timer_.start(loop(), *timeout_milliseconds_, [this] {
    remember(Failure{ETIMEDOUT, "wait for the greeting of a server"});
    post(Event::kTimedOut);
  });
}

void Client::find_run_directory() {
  Result<RunDirectory> found = prefork::find_run_directory(run_directory_rules());
  if (!found.ok()) return fail(found.failure());
  run_directory_ = std::move(found).value();
  process_trace().set_run_directory(run_directory_.path);
  post(run_directory_.warning.empty() ? Event::kRunDirectoryFound : Event::kFallbackFound);
}

void Client::warn_of_fallback() { report("warning: " + run_directory_.warning); }

void Client::compute_identity() {
  const Result<std::string> ident = socket_ident(command_line_, run_directory_.path);
  if (!ident.ok()) {
    remember(ident.failure());
    // A name that the caller chose is the caller's to change; a path too long is ours to do
    // without.
    return post(command_line_.ident ? Event::kIdentityRefused : Event::kFailed);
  }
  socket_path_ = run_directory_.socket_path(ident.value());
  lock_path_ = run_directory_.lock_path(ident.value());
  post(Event::kIdentityComputed);
}

void Client::connect() {
  Result<Descriptor> connected = connect_to(socket_path_);
  if (connected.ok()) {
    call_ = std::move(connected).value();
    return post(Event::kConnected);
  }
  switch (connected.failure().error) {
    case ENOENT:
    case ECONNREFUSED:
      return post(Event::kAbsent);
    case EAGAIN:
      return post(Event::kBacklogFull);
    default:
      return fail(connected.failure());
  }
}

void Client::start_retry_timer() {
  retry_timer_.start(loop(), kConnectRetryMilliseconds, [this] { post(Event::kRetryDue); });
}

void Client::read_greeting() {
  greeting_.emplace();
  const int started = call_poll_.start_reading(loop(), call_.get(), [this] { feed_greeting(); });
  if (started != 0) fail(-started, "watch the connection to the server");
}

void Client::feed_greeting() {
  const WireOutcome outcome = greeting_->feed(call_.get());
  if (outcome == WireOutcome::kIncomplete) return;
  call_poll_.close();
  switch (outcome) {
    case WireOutcome::kComplete:
      timeout_timer_.close();
      if (was_declined()) return post(Event::kDeclined);
      return post(Event::kGreeted);
    case WireOutcome::kEndOfFile:
      call_.reset();
      return post(Event::kAbsent);
    case WireOutcome::kGarbage:
      remember(greeting_->failure());
      return post(Event::kGarbageReceived);
    default:
      return fail(greeting_->failure());
  }
}

bool Client::was_declined() {
  std::optional<std::string> refusal = greeting_->refusal();
  // The setup declines when it finds that forks do not work; the monitor that it forked meanwhile
  // may have greeted before. The setup has ended since then: its word is here already, or there is
  // none.
  const bool has_forked_setup = child() > 0;
  if (!refusal && has_forked_setup && greeting_follows(call_.get())) {
    GreetingReader second;
    if (second.feed(call_.get()) == WireOutcome::kComplete) refusal = second.refusal();
  }
  if (refusal) remember(Failure{0, *refusal});
  return refusal.has_value();
}

void Client::tidy_run_directory() {
  const Result<TidyReport> tidied = prefork::tidy_run_directory(run_directory_.path);
  if (!tidied.ok()) return fail(tidied.failure());
  post(Event::kTidied);
}

// The lock

void Client::try_lock() {
  Result<Descriptor> opened = open_lock(lock_path_);
  if (!opened.ok()) return fail(opened.failure());
  lock_ = std::move(opened).value();
  const Result<bool> taken = prefork::try_lock(lock_.get());
  if (taken.ok() && !taken.value()) return post(Event::kLockBusy);
  take_lock_result(taken);
}

void Client::await_lock() {
  // The kernel has no way to poll for a lock, so a thread waits for it.
  auto outcome = std::make_shared<Result<void>>();
  const int fd = lock_.get();
  const int started = run_on_thread(
      loop(), [outcome, fd] { *outcome = lock_blocking(fd); },
      [this, outcome] {
        take_lock_result(outcome->ok() ? Result<bool>(true) : Result<bool>(outcome->failure()));
      });
  if (started != 0) fail(-started, "start a thread to wait for the lock");
}

void Client::take_lock_result(const Result<bool>& taken) {
  if (!taken.ok()) return fail(taken.failure());
  const Result<bool> current = is_still_at(lock_.get(), lock_path_);
  if (!current.ok()) return fail(current.failure());
  post(current.value() ? Event::kLocked : Event::kLockReplaced);
}

void Client::release_lock() { lock_.reset(); }

// The call

void Client::remember_streams() { streams_.remember(); }
void Client::put_back_streams() { streams_.put_back(); }

void Client::send_request() {
  // The Perl library insists on zero beside a descriptor; a monitor that says more of itself in its
  // greeting wants to know that the arguments begin after the script.
  const char mark = monitor_takes_signals() ? kOurMark : '\0';
  request_.emplace(std::array<int, 3>{STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO},
                   encode_message(environ, command_line_.arguments), mark);
  feed_request();
}

void Client::feed_request() {
  const WireOutcome outcome = request_->feed(call_.get());
  if (outcome == WireOutcome::kIncomplete) {
    if (call_poll_.is_open()) return;
    const int started = call_poll_.start_writing(loop(), call_.get(), [this] { feed_request(); });
    if (started != 0) fail(-started, "watch the connection to the monitor");
    return;
  }
  call_poll_.close();
  if (outcome == WireOutcome::kPeerGone) return post(Event::kMonitorGone);
  if (outcome != WireOutcome::kComplete) return fail(request_->failure());
  request_.reset();
  post(Event::kRequestSent);
}

void Client::hold_signals() {
  for (const int signal : kForwardedSignals) {
    if (!is_ignored(signal)) sigaddset(&held_signals_, signal);
  }
  sigprocmask(SIG_BLOCK, &held_signals_, nullptr);
}

void Client::watch_signals() {
  signals_ = Descriptor(signalfd(-1, &held_signals_, SFD_NONBLOCK | SFD_CLOEXEC));
  const bool watched =
      signals_.valid() &&
      signals_poll_.start_reading(loop(), signals_.get(), [this] { take_signals(); }) == 0;
  // Without a watch the signals act on this process, as they do for a server that takes none.
  if (!watched) sigprocmask(SIG_UNBLOCK, &held_signals_, nullptr);
}

void Client::take_signals() {
  signalfd_siginfo info;
  while (read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    const int signal = static_cast<int>(info.ssi_signo);
    // The terminal signals a whole process group; kill() means one process.
    const bool from_terminal = info.ssi_code == SI_KERNEL;
    arrived_signals_.push_back(
        SignalFrame{signal, from_terminal ? SignalScope::kGroup : SignalScope::kProcess});
    post(signal == SIGTSTP ? Event::kStopArrived : Event::kSignalArrived,
         {{"signal", static_cast<long>(signal)}});
    if (done()) return;
  }
}

void Client::forward_signal() {
  const SignalFrame frame = arrived_signals_.front();
  arrived_signals_.pop_front();
  // A monitor that has gone shows as the end of the connection; one that does not read has so many
  // signals waiting that one more makes no difference.
  Failure failure;
  (void)send_signal(call_.get(), frame, &failure);
}

void Client::stop_self() {
  // By the signal that came, so that the shell tells the same as of the script itself. It is
  // blocked because a descriptor reads it: it acts, and the process stops, as soon as it is not.
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  raise(SIGTSTP);
  sigprocmask(SIG_UNBLOCK, &stop, nullptr);
  sigprocmask(SIG_BLOCK, &stop, nullptr);
}

void Client::read_status() {
  const int started = call_poll_.start_reading(loop(), call_.get(), [this] { feed_status(); });
  if (started != 0) fail(-started, "watch the connection to the monitor");
}

void Client::feed_status() {
  const WireOutcome outcome = status_.feed(call_.get());
  if (outcome == WireOutcome::kIncomplete) return;
  call_poll_.close();
  if (outcome == WireOutcome::kEndOfFile) return post(Event::kMonitorGone);
  if (outcome != WireOutcome::kComplete) return fail(status_.failure());
  child_status_ = status_.wait_status();
  post(Event::kStatusReceived, {{"status", static_cast<long>(child_status_)}});
}

// Ending

void Client::exit_as_child() { exit_status_ = exit_code(child_status_); }

void Client::raise_as_child() { killing_signal_ = killing_signal(child_status_); }

int Client::end_as_child() {
  if (killing_signal_ == 0) return exit_status_;
  // Returns only where this process survives the signal, as the first process of a container does.
  (void)raise_default(killing_signal_);
  return 128 + killing_signal_;
}

Ending Client::ending() const { return {exit_status_, killing_signal_}; }

TraceFacts Client::trace_facts() const {
  TraceFacts facts{socket_path_, command_line_.script.value_or(""), 0};
  if (!facts.script.empty() && facts.script[0] != '/') {
    char directory[PATH_MAX];
    const bool is_known = getcwd(directory, sizeof directory) != nullptr;
    facts.script = is_known ? std::string(directory) + "/" + facts.script : "";
  }
  return facts;
}

void Client::report_signal() {
  const int signal = killing_signal(child_status_);
  report(std::string(child_name_) + " failed due to signal " + std::to_string(signal) + " " +
         signal_name(signal) + (dumped_core(child_status_) ? " (core dumped)" : ""));
}

void Client::report_failure() { report(failure().message()); }

void Client::report_lost_monitor() {
  report(
      "the process that watches over the script quit unexpectedly; how the script ended is not "
      "known");
}

void Client::report_silent_script() {
  report(
      "setup failed: the script ended without a call of initialisationComplete() (or what it is "
      "called in its language)");
}

void Client::warn_of_direct_run() {
  report("running the script without a server: " + failure().message());
}

int Client::execute_script() {
  std::vector<char*> words;
  words.push_back(command_line_.interpreter.data());
  if (command_line_.script) words.push_back(command_line_.script->data());
  for (std::string& argument : command_line_.arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  execvp(words[0], words.data());
  return give_up(Failure{errno, "execute interpreter " + command_line_.interpreter});
}

int Client::give_up(const Failure& failure) {
  report(failure.message());
  return 127;
}

}  // namespace prefork
