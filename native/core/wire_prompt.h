// What passes between processes that are forked ahead of a call and those that they wait for: that
// they are ready, and, from a monitor to its understudy, the request as it was received and who the
// client is.
#pragma once

#include <sys/types.h>

#include <string_view>

#include "core/wire_request_reader.h"
#include "core/wire_request_writer.h"

namespace prefork {

// One byte from who waits ahead of a call to whom it was forked from: it could begin.
WireOutcome send_ready(int fd, Failure* failure);
WireOutcome receive_ready(int fd);

// A request whose message begins with the client's pid.
RequestWriter prompt_writer(RequestReader& request, pid_t client);

// Takes one, as much as there is at a time.
class PromptReader {
 public:
  WireOutcome feed(int fd) { return request_.feed(fd); }

  // Its message is the request's with the client's pid before it.
  RequestReader& request() { return request_; }
  [[nodiscard]] std::string_view message() const;
  [[nodiscard]] pid_t client() const;
  [[nodiscard]] const Failure& failure() const { return request_.failure(); }

 private:
  RequestReader request_;
};

}  // namespace prefork
