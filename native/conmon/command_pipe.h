#pragma once

#include <optional>
#include <string>

#include "conmon/console_socket.h"
#include "conmon/small_file.h"
#include "core/descriptor.h"

namespace prefork {

// What a line in a command pipe asks for.
struct PipeCommand {
  enum class Kind { kResize, kRenewLogs, kMalformed };
  Kind kind = Kind::kMalformed;
  TerminalSize size;
};

// "1 ROWS COLUMNS" or "2 ANY ANY": decimal, from 0 to 1000. Text behind the third number is ignored
// if a space is before it.
PipeCommand parse_control_line(const std::string& line);

// "ROWS COLUMNS".
PipeCommand parse_size_line(const std::string& line);

// A named pipe that anybody with the right may write lines to. It is held open for writing as well,
// so that it does not come to an end with each writer.
class CommandPipe {
 public:
  CommandPipe() = default;

  // Makes the pipe, in the place of whatever is at the path.
  Result<void> open(const std::string& path);
  int get() const { return pipe_.get(); }
  // Reads what is there; false if that is nothing.
  bool read();
  // The next whole line, without its end; or what has been read of one that is too long.
  std::optional<std::string> take_line();
  // Closes the pipe and removes it from the file system.
  void remove();

 private:
  Descriptor pipe_;
  OwnFile file_;
  std::string buffer_;
};

}  // namespace prefork
