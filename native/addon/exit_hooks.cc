#include "addon/exit_hooks.h"

#include <stdio.h>
#include <unistd.h>

#include "addon/memory_keeper.h"
#include "addon/node_symbols.h"
#include "core/standard_streams.h"

namespace prefork::live_node {

namespace {

StandardStreams streams;
bool taken_over = false;
bool has_keeper = false;
int natural_exit_code = 0;

[[noreturn]] void end_process(int code) {
  streams.put_back();
  fflush(nullptr);
  if (has_keeper) leave_memory_to_keeper();
  _exit(code);
}

// Natural end: runs while Node frees the environment, before it touches the platform.
void on_cleanup(void*) {
  if (taken_over) end_process(natural_exit_code);
}

}  // namespace

void install_exit_hooks() {
  static bool installed = false;
  if (installed) return;
  installed = true;
  ::node::AddEnvironmentCleanupHook(v8::Isolate::GetCurrent(), on_cleanup, nullptr);
}

void take_over_exit(Parent parent) {
  has_keeper = parent == Parent::kReapsAll;
  streams.remember();
  if (!taken_over) {
    // process.exit() and uncaught exceptions end here, the latter after their message is out. Set
    // only now: it replaces Node's own handler, which a process that has not been forked still
    // needs.
    ::node::SetProcessExitHandler(current_environment(),
                                  [](::node::Environment*, int code) { end_process(code); });
  }
  taken_over = true;
}

void set_exit_code(int code) { natural_exit_code = code; }

}  // namespace prefork::live_node
