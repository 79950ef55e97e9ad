#include "addon/exit_hooks.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <array>

#include "addon/node_symbols.h"

namespace prefork::live_node {

namespace {

struct Descriptor {
  int flags = -1;  // -1: closed, nothing to put back
  bool terminal = false;
  termios modes{};
};

std::array<Descriptor, 3> stdio;
bool taken_over = false;
int natural_exit_code = 0;

void remember(int number) {
  Descriptor& descriptor = stdio[number];
  descriptor.flags = fcntl(number, F_GETFL);
  descriptor.terminal = descriptor.flags >= 0 && tcgetattr(number, &descriptor.modes) == 0;
}

void put_back(int number) {
  const Descriptor& descriptor = stdio[number];
  if (descriptor.flags < 0) return;
  // Only where it differs: the flags belong to the open file, which others may use.
  const int flags = fcntl(number, F_GETFL);
  if (flags >= 0 && flags != descriptor.flags) fcntl(number, F_SETFL, descriptor.flags);
  termios modes{};  // zeroed: its padding is compared too
  if (!descriptor.terminal || tcgetattr(number, &modes) != 0) return;
  if (memcmp(&modes, &descriptor.modes, sizeof modes) != 0) {
    tcsetattr(number, TCSANOW, &descriptor.modes);
  }
}

[[noreturn]] void end_process(int code) {
  // Setting the modes of a terminal from its background stops the process, unless SIGTTOU is
  // blocked.
  sigset_t ttou;
  sigemptyset(&ttou);
  sigaddset(&ttou, SIGTTOU);
  sigprocmask(SIG_BLOCK, &ttou, nullptr);
  for (int number = 0; number < 3; ++number) put_back(number);
  fflush(nullptr);
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

void take_over_exit() {
  for (int number = 0; number < 3; ++number) remember(number);
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
