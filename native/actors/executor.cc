#include "actors/executor.h"

#include <unistd.h>

#include <csignal>
#include <utility>

#include "core/caller_limits.h"
#include "core/process_environment.h"

namespace prefork {

Executor::Executor(Loop& loop, ScriptHost& host, Assignment assignment,
                   std::function<void()> leave_former)
    : Actor(loop),
      host_(host),
      assignment_(std::move(assignment)),
      leave_former_(std::move(leave_former)) {}

bool Executor::is_revived() { return assignment_.is_revived; }

void Executor::tie_to_monitor() {
  const Result<bool> tied = die_with(assignment_.monitor);
  if (!tied.ok()) return fail(tied.failure());
  post(tied.value() ? Event::kTied : Event::kMonitorGone);
}

void Executor::leave_monitor() {
  // Stays open, close-on-exec, until this process ends: its closing is the news of that.
  (void)assignment_.execterm.release();
  leave_former_();
  loop().close();
  post(Event::kMonitorLeft);
}

void Executor::place_descriptors() {
  RequestReader& request = assignment_.request;
  is_from_own_client_ = request.descriptor_mark(0) == kOurMark;
  for (size_t index = 0; index < 3; ++index) {
    const auto placed = place_at(request.descriptor(index).get(), static_cast<int>(index));
    if (!placed.ok()) return fail(placed.failure());
  }
  for (size_t index = 0; index < 3; ++index) request.descriptor(index).reset();
  post(Event::kDescriptorsPlaced);
}

void Executor::adopt_request() {
  Message& message = assignment_.message;
  arguments_ = std::move(message.arguments);
  replace_environment(message.environment);
  post(Event::kRequestAdopted);
}

void Executor::restore_signals() {
  // Nobody who ignored the interrupt while the server was started meant this call.
  struct sigaction action = {};
  if (sigaction(SIGINT, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) {
    action.sa_handler = SIG_DFL;
    sigaction(SIGINT, &action, nullptr);
  }
}

void Executor::revive_interpreter() {
  if (const std::optional<std::string> reason = host_.revive()) return fail(0, *reason);
  post(Event::kInterpreterRevived);
}

void Executor::resume_interpreter() { host_.resume(); }

void Executor::adopt_limits() {
  if (assignment_.client > 0) adopt_limits_of(assignment_.client);
}

void Executor::report_failure() {
  const std::string line = "prefork-interp: " + failure().message() + "\n";
  // Before the descriptors are placed the caller's standard error is still among those received.
  const int received = assignment_.request.descriptor(2).get();
  (void)!write(received >= 0 ? received : STDERR_FILENO, line.data(), line.size());
}

}  // namespace prefork
