#pragma once

#include <array>
#include <string>

#include "core/wire_io.h"

namespace prefork {

// The byte that carries a descriptor is 0 in the protocol, and Perl's library insists on it. To a
// monitor of our own kind we send this instead, so that it can tell which kind of client calls.
inline constexpr char kOurMark = 'P';

// Sends one request, as much as the socket takes at a time; it never blocks.
class RequestWriter {
 public:
  // `descriptors` stay the caller's and must be open until the request is complete.
  RequestWriter(std::array<int, 3> descriptors, std::string message, char mark);

  WireOutcome feed(int fd);

  const Failure& failure() const { return failure_; }

 private:
  // One byte, one for each descriptor, and the rest: each is read by itself.
  static constexpr size_t kParts = 5;

  std::string_view bytes_of(size_t part) const;
  std::optional<int> descriptor_of(size_t part) const;

  std::array<int, 3> descriptors_;
  char mark_;
  std::string length_and_message_;
  size_t parts_sent_ = 0;
  size_t sent_of_last_part_ = 0;
  Failure failure_;
};

}  // namespace prefork
