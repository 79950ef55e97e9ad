#include "actors/understudy.h"

#include <syslog.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "core/wire.h"

namespace prefork {

Understudy::Understudy(Loop& loop, ScriptHost& host, Standby& standby)
    : Actor(loop), host_(host), standby_(standby) {}

void Understudy::hold_signals() { held_.emplace(); }

void Understudy::tie_to_monitor() {
  const Result<bool> tied = die_with(standby_.pid());
  if (!tied.ok()) return fail(tied.failure());
  post(tied.value() ? Event::kTied : Event::kMonitorGone);
}

void Understudy::leave_standby() {
  prompt_ = standby_.take_prompt();
  assignment_.execterm = standby_.take_execterm();
  standby_.let_go();
  post(Event::kStandbyLeft);
}

void Understudy::revive_interpreter() {
  if (const std::optional<std::string> reason = host_.revive()) return fail(0, *reason);
  post(Event::kInterpreterRevived);
}

void Understudy::rehearse() {
  if (const std::optional<std::string> reason = host_.rehearse()) return fail(0, *reason);
  post(Event::kRehearsed);
}

void Understudy::report_ready() {
  Failure why;
  switch (send_ready(prompt_.get(), &why)) {
    case WireOutcome::kComplete:
      return post(Event::kReadyReported);
    case WireOutcome::kPeerGone:
      return post(Event::kMonitorGone);
    default:
      return fail(why);
  }
}

void Understudy::receive_request() {
  const int started = prompt_poll_.start_reading(loop(), prompt_.get(), [this] { feed_request(); });
  if (started != 0) fail(-started, "wait for a request");
}

void Understudy::feed_request() {
  const WireOutcome outcome = reader_.feed(prompt_.get());
  if (outcome == WireOutcome::kIncomplete) return;
  prompt_poll_.close();
  if (outcome == WireOutcome::kEndOfFile) return post(Event::kMonitorGone);
  if (outcome != WireOutcome::kComplete) return fail(reader_.failure());
  Result<Message> decoded = decode_message(reader_.message());
  if (!decoded.ok()) return fail(decoded.failure());
  prompt_.reset();
  assignment_.message = std::move(decoded).value();
  assignment_.client = reader_.client();
  assignment_.request = std::move(reader_.request());
  assignment_.monitor = standby_.pid();
  assignment_.is_revived = true;
  assignment_.facts = standby_.trace_facts();
  assignment_.facts.client = assignment_.client;
  post(Event::kRequestReceived);
}

void Understudy::discard_signals() {
  // Those that came before the call were not meant for it. To ignore a signal forgets those that
  // are pending.
  sigset_t pending;
  sigpending(&pending);
  for (int number = 1; number <= SIGRTMAX; ++number) {
    if (sigismember(&pending, number) != 1) continue;
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;
    struct sigaction before = {};
    if (sigaction(number, &ignore, &before) == 0) sigaction(number, &before, nullptr);
  }
  held_.reset();
}

void Understudy::report_failure() { standby_.report(LOG_ERR, failure().message()); }

}  // namespace prefork
