// What a monitor tells its understudy: the request as it has received it, and who the client is.
#pragma once

#include <sys/types.h>

#include <array>
#include <string>

#include "core/wire_request_reader.h"
#include "core/wire_request_writer.h"

namespace prefork {

// A request whose message begins with the client's pid.
RequestWriter prompt_writer(RequestReader& request, pid_t client);

// Takes one, as much as there is at a time.
class PromptReader {
 public:
  WireOutcome feed(int fd);

  // Its message is the request's with the client's pid before it.
  RequestReader& request() { return request_; }
  [[nodiscard]] std::string_view message() const;
  [[nodiscard]] pid_t client() const;
  [[nodiscard]] const Failure& failure() const { return request_.failure(); }

 private:
  RequestReader request_;
  int parts_read_ = 0;
};

}  // namespace prefork
