// Descriptors 0, 1 and 2 belong to the caller: what a script changes of them is put back.
#pragma once

#include <termios.h>

#include <array>

namespace prefork {

/// Flags of the open files behind descriptors 0, 1 and 2, and modes of the terminals among them.
class StandardStreams {
 public:
  void remember();

  /// Puts back what differs from what was remembered. Harmless in a terminal's background.
  void put_back() const;

 private:
  struct State {
    int flags = -1;  // -1: closed, nothing to put back
    bool is_terminal = false;
    termios modes{};  // zeroed: its padding is compared too
  };

  std::array<State, 3> states_;
};

}  // namespace prefork
