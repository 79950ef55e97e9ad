#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/descriptor.h"

namespace prefork {

// The container's side of the host's service manager: a socket in the bundle, and the way on from
// it to the host's own.
class NotifySocket {
 public:
  // Makes `<bundle>/notify/notify.sock`, which anybody may write to, in a directory that is made if
  // it is missing. `host` is the path of the host's socket; "@" at its start means an abstract one.
  Result<void> open(const std::string& bundle, const std::string& host);
  int get() const { return socket_.get(); }
  // The next message; nothing if there is none.
  std::optional<std::string> receive();
  // Best effort: a host that does not listen hears nothing.
  void forward(const std::string& message);
  void close() { socket_.reset(); }

 private:
  Descriptor socket_;
  Descriptor sender_;
  std::string host_;
};

// The lines of a message that a container may say of itself; those that would speak for other
// processes (MAINPID=, FDSTORE=, ...) are left out.
std::string allowed_lines(std::string_view message);

}  // namespace prefork
