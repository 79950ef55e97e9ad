#include "core/wire_request_reader.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "core/retry.h"

namespace prefork {

namespace {

// Room for more than the one that should come: whatever fits has been opened in this process and
// must be closed. The kernel drops what does not fit.
constexpr size_t kMostDescriptors = 8;

// Memory follows the data, so that a length alone costs nothing.
constexpr size_t kReadStep = 256 * 1024;

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
  iovec bytes = {&marks_[index], 1};
  alignas(cmsghdr) char control[CMSG_SPACE(kMostDescriptors * sizeof(int))] = {};
  msghdr envelope = {};
  envelope.msg_iov = &bytes;
  envelope.msg_iovlen = 1;
  envelope.msg_control = control;
  envelope.msg_controllen = sizeof(control);

  const ssize_t got =
      retry_on_eintr([&] { return recvmsg(fd, &envelope, MSG_CMSG_CLOEXEC | MSG_DONTWAIT); });
  if (got == 0) return WireOutcome::kEndOfFile;
  if (got < 0) {
    if (would_block(errno)) return WireOutcome::kIncomplete;
    if (errno == ECONNRESET) return WireOutcome::kEndOfFile;
    failure_ = Failure{errno, "receive descriptor for " + std::to_string(index)};
    return WireOutcome::kFailed;
  }
  descriptors_[index] = take_attached(&envelope);
  if (descriptors_[index].valid()) return WireOutcome::kComplete;
  // At the limit of open files the kernel delivers the byte, drops the descriptor, and says only
  // that something was cut off.
  if (envelope.msg_flags & MSG_CTRUNC) {
    failure_ = Failure{EMFILE, "receive descriptor for " + std::to_string(index)};
    return WireOutcome::kFailed;
  }
  return garbage("request has no descriptor for " + std::to_string(index));
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

}  // namespace prefork
