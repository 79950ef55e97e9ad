#include "core/wire_request_writer.h"

#include <sys/socket.h>

#include <cstring>

#include "core/retry.h"

namespace prefork {

RequestWriter::RequestWriter(std::array<int, 3> descriptors, std::string message, char mark)
    : descriptors_(descriptors), mark_(mark), length_and_message_(std::move(message)) {
  const WireInteger length = encode_integer(static_cast<uint32_t>(length_and_message_.size()));
  length_and_message_.insert(0, length.data(), length.size());
}

WireOutcome RequestWriter::feed(int fd) {
  WireOutcome outcome = write_all(fd, std::string_view("\0", 1), &signalling_sent_, &failure_);
  while (outcome == WireOutcome::kComplete && descriptors_sent_ < descriptors_.size()) {
    outcome = send_descriptor(fd, descriptors_[descriptors_sent_]);
    if (outcome == WireOutcome::kComplete) descriptors_sent_++;
  }
  if (outcome != WireOutcome::kComplete) return outcome;
  return write_all(fd, length_and_message_, &message_sent_, &failure_);
}

WireOutcome RequestWriter::send_descriptor(int fd, int payload) {
  // One byte goes whole or not at all, so the descriptor can neither be lost nor sent twice.
  iovec bytes = {&mark_, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr envelope = {};
  envelope.msg_iov = &bytes;
  envelope.msg_iovlen = 1;
  envelope.msg_control = control;
  envelope.msg_controllen = sizeof(control);
  cmsghdr* header = CMSG_FIRSTHDR(&envelope);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &payload, sizeof(int));

  const ssize_t sent =
      retry_on_eintr([&] { return sendmsg(fd, &envelope, MSG_NOSIGNAL | MSG_DONTWAIT); });
  if (sent == 1) return WireOutcome::kComplete;
  if (sent == 0 || would_block(errno)) return WireOutcome::kIncomplete;
  if (errno == EPIPE || errno == ECONNRESET) return WireOutcome::kPeerGone;
  failure_ = Failure{errno, "send descriptor " + std::to_string(payload)};
  return WireOutcome::kFailed;
}

}  // namespace prefork
