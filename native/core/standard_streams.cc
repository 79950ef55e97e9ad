#include "core/standard_streams.h"

#include <fcntl.h>

#include <csignal>
#include <cstring>

namespace prefork {

void StandardStreams::remember() {
  for (int number = 0; number < 3; ++number) {
    State& state = states_[number];
    state = {};
    state.flags = fcntl(number, F_GETFL);
    state.is_terminal = state.flags >= 0 && tcgetattr(number, &state.modes) == 0;
  }
}

void StandardStreams::put_back() const {
  // Setting the modes of a terminal from its background stops the process, unless SIGTTOU is
  // blocked.
  sigset_t ttou;
  sigset_t before;
  sigemptyset(&ttou);
  sigaddset(&ttou, SIGTTOU);
  sigprocmask(SIG_BLOCK, &ttou, &before);
  for (int number = 0; number < 3; ++number) {
    const State& state = states_[number];
    if (state.flags < 0) continue;
    // Only where it differs: the flags belong to the open file, which others may use.
    const int flags = fcntl(number, F_GETFL);
    if (flags >= 0 && flags != state.flags) fcntl(number, F_SETFL, state.flags);
    termios modes{};
    if (!state.is_terminal || tcgetattr(number, &modes) != 0) continue;
    if (memcmp(&modes, &state.modes, sizeof modes) != 0) {
      tcsetattr(number, TCSANOW, &state.modes);
    }
  }
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace prefork
