#pragma once

#include <string>
#include <string_view>

#include "core/wire_io.h"

namespace prefork {

inline constexpr std::string_view kGreetingMagic = "PFI\n";
inline constexpr uint32_t kLongestExtraData = 64 * 1024;

std::string encode_greeting(std::string_view extra_data);

// Takes a greeting from a socket as it comes, and nothing beyond it.
class GreetingReader {
 public:
  WireOutcome feed(int fd);

  // Bytes seen so far: none at an end of file means that nobody ever answered.
  bool started() const { return filled_ > 0; }
  const std::string& extra_data() const { return extra_data_; }
  const Failure& failure() const { return failure_; }

 private:
  WireOutcome check_header();

  static constexpr size_t kHeaderSize = 8;
  char header_[kHeaderSize] = {};
  size_t filled_ = 0;
  bool header_complete_ = false;
  std::string extra_data_;
  size_t extra_filled_ = 0;
  Failure failure_;
};

}  // namespace prefork
