#include "core/wire_signal.h"

#include <csignal>

namespace prefork {

SignalBytes encode_signal(SignalFrame frame) {
  return {static_cast<char>(frame.number), static_cast<char>(frame.scope)};
}

WireOutcome send_signal(int fd, SignalFrame frame, Failure* failure) {
  // So short a write to a local stream socket is one buffer: it goes whole or not at all.
  const SignalBytes bytes = encode_signal(frame);
  size_t sent = 0;
  return write_all(fd, std::string_view(bytes.data(), bytes.size()), &sent, failure);
}

WireOutcome SignalReader::feed(int fd) {
  const WireOutcome outcome = read_exactly(fd, bytes_.data(), bytes_.size(), &filled_, &failure_);
  if (outcome != WireOutcome::kComplete) return outcome;
  filled_ = 0;
  const int number = static_cast<unsigned char>(bytes_[0]);
  const char scope = bytes_[1];
  if (number < 1 || number >= NSIG || (scope != 'p' && scope != 'g')) {
    failure_ = Failure{0, "malformed signal frame from the client"};
    return WireOutcome::kGarbage;
  }
  frame_ = SignalFrame{number, static_cast<SignalScope>(scope)};
  return outcome;
}

}  // namespace prefork
