#include "core/wire_status.h"

#include <climits>

namespace prefork {

WireInteger encode_status(int wait_status) {
  return encode_integer(static_cast<uint32_t>(wait_status));
}

WireOutcome StatusReader::feed(int fd) {
  const WireOutcome outcome = read_exactly(fd, bytes_.data(), bytes_.size(), &filled_, &failure_);
  if (outcome != WireOutcome::kComplete) return outcome;
  const uint32_t value = decode_integer(bytes_);
  if (value > INT_MAX) {
    failure_ = Failure{0, "wait status " + std::to_string(value) + " does not fit in an int"};
    return WireOutcome::kGarbage;
  }
  wait_status_ = static_cast<int>(value);
  return outcome;
}

WireOutcome StatusWriter::feed(int fd) {
  return write_all(fd, std::string_view(bytes_.data(), bytes_.size()), &sent_, &failure_);
}

}  // namespace prefork
