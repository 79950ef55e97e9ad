#include "actors/monitor.h"

#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "core/process.h"
#include "core/retry.h"

namespace prefork {

namespace {

// Between the interrupt and the request to terminate, and between that and the kill: together with
// the start of a fresh call, well within five seconds.
constexpr std::uint64_t kGraceMilliseconds = 1800;

}  // namespace

Monitor::Monitor(Loop& loop, Server& server, std::optional<UnderstudyLink> understudy)
    : Actor(loop), server_(server), pid_(getpid()), understudy_(std::move(understudy)) {}

// Guards

bool Monitor::serves_first_call() { return server_.is_attached(); }
bool Monitor::has_understudy() { return understudy_.has_value(); }

// Receiving the request

void Monitor::leave_server() {
  call_ = server_.take_call();
  server_.let_go();
  if (const auto set = set_nonblocking(call_.get(), true); !set.ok()) return fail(set.failure());
  ucred credentials = {};
  socklen_t size = sizeof credentials;
  if (getsockopt(call_.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0) {
    client_pid_ = credentials.pid;
  }
  post(Event::kServerLeft);
}

void Monitor::lead_group() {
  if (setpgid(0, 0) != 0) return fail(errno, "setpgid");
  post(Event::kGroupLed);
}

void Monitor::await_proof() {
  proof_.await(loop(), server_.take_proof(), [this](const std::optional<std::string>& reason) {
    if (reason) return fail(0, *reason);
    post(Event::kForkProved);
  });
}

void Monitor::send_refusal() {
  // Instead of a greeting, so it goes out whole, too.
  Failure why;
  switch (prefork::send_refusal(call_.get(), failure().message(), &why)) {
    case WireOutcome::kComplete:
      return post(Event::kRefusalSent);
    case WireOutcome::kPeerGone:
      return post(Event::kClientGone);
    default:
      return fail(why);
  }
}

void Monitor::send_greeting() {
  // A new connection has room for a greeting, so it goes out whole.
  Failure why;
  switch (send_greeting_with_mark(call_.get(), &why)) {
    case WireOutcome::kComplete:
      return post(Event::kGreetingSent);
    case WireOutcome::kPeerGone:
      return post(Event::kClientGone);
    default:
      return fail(why);
  }
}

void Monitor::receive(std::function<WireOutcome()> read, std::function<void()> received) {
  const WireOutcome outcome = read();
  if (outcome == WireOutcome::kIncomplete) {
    if (call_poll_.is_open()) return;
    const int started = call_poll_.start_reading(
        loop(), call_.get(), [this, read, received] { receive(read, received); });
    if (started != 0) fail(-started, "watch the call");
    return;
  }
  call_poll_.close();
  switch (outcome) {
    case WireOutcome::kComplete:
      return received();
    case WireOutcome::kEndOfFile:
      return post(Event::kClientGone);
    default:
      return fail(request_.failure());
  }
}

void Monitor::receive_signalling_byte() {
  receive([this] { return request_.read_signalling_byte(call_.get()); },
          [this] { post(Event::kSignallingByteReceived); });
}

void Monitor::receive_descriptors() {
  receive(
      [this] {
        WireOutcome outcome = WireOutcome::kComplete;
        while (outcome == WireOutcome::kComplete && descriptors_received_ < 3) {
          outcome = request_.read_descriptor(call_.get(), descriptors_received_);
          if (outcome == WireOutcome::kComplete) ++descriptors_received_;
        }
        return outcome;
      },
      [this] { post(Event::kDescriptorsReceived); });
}

void Monitor::receive_length() {
  receive([this] { return request_.read_length(call_.get()); },
          [this] { post(Event::kLengthReceived); });
}

void Monitor::receive_message() {
  receive([this] { return request_.read_message(call_.get()); },
          [this] {
            Result<Message> decoded = decode_message(request_.message());
            if (!decoded.ok()) return fail(decoded.failure());
            message_ = std::move(decoded).value();
            post(Event::kMessageReceived);
          });
}

// The executor

void Monitor::prompt_understudy() {
  prompt_.emplace(prompt_writer(request_, client_pid_));
  feed_prompt();
}

void Monitor::feed_prompt() {
  const int prompt = understudy_->prompt.get();
  const WireOutcome outcome = prompt_->feed(prompt);
  if (outcome == WireOutcome::kIncomplete) {
    if (prompt_poll_.is_open()) return;
    const int started = prompt_poll_.start_writing(loop(), prompt, [this] { feed_prompt(); });
    if (started != 0) fail(-started, "watch the understudy");
    return;
  }
  prompt_poll_.close();
  if (outcome == WireOutcome::kPeerGone) return post(Event::kUnderstudyGone);
  if (outcome != WireOutcome::kComplete) return fail(prompt_->failure());
  prompt_.reset();
  understudy_->prompt.reset();
  execterm_.reading_end = std::move(understudy_->execterm);
  executor_ = understudy_->pid;
  post(Event::kPrompted, {{"child", static_cast<long>(executor_)}});
}

void Monitor::reap_understudy() {
  kill(understudy_->pid, SIGKILL);
  (void)wait_status(understudy_->pid);
  understudy_.reset();
}

void Monitor::make_execterm() {
  Result<Pipe> pipe = make_pipe();
  if (!pipe.ok()) return fail(pipe.failure());
  execterm_ = std::move(pipe).value();
  post(Event::kExectermMade);
}

void Monitor::fork_executor() {
  ask_to_fork([this] { return fork_by_engine_or(::fork); }, [this](pid_t pid) { executor_ = pid; });
}

void Monitor::supervise_executor() {
  // What the executor has taken over is no longer this process's to hold.
  execterm_.writing_end.reset();
  for (size_t index = 0; index < 3; ++index) request_.descriptor(index).reset();
  message_ = Message{};

  Result<Descriptor> pidfd = open_pidfd(executor_);
  if (!pidfd.ok()) return fail(pidfd.failure());
  executor_pidfd_ = std::move(pidfd).value();
  int started = executor_poll_.start_reading(loop(), executor_pidfd_.get(),
                                             [this] { post(Event::kExecutorExited); });
  if (started == 0) {
    started = call_poll_.start_reading(loop(), call_.get(), [this] { post(Event::kCallReadable); });
  }
  if (started == 0) {
    started = execterm_poll_.start_reading(loop(), execterm_.reading_end.get(),
                                           [this] { post(Event::kExectermReadable); });
  }
  if (started != 0) return fail(-started, "watch the executor");
  post(Event::kSupervising);
}

void Monitor::read_call() {
  switch (signals_.feed(call_.get())) {
    case WireOutcome::kComplete:
      return post(Event::kSignalReceived, {{"signal", static_cast<long>(signals_.frame().number)}});
    case WireOutcome::kIncomplete:
      return post(Event::kCallQuiet);
    default:
      // Gone, or not speaking our language any more: nobody is left to report to either way.
      return post(Event::kClientGone);
  }
}

void Monitor::deliver_signal() {
  const SignalFrame frame = signals_.frame();
  if (frame.scope == SignalScope::kGroup) return signal_group(frame.number);
  // Not reaped yet, so the number is still the executor's.
  kill(executor_, frame.number);
}

void Monitor::signal_group(int signal) {
  // This process is in the group and not meant. A signal sent by a process to itself is there
  // before kill() returns, so it is ignored exactly as long as it must be.
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  struct sigaction before = {};
  sigaction(signal, &ignore, &before);
  kill(0, signal);
  sigaction(signal, &before, nullptr);
}

void Monitor::stop_watching_execterm() { execterm_poll_.close(); }
void Monitor::stop_watching_call() { call_poll_.close(); }

void Monitor::ignore_interrupt() {
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGINT, &ignore, nullptr);
}

void Monitor::interrupt_group() {
  signal_group(SIGINT);
  // A stopped process would not notice.
  kill(0, SIGCONT);
}

void Monitor::terminate_group() { signal_group(SIGTERM); }

void Monitor::kill_group() {
  // This process must outlive its group to reap the executor. It joins the server's; if the server
  // has gone, that group may be gone too, and then nobody waits for this process either.
  const pid_t group = getpgrp();
  (void)setpgid(0, getsid(0));
  kill(-group, SIGKILL);
}

void Monitor::start_grace_timer() {
  grace_timer_.start(loop(), kGraceMilliseconds, [this] { post(Event::kGraceOver); });
}

void Monitor::reap_executor() {
  executor_poll_.close();
  execterm_poll_.close();
  call_poll_.close();
  grace_timer_.close();
  const Result<int> status = wait_status(executor_);
  if (!status.ok()) return fail(status.failure());
  executor_status_ = status.value();
  post(Event::kExecutorReaped, {{"status", static_cast<long>(executor_status_)}});
}

void Monitor::send_status() {
  status_.emplace(executor_status_);
  feed_status();
}

void Monitor::feed_status() {
  const WireOutcome outcome = status_->feed(call_.get());
  if (outcome == WireOutcome::kIncomplete) {
    if (call_poll_.is_open()) return;
    const int started = call_poll_.start_writing(loop(), call_.get(), [this] { feed_status(); });
    if (started != 0) fail(-started, "watch the call");
    return;
  }
  call_poll_.close();
  if (outcome == WireOutcome::kPeerGone) return post(Event::kClientGone);
  if (outcome != WireOutcome::kComplete) return fail(status_->failure());
  post(Event::kStatusSent);
}

void Monitor::reap_keeper() {
  // An executor that was killed has left none.
  while (retry_on_eintr([] { return waitpid(-1, nullptr, 0); }) > 0) {
  }
  post(Event::kKeeperReaped);
}

TraceFacts Monitor::trace_facts() const {
  TraceFacts facts = server_.trace_facts();
  facts.client = client_pid_;
  return facts;
}

void Monitor::report_failure() { server_.report(LOG_ERR, failure().message()); }

Assignment Monitor::take_assignment() {
  return {std::move(request_),
          std::move(message_),
          std::move(execterm_.writing_end),
          pid_,
          client_pid_,
          false,
          trace_facts()};
}

void Monitor::let_go() {
  call_poll_.close();
  execterm_poll_.close();
  executor_poll_.close();
  grace_timer_.close();
  call_.reset();
  execterm_.reading_end.reset();
}

}  // namespace prefork
