#include "core/wire_io.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <cstring>

#include "core/retry.h"

namespace prefork {

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

WireOutcome read_exactly(int fd, char* buffer, size_t wanted, size_t* filled, Failure* failure,
                         bool* had_descriptor) {
  while (*filled < wanted) {
    iovec vector = {buffer + *filled, wanted - *filled};
    msghdr envelope = {};
    envelope.msg_iov = &vector;
    envelope.msg_iovlen = 1;
    const ssize_t got = retry_on_eintr([&] { return recvmsg(fd, &envelope, MSG_DONTWAIT); });
    if (got == 0) return WireOutcome::kEndOfFile;
    if (got > 0) {
      *filled += static_cast<size_t>(got);
      // No room was given for a descriptor: the kernel closes it and says that it cut something
      // off.
      if (had_descriptor != nullptr && (envelope.msg_flags & MSG_CTRUNC)) *had_descriptor = true;
    } else if (would_block(errno)) {
      return WireOutcome::kIncomplete;
    } else if (errno == ECONNRESET) {
      return WireOutcome::kEndOfFile;
    } else {
      *failure = Failure{errno, "read from call socket"};
      return WireOutcome::kFailed;
    }
  }
  return WireOutcome::kComplete;
}

WireOutcome write_all(int fd, std::string_view bytes, size_t* sent, Failure* failure) {
  while (*sent < bytes.size()) {
    const ssize_t put = retry_on_eintr([&] {
      return send(fd, bytes.data() + *sent, bytes.size() - *sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    });
    if (put >= 0) {
      *sent += static_cast<size_t>(put);
    } else if (would_block(errno)) {
      return WireOutcome::kIncomplete;
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return WireOutcome::kPeerGone;
    } else {
      *failure = Failure{errno, "write to call socket"};
      return WireOutcome::kFailed;
    }
  }
  return WireOutcome::kComplete;
}

WireOutcome send_with_descriptor(int fd, std::string_view bytes, int attached, Failure* failure) {
  iovec vector = {const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr envelope = {};
  envelope.msg_iov = &vector;
  envelope.msg_iovlen = 1;
  envelope.msg_control = control;
  envelope.msg_controllen = sizeof(control);
  cmsghdr* header = CMSG_FIRSTHDR(&envelope);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &attached, sizeof(int));

  const ssize_t sent =
      retry_on_eintr([&] { return sendmsg(fd, &envelope, MSG_NOSIGNAL | MSG_DONTWAIT); });
  if (sent == static_cast<ssize_t>(bytes.size())) return WireOutcome::kComplete;
  if (sent >= 0 || would_block(errno)) return WireOutcome::kIncomplete;
  if (errno == EPIPE || errno == ECONNRESET) return WireOutcome::kPeerGone;
  *failure = Failure{errno, "send descriptor " + std::to_string(attached)};
  return WireOutcome::kFailed;
}

WireInteger encode_integer(uint32_t value) {
  const uint32_t ordered = htonl(value);
  WireInteger bytes;
  memcpy(bytes.data(), &ordered, bytes.size());
  return bytes;
}

uint32_t decode_integer(const WireInteger& bytes) {
  uint32_t ordered;
  memcpy(&ordered, bytes.data(), bytes.size());
  return ntohl(ordered);
}

}  // namespace prefork
