#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/descriptor.h"
#include "core/failure.h"

namespace prefork {

// How far a reader or writer got. Readers end in one of all but kPeerGone, writers in kComplete,
// kPeerGone or kFailed; kIncomplete asks to be called again when the descriptor is ready.
enum class WireOutcome {
  kIncomplete,
  kComplete,
  kEndOfFile,  // readers: the peer has gone, before the first byte or in the middle
  kGarbage,    // readers: the peer does not speak this protocol; failure() says what came
  kPeerGone,   // writers: EPIPE or ECONNRESET
  kFailed,     // failure() has the errno
};

// Fills `buffer` up to `wanted` bytes, on from `filled`, which it advances. Never takes a byte
// more: what follows may carry a descriptor or belong to another reader. Does not block, whatever
// the mode of the socket. ECONNRESET is an end of file: a socket that is closed with unread data in
// it resets instead. A descriptor that came with the bytes is dropped; `had_descriptor` is set
// then.
WireOutcome read_exactly(int fd, char* buffer, size_t wanted, size_t* filled, Failure* failure,
                         bool* had_descriptor = nullptr);

// The counterpart, on a socket; `sent` is advanced. Raises no SIGPIPE.
WireOutcome write_all(int fd, std::string_view bytes, size_t* sent, Failure* failure);

// Sends a few bytes with one descriptor attached: so little goes whole or, kIncomplete, not at all.
WireOutcome send_with_descriptor(int fd, std::string_view bytes, int attached, Failure* failure);

// The counterpart: receives one byte and the descriptor that came with it, close-on-exec; if more
// came, the others are closed. kGarbage: none came. EMFILE where the kernel had to drop it. Does
// not block.
WireOutcome receive_with_descriptor(int fd, char* byte, Descriptor* attached, Failure* failure);

// What sendmsg() and the like take: bytes, perhaps with a descriptor. It lives as long as what it
// has given out is in use, and does not move.
class Envelope {
 public:
  Envelope() = default;
  Envelope(const Envelope&) = delete;
  Envelope& operator=(const Envelope&) = delete;

  msghdr around(std::string_view bytes, std::optional<int> attached);

 private:
  iovec vector_ = {};
  alignas(cmsghdr) char control_[CMSG_SPACE(sizeof(int))] = {};
};

// What errno says of a call that has sent nothing; `what` was tried.
WireOutcome outcome_of_send(int error, const std::string& what, Failure* failure);

using WireInteger = std::array<char, 4>;

WireInteger encode_integer(uint32_t value);
uint32_t decode_integer(const WireInteger& bytes);

// Is this the errno of a call that would have blocked?
bool would_block(int error);

}  // namespace prefork
