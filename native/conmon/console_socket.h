#pragma once

#include <optional>
#include <string>

#include "core/descriptor.h"

namespace prefork {

// The socket over which a runtime sends the container's terminal. Its file goes with the object.
class ConsoleSocket {
 public:
  ConsoleSocket() = default;
  ~ConsoleSocket() { remove(); }
  ConsoleSocket(const ConsoleSocket&) = delete;
  ConsoleSocket& operator=(const ConsoleSocket&) = delete;

  // Binds to a new name in the directory for temporary files, or in /tmp if that one's name is too
  // long for a socket.
  Result<void> open();
  const std::string& path() const { return path_; }
  int get() const { return socket_.get(); }
  // The runtime's connection; nothing if there is none.
  Result<std::optional<Descriptor>> accept();
  void remove();

 private:
  std::string path_;
  Descriptor socket_;
};

// The descriptor that was sent over the connection; nothing if none has come yet. What is sent
// along with it is ignored.
Result<std::optional<Descriptor>> receive_descriptor(int connection);

// Line ends as a file has them come out as a terminal has them.
Result<void> set_terminal_modes(int terminal);

struct TerminalSize {
  int rows = 0;
  int columns = 0;
};

Result<void> set_terminal_size(int terminal, TerminalSize size);

}  // namespace prefork
