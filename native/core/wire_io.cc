#include "core/wire_io.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <cstring>

#include "core/retry.h"

namespace prefork {

namespace {

// Room for more than the one that should come: whatever fits has been opened in this process and
// must be closed. The kernel drops what does not fit.
constexpr size_t kMostDescriptors = 8;

// Takes the first attached descriptor, closes all others.
Descriptor take_attached(msghdr* envelope) {
  Descriptor first;
  for (cmsghdr* header = CMSG_FIRSTHDR(envelope); header; header = CMSG_NXTHDR(envelope, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; i++) {
      int number;
      memcpy(&number, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
      Descriptor attached(number);
      if (!first.valid()) first = std::move(attached);
    }
  }
  return first;
}

}  // namespace

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
    if (put < 0) return outcome_of_send(errno, "write to call socket", failure);
    *sent += static_cast<size_t>(put);
  }
  return WireOutcome::kComplete;
}

WireOutcome send_with_descriptor(int fd, std::string_view bytes, int attached, Failure* failure) {
  Envelope envelope;
  const msghdr message = envelope.around(bytes, attached);
  const ssize_t sent =
      retry_on_eintr([&] { return sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT); });
  if (sent == static_cast<ssize_t>(bytes.size())) return WireOutcome::kComplete;
  if (sent >= 0) return WireOutcome::kIncomplete;
  return outcome_of_send(errno, "send descriptor " + std::to_string(attached), failure);
}

WireOutcome receive_with_descriptor(int fd, char* byte, Descriptor* attached, Failure* failure) {
  iovec vector = {byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(kMostDescriptors * sizeof(int))] = {};
  msghdr envelope = {};
  envelope.msg_iov = &vector;
  envelope.msg_iovlen = 1;
  envelope.msg_control = control;
  envelope.msg_controllen = sizeof(control);

  const ssize_t got =
      retry_on_eintr([&] { return recvmsg(fd, &envelope, MSG_CMSG_CLOEXEC | MSG_DONTWAIT); });
  if (got == 0) return WireOutcome::kEndOfFile;
  if (got < 0) {
    if (would_block(errno)) return WireOutcome::kIncomplete;
    if (errno == ECONNRESET) return WireOutcome::kEndOfFile;
    *failure = Failure{errno, "receive descriptor"};
    return WireOutcome::kFailed;
  }
  *attached = take_attached(&envelope);
  if (attached->valid()) return WireOutcome::kComplete;
  // At the limit of open files the kernel delivers the byte, drops the descriptor, and says only
  // that something was cut off.
  if (envelope.msg_flags & MSG_CTRUNC) {
    *failure = Failure{EMFILE, "receive descriptor"};
    return WireOutcome::kFailed;
  }
  return WireOutcome::kGarbage;
}

msghdr Envelope::around(std::string_view bytes, std::optional<int> attached) {
  vector_ = {const_cast<char*>(bytes.data()), bytes.size()};
  msghdr message = {};
  message.msg_iov = &vector_;
  message.msg_iovlen = 1;
  if (!attached) return message;
  message.msg_control = control_;
  message.msg_controllen = sizeof control_;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &*attached, sizeof(int));
  return message;
}

WireOutcome outcome_of_send(int error, const std::string& what, Failure* failure) {
  if (would_block(error)) return WireOutcome::kIncomplete;
  if (error == EPIPE || error == ECONNRESET) return WireOutcome::kPeerGone;
  *failure = Failure{error, what};
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
