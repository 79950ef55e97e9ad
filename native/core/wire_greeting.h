#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/wire_io.h"

namespace prefork {

inline constexpr std::string_view kGreetingMagic = "PFI\n";
inline constexpr uint32_t kLongestExtraData = 64 * 1024;

std::string encode_greeting(std::string_view extra_data);

// Greets, and says that this monitor takes signal frames: by a descriptor attached to the greeting,
// whichever it is. Extra data would be the place for it, but the original client takes its length
// for an integer in the machine's own byte order and waits for more than will ever come. A
// descriptor it does not notice: it reads bytes only, and the kernel drops the rest.
WireOutcome send_greeting_with_mark(int fd, Failure* failure);

// Instead of a greeting: this interpreter cannot be forked, and why; the call is to be run without
// a server. Its extra data begins with kDeclined.
inline constexpr std::string_view kDeclined = "declined\n";
WireOutcome send_refusal(int fd, std::string_view reason, Failure* failure);

// Whether what comes next is a greeting; takes nothing. No wait status begins like one.
bool greeting_follows(int fd);

// Takes a greeting from a socket as it comes, and nothing beyond it.
class GreetingReader {
 public:
  WireOutcome feed(int fd);

  // Bytes seen so far: none at an end of file means that nobody ever answered.
  bool started() const { return filled_ > 0; }
  const std::string& extra_data() const { return extra_data_; }
  // Why there is no server, if that is what the greeting says.
  std::optional<std::string> refusal() const;
  // See send_greeting_with_mark().
  bool is_marked() const { return is_marked_; }
  const Failure& failure() const { return failure_; }

 private:
  WireOutcome check_header();

  static constexpr size_t kHeaderSize = 8;
  char header_[kHeaderSize] = {};
  size_t filled_ = 0;
  bool header_complete_ = false;
  bool is_marked_ = false;
  std::string extra_data_;
  size_t extra_filled_ = 0;
  Failure failure_;
};

}  // namespace prefork
