#pragma once

#include <array>

#include "core/wire_io.h"

namespace prefork {

enum class SignalScope : char { kProcess = 'p', kGroup = 'g' };

// A signal that the client received and hands on: to the executor, or to its process group.
struct SignalFrame {
  int number = 0;
  SignalScope scope = SignalScope::kProcess;
};

using SignalBytes = std::array<char, 2>;

SignalBytes encode_signal(SignalFrame frame);

// Sends one frame, whole or (kIncomplete) not at all. Only once the request is complete.
WireOutcome send_signal(int fd, SignalFrame frame, Failure* failure);

class SignalReader {
 public:
  // kComplete: frame() is new; call again for the next. kEndOfFile: the client has gone.
  WireOutcome feed(int fd);

  SignalFrame frame() const { return frame_; }
  const Failure& failure() const { return failure_; }

 private:
  SignalBytes bytes_ = {};
  size_t filled_ = 0;
  SignalFrame frame_;
  Failure failure_;
};

}  // namespace prefork
