#include "core/wire_prompt.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace prefork {

namespace {

// Signalling byte, three descriptors, length, message.
constexpr int kParts = 6;

}  // namespace

RequestWriter prompt_writer(RequestReader& request, pid_t client) {
  const WireInteger pid = encode_integer(static_cast<uint32_t>(client));
  std::string message(pid.data(), pid.size());
  message += request.message();
  return RequestWriter(
      {request.descriptor(0).get(), request.descriptor(1).get(), request.descriptor(2).get()},
      std::move(message), request.descriptor_mark(0));
}

WireOutcome PromptReader::feed(int fd) {
  while (parts_read_ < kParts) {
    WireOutcome outcome;
    switch (parts_read_) {
      case 0:
        outcome = request_.read_signalling_byte(fd);
        break;
      case 1:
      case 2:
      case 3:
        outcome = request_.read_descriptor(fd, static_cast<size_t>(parts_read_ - 1));
        break;
      case 4:
        outcome = request_.read_length(fd);
        break;
      default:
        outcome = request_.read_message(fd);
    }
    if (outcome != WireOutcome::kComplete) return outcome;
    ++parts_read_;
  }
  return WireOutcome::kComplete;
}

std::string_view PromptReader::message() const {
  const std::string_view all = request_.message();
  return all.substr(std::min(all.size(), sizeof(WireInteger)));
}

pid_t PromptReader::client() const {
  WireInteger pid = {};
  const std::string& all = request_.message();
  std::copy_n(all.begin(), std::min(all.size(), pid.size()), pid.begin());
  return static_cast<pid_t>(decode_integer(pid));
}

}  // namespace prefork
