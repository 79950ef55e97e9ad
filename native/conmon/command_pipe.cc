#include "conmon/command_pipe.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <vector>

#include "core/retry.h"

namespace prefork {

namespace {

// Longer lines are nobody's: what has been read of one is dropped.
constexpr std::size_t kLongestLine = 4096;
constexpr mode_t kPipeMode = 0660;
constexpr long kLargest = 1000;

// The whole decimal numbers at the start of the line, at most `most`, each followed by a space or
// the end of the line.
std::vector<long> leading_numbers(const std::string& line, std::size_t most) {
  std::vector<long> numbers;
  const char* at = line.c_str();
  while (numbers.size() < most) {
    while (*at == ' ' || *at == '\t') ++at;
    if (*at < '0' || *at > '9') break;
    long number = 0;
    for (; *at >= '0' && *at <= '9'; ++at) {
      if (number <= kLargest) number = number * 10 + (*at - '0');
    }
    if (*at != 0 && *at != ' ' && *at != '\t' && *at != '\r') break;
    numbers.push_back(number);
  }
  return numbers;
}

bool is_size(long rows, long columns) { return rows <= kLargest && columns <= kLargest; }

}  // namespace

PipeCommand parse_control_line(const std::string& line) {
  const std::vector<long> numbers = leading_numbers(line, 3);
  if (numbers.size() < 3 || !is_size(numbers[1], numbers[2])) return {};
  const TerminalSize size = {static_cast<int>(numbers[1]), static_cast<int>(numbers[2])};
  if (numbers[0] == 1) return {PipeCommand::Kind::kResize, size};
  if (numbers[0] == 2) return {PipeCommand::Kind::kRenewLogs, {}};
  return {};
}

PipeCommand parse_size_line(const std::string& line) {
  const std::vector<long> numbers = leading_numbers(line, 2);
  if (numbers.size() < 2 || !is_size(numbers[0], numbers[1])) return {};
  return {PipeCommand::Kind::kResize, {static_cast<int>(numbers[0]), static_cast<int>(numbers[1])}};
}

Result<void> CommandPipe::open(const std::string& path) {
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return Failure{errno, "remove " + path};
  if (mkfifo(path.c_str(), kPipeMode) != 0) return Failure{errno, "make pipe " + path};
  const int fd = retry_on_eintr(
      [&] { return ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW); });
  if (fd == -1) return Failure{errno, "open pipe " + path};
  pipe_.reset(fd);
  file_ = OwnFile::at(path);
  return {};
}

void CommandPipe::remove() {
  pipe_.reset();
  file_.remove();
}

bool CommandPipe::read() {
  char bytes[512];
  const ssize_t count = retry_on_eintr([&] { return ::read(pipe_.get(), bytes, sizeof bytes); });
  if (count <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(count));
  return true;
}

std::optional<std::string> CommandPipe::take_line() {
  const std::size_t newline = buffer_.find('\n');
  if (newline != std::string::npos) {
    std::string line = buffer_.substr(0, newline);
    buffer_.erase(0, newline + 1);
    return line;
  }
  // An endless line is a malformed one.
  if (buffer_.size() <= kLongestLine) return std::nullopt;
  std::string junk;
  junk.swap(buffer_);
  return junk;
}

}  // namespace prefork
