#pragma once

#include <array>
#include <string>

#include "core/descriptor.h"
#include "core/wire_io.h"

namespace prefork {

inline constexpr uint32_t kLongestMessage = 64 * 1024 * 1024;

// Takes one request, step by step in this order: the signalling byte, descriptors 0, 1, 2, the
// length, the message. Each step is repeated until it is no longer kIncomplete.
class RequestReader {
 public:
  // Garbage unless it is zero.
  WireOutcome read_signalling_byte(int fd);
  // `index` is 0, 1 or 2. Garbage if the byte comes without a descriptor.
  WireOutcome read_descriptor(int fd, size_t index);
  // Garbage above kLongestMessage.
  WireOutcome read_length(int fd);
  // Garbage unless it ends in NUL.
  WireOutcome read_message(int fd);

  // All of these, as far as there is something to take.
  WireOutcome feed(int fd);

  // The received descriptors, close-on-exec.
  Descriptor& descriptor(size_t index) { return descriptors_[index]; }
  // The byte that came with it: kOurMark from our own client.
  char descriptor_mark(size_t index) const { return marks_[index]; }
  const std::string& message() const { return message_; }
  const Failure& failure() const { return failure_; }

 private:
  WireOutcome garbage(std::string what);

  int steps_taken_ = 0;  // by feed()
  std::array<Descriptor, 3> descriptors_;
  std::array<char, 3> marks_ = {};
  WireInteger length_bytes_ = {};
  size_t length_filled_ = 0;
  uint32_t length_ = 0;
  std::string message_;
  size_t message_filled_ = 0;
  Failure failure_;
};

}  // namespace prefork
