#include "core/wire_io.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <cstring>

#include "core/retry.h"

namespace prefork {

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

WireOutcome read_exactly(int fd, char* buffer, size_t wanted, size_t* filled, Failure* failure) {
  while (*filled < wanted) {
    const ssize_t got =
        retry_on_eintr([&] { return recv(fd, buffer + *filled, wanted - *filled, MSG_DONTWAIT); });
    if (got == 0) return WireOutcome::kEndOfFile;
    if (got > 0) {
      *filled += static_cast<size_t>(got);
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
