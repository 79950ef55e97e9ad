#include "core/wire_request_writer.h"

namespace prefork {

RequestWriter::RequestWriter(std::array<int, 3> descriptors, std::string message, char mark)
    : descriptors_(descriptors), mark_(mark), length_and_message_(std::move(message)) {
  const WireInteger length = encode_integer(static_cast<uint32_t>(length_and_message_.size()));
  length_and_message_.insert(0, length.data(), length.size());
}

WireOutcome RequestWriter::feed(int fd) {
  WireOutcome outcome = write_all(fd, std::string_view("\0", 1), &signalling_sent_, &failure_);
  while (outcome == WireOutcome::kComplete && descriptors_sent_ < descriptors_.size()) {
    outcome = send_with_descriptor(fd, std::string_view(&mark_, 1), descriptors_[descriptors_sent_],
                                   &failure_);
    if (outcome == WireOutcome::kComplete) descriptors_sent_++;
  }
  if (outcome != WireOutcome::kComplete) return outcome;
  return write_all(fd, length_and_message_, &message_sent_, &failure_);
}

}  // namespace prefork
