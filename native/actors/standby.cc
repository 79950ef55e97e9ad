#include "actors/standby.h"

#include <syslog.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "core/process.h"
#include "core/wire.h"
#include "core/wire_io.h"

namespace prefork {

void Standby::leave_server() {
  handover_ = server_.take_handover();
  server_.let_go();
  const int started = handover_poll_.start_reading(loop(), handover_.get(),
                                                   [this] { post(Event::kHandoverReadable); });
  if (started != 0) return fail(-started, "wait for a call");
  post(Event::kServerLeft);
}

void Standby::lead_group() {
  if (setpgid(0, 0) != 0) return fail(errno, "setpgid");
  post(Event::kGroupLed);
}

void Standby::make_execterm() {
  Result<Pipe> pipe = make_pipe();
  if (!pipe.ok()) return fail(pipe.failure());
  execterm_ = std::move(pipe).value();
  post(Event::kExectermMade);
}

void Standby::fork_understudy() {
  Result<SocketPair> pair = make_socket_pair();
  if (!pair.ok()) return fail(pair.failure());
  prompt_ = std::move(pair).value();
  ask_to_fork([this] { return fork_by_engine_or(::fork); },
              [this](pid_t pid) { watch_understudy(pid); });
}

void Standby::watch_understudy(pid_t pid) {
  understudy_ = pid;
  execterm_.writing_end.reset();
  prompt_.theirs.reset();
  Result<Descriptor> pidfd = open_pidfd(pid);
  if (!pidfd.ok()) return remember(pidfd.failure());
  understudy_pidfd_ = std::move(pidfd).value();
  int started = understudy_poll_.start_reading(loop(), understudy_pidfd_.get(), [this] {
    understudy_poll_.close();
    post(Event::kUnderstudyExited, {{"child", static_cast<long>(understudy_)}});
  });
  if (started == 0) {
    started = prompt_poll_.start_reading(loop(), prompt_.ours.get(), [this] { hear_understudy(); });
  }
  // It is never ready then, and ends with this process.
  if (started != 0) remember(Failure{-started, "watch the understudy"});
}

void Standby::hear_understudy() {
  const WireOutcome heard = receive_ready(prompt_.ours.get());
  if (heard == WireOutcome::kIncomplete) return;
  prompt_poll_.close();
  if (heard == WireOutcome::kComplete) post(Event::kUnderstudyReady);
}

void Standby::report_ready() {
  Failure why;
  switch (send_ready(handover_.get(), &why)) {
    case WireOutcome::kComplete:
      return post(Event::kReadyReported);
    case WireOutcome::kPeerGone:
      return post(Event::kDismissed);
    default:
      return fail(why);
  }
}

void Standby::receive_call() {
  char mark = 0;
  Descriptor call;
  Failure why;
  switch (receive_with_descriptor(handover_.get(), &mark, &call, &why)) {
    case WireOutcome::kComplete:
      break;
    case WireOutcome::kIncomplete:
      return post(Event::kNothingReceived);
    case WireOutcome::kEndOfFile:
      // Its end can be read for ever.
      handover_poll_.close();
      return post(Event::kDismissed);
    default:
      return fail(why);
  }
  handover_poll_.close();
  prompt_poll_.close();
  understudy_poll_.close();
  understudy_pidfd_.reset();
  handover_.reset();
  server_.adopt_call(std::move(call));
  post(Event::kCallReceived);
}

void Standby::kill_understudy() { kill(understudy_, SIGKILL); }
void Standby::reap_understudy() { (void)wait_status(understudy_); }

void Standby::report_failure() { report(LOG_ERR, failure().message()); }

void Standby::let_go() {
  handover_poll_.close();
  prompt_poll_.close();
  understudy_poll_.close();
  handover_.reset();
  prompt_.ours.reset();
  execterm_.reading_end.reset();
}

}  // namespace prefork
