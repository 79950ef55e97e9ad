#include "core/wire_request_writer.h"

#include <cerrno>

#include "core/retry.h"

namespace prefork {

RequestWriter::RequestWriter(std::array<int, 3> descriptors, std::string message, char mark)
    : descriptors_(descriptors), mark_(mark), length_and_message_(std::move(message)) {
  const WireInteger length = encode_integer(static_cast<uint32_t>(length_and_message_.size()));
  length_and_message_.insert(0, length.data(), length.size());
}

// All in one system call: a monitor on the same processor would otherwise wake up, and sleep again,
// for each part.
WireOutcome RequestWriter::feed(int fd) {
  while (parts_sent_ < kParts) {
    std::array<Envelope, kParts> envelopes;
    std::array<mmsghdr, kParts> messages = {};
    const size_t first = parts_sent_;
    for (size_t part = first; part < kParts; ++part) {
      messages[part].msg_hdr = envelopes[part].around(bytes_of(part), descriptor_of(part));
    }
    const int sent = retry_on_eintr([&] {
      return sendmmsg(fd, &messages[first], static_cast<unsigned>(kParts - first),
                      MSG_NOSIGNAL | MSG_DONTWAIT);
    });
    if (sent < 0) {
      const int error = errno;
      const std::optional<int> attached = descriptor_of(first);
      return outcome_of_send(
          error, attached ? "send descriptor " + std::to_string(*attached) : "write to call socket",
          &failure_);
    }
    for (int count = 0; count < sent; ++count) {
      // Only the last part is long enough to go by halves.
      const bool is_last = parts_sent_ == kParts - 1;
      if (is_last) sent_of_last_part_ += messages[parts_sent_].msg_len;
      if (!is_last || sent_of_last_part_ == length_and_message_.size()) ++parts_sent_;
    }
  }
  return WireOutcome::kComplete;
}

std::string_view RequestWriter::bytes_of(size_t part) const {
  if (part == 0) return std::string_view("\0", 1);
  if (part < kParts - 1) return std::string_view(&mark_, 1);
  return std::string_view(length_and_message_).substr(sent_of_last_part_);
}

std::optional<int> RequestWriter::descriptor_of(size_t part) const {
  if (part == 0 || part == kParts - 1) return std::nullopt;
  return descriptors_[part - 1];
}

}  // namespace prefork
