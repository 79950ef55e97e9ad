#include "core/wire_request_reader.h"

#include <algorithm>

namespace prefork {

namespace {

// Memory follows the data, so that a length alone costs nothing.
constexpr size_t kReadStep = 256 * 1024;

}  // namespace

WireOutcome RequestReader::garbage(std::string what) {
  failure_ = Failure{0, std::move(what)};
  return WireOutcome::kGarbage;
}

WireOutcome RequestReader::read_signalling_byte(int fd) {
  char byte = 0;
  size_t filled = 0;
  const WireOutcome outcome = read_exactly(fd, &byte, 1, &filled, &failure_);
  if (outcome == WireOutcome::kComplete && byte != 0) {
    return garbage("request does not begin with a zero byte");
  }
  return outcome;
}

WireOutcome RequestReader::read_descriptor(int fd, size_t index) {
  const WireOutcome outcome =
      receive_with_descriptor(fd, &marks_[index], &descriptors_[index], &failure_);
  if (outcome == WireOutcome::kGarbage) {
    return garbage("request has no descriptor for " + std::to_string(index));
  }
  if (outcome == WireOutcome::kFailed) failure_.what += " for " + std::to_string(index);
  return outcome;
}

WireOutcome RequestReader::read_length(int fd) {
  const WireOutcome outcome =
      read_exactly(fd, length_bytes_.data(), length_bytes_.size(), &length_filled_, &failure_);
  if (outcome != WireOutcome::kComplete) return outcome;
  length_ = decode_integer(length_bytes_);
  if (length_ > kLongestMessage) {
    return garbage("request message of " + std::to_string(length_) + " bytes is too long");
  }
  return outcome;
}

WireOutcome RequestReader::read_message(int fd) {
  while (message_filled_ < length_) {
    if (message_filled_ == message_.size()) {
      message_.resize(std::min<size_t>(length_, message_filled_ + kReadStep));
    }
    const WireOutcome outcome =
        read_exactly(fd, message_.data(), message_.size(), &message_filled_, &failure_);
    if (outcome != WireOutcome::kComplete) return outcome;
  }
  if (message_.empty() || message_.back() != '\0') {
    return garbage("request message does not end in NUL");
  }
  return WireOutcome::kComplete;
}

WireOutcome RequestReader::feed(int fd) {
  constexpr int kSteps = 6;
  for (; steps_taken_ < kSteps; ++steps_taken_) {
    const WireOutcome outcome = steps_taken_ == 0   ? read_signalling_byte(fd)
                                : steps_taken_ == 4 ? read_length(fd)
                                : steps_taken_ == 5
                                    ? read_message(fd)
                                    : read_descriptor(fd, static_cast<size_t>(steps_taken_ - 1));
    if (outcome != WireOutcome::kComplete) return outcome;
  }
  return WireOutcome::kComplete;
}

}  // namespace prefork
