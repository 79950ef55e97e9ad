#include "conmon/console_socket.h"

#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/retry.h"

namespace prefork {

namespace {

constexpr char kName[] = "/conmon-term.";
constexpr std::size_t kRandomLetters = 6;
constexpr int kTries = 100;

std::string temporary_directory() {
  for (const char* name : {"TMPDIR", "TMP", "TEMP"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == 0) continue;
    // The runtime connects by this path, so it must fit whole.
    const std::size_t needed = std::strlen(value) + sizeof kName + kRandomLetters;
    if (needed <= sizeof(sockaddr_un::sun_path)) return value;
  }
  return "/tmp";
}

Result<std::string> random_letters() {
  static constexpr char kLetters[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  unsigned char bytes[kRandomLetters];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) return Failure{errno, "get randomness"};
  std::string letters;
  for (const unsigned char byte : bytes) letters += kLetters[byte % (sizeof kLetters - 1)];
  return letters;
}

}  // namespace

Result<void> ConsoleSocket::open() {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd == -1) return Failure{errno, "make console socket"};
  socket_.reset(fd);
  if (fchmod(fd, S_IRWXU) != 0) return Failure{errno, "set mode of console socket"};
  const std::string stem = temporary_directory() + kName;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const Result<std::string> letters = random_letters();
    if (!letters.ok()) return letters.failure();
    const std::string path = stem + letters.value();
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      path_ = path;
      break;
    }
    if (errno != EADDRINUSE) return Failure{errno, "bind console socket " + path};
  }
  if (path_.empty()) return Failure{EADDRINUSE, "bind console socket in " + stem};
  if (listen(fd, 1) != 0) return Failure{errno, "listen on console socket " + path_};
  return {};
}

Result<std::optional<Descriptor>> ConsoleSocket::accept() {
  const int fd = retry_on_eintr(
      [&] { return accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK); });
  if (fd >= 0) return std::optional<Descriptor>(Descriptor(fd));
  if (errno == EAGAIN || errno == ECONNABORTED) return std::optional<Descriptor>();
  return Failure{errno, "accept connection on console socket"};
}

void ConsoleSocket::remove() {
  socket_.reset();
  if (!path_.empty()) unlink(path_.c_str());
  path_.clear();
}

Result<std::optional<Descriptor>> receive_descriptor(int connection) {
  char payload[4096];
  iovec part = {payload, sizeof payload};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t received =
      retry_on_eintr([&] { return recvmsg(connection, &message, MSG_CMSG_CLOEXEC); });
  if (received < 0) {
    if (errno == EAGAIN) return std::optional<Descriptor>();
    return Failure{errno, "receive terminal"};
  }
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) {
    return Failure{0, "the runtime sent no terminal"};
  }
  int fd;
  std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
  return std::optional<Descriptor>(Descriptor(fd));
}

Result<void> set_terminal_modes(int terminal) {
  termios modes;
  if (tcgetattr(terminal, &modes) != 0) return Failure{errno, "get modes of terminal"};
  modes.c_oflag |= ONLCR;
  if (tcsetattr(terminal, TCSANOW, &modes) != 0) return Failure{errno, "set modes of terminal"};
  return {};
}

Result<void> set_terminal_size(int terminal, TerminalSize size) {
  winsize window = {};
  window.ws_row = static_cast<unsigned short>(size.rows);
  window.ws_col = static_cast<unsigned short>(size.columns);
  if (ioctl(terminal, TIOCSWINSZ, &window) != 0) return Failure{errno, "set size of terminal"};
  return {};
}

}  // namespace prefork
