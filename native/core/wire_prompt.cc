#include "core/wire_prompt.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace prefork {

WireOutcome send_ready(int fd, Failure* failure) {
  size_t sent = 0;
  return write_all(fd, std::string_view("", 1), &sent, failure);
}

WireOutcome receive_ready(int fd) {
  char byte = 0;
  size_t filled = 0;
  Failure unsaid;
  return read_exactly(fd, &byte, 1, &filled, &unsaid);
}

RequestWriter prompt_writer(RequestReader& request, pid_t client) {
  const WireInteger pid = encode_integer(static_cast<uint32_t>(client));
  std::string message(pid.data(), pid.size());
  message += request.message();
  return RequestWriter(
      {request.descriptor(0).get(), request.descriptor(1).get(), request.descriptor(2).get()},
      std::move(message), request.descriptor_mark(0));
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
