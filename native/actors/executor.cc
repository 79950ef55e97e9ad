#include "actors/executor.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "core/caller_limits.h"
#include "core/process_environment.h"

namespace prefork {

Executor::Executor(Loop& loop, ScriptHost& host, Monitor& monitor)
    : Actor(loop), host_(host), monitor_(monitor) {}

void Executor::tie_to_monitor() {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return fail(errno, "prctl(PR_SET_PDEATHSIG)");
  // A monitor that was killed between the fork and here sends no signal any more.
  post(getppid() == monitor_.pid() ? Event::kTied : Event::kMonitorGone);
}

void Executor::leave_monitor() {
  // Stays open, close-on-exec, until this process ends: its closing is the news of that.
  (void)monitor_.take_execterm().release();
  monitor_.let_go();
  loop().close();
  post(Event::kMonitorLeft);
}

void Executor::place_descriptors() {
  RequestReader& request = monitor_.request();
  is_from_own_client_ = request.descriptor_mark(0) == kOurMark;
  for (size_t index = 0; index < 3; ++index) {
    const auto placed = place_at(request.descriptor(index).get(), static_cast<int>(index));
    if (!placed.ok()) return fail(placed.failure());
  }
  for (size_t index = 0; index < 3; ++index) request.descriptor(index).reset();
  post(Event::kDescriptorsPlaced);
}

void Executor::adopt_request() {
  Message& message = monitor_.message();
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

void Executor::adopt_limits() {
  if (monitor_.client_pid() > 0) adopt_limits_of(monitor_.client_pid());
}

void Executor::report_failure() {
  const std::string line = "prefork-interp: " + failure().message() + "\n";
  // Before the descriptors are placed the caller's standard error is still among those received.
  const int received = monitor_.request().descriptor(2).get();
  (void)!write(received >= 0 ? received : STDERR_FILENO, line.data(), line.size());
}

}  // namespace prefork
