#include "conmon/notify_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/retry.h"

namespace prefork {

namespace {

constexpr char kName[] = "notify.sock";
constexpr std::size_t kLongestMessage = 65536;

bool is_allowed(std::string_view line) {
  for (const std::string_view whole :
       {"READY=1", "RELOADING=1", "STOPPING=1", "WATCHDOG=1", "WATCHDOG=trigger"}) {
    if (line == whole) return true;
  }
  for (const std::string_view start : {"STATUS=", "ERRNO=", "BUSERROR=", "MONOTONIC_USEC="}) {
    if (line.starts_with(start)) return true;
  }
  return false;
}

Result<Descriptor> make_socket() {
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd == -1) return Failure{errno, "make readiness socket"};
  return Descriptor(fd);
}

}  // namespace

Result<void> NotifySocket::open(const std::string& bundle, const std::string& host) {
  const std::string directory = bundle + "/notify";
  if (mkdir(directory.c_str(), S_IRWXU | S_IXGRP | S_IXOTH) != 0 && errno != EEXIST) {
    return Failure{errno, "make directory " + directory};
  }
  const int held = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (held == -1) return Failure{errno, "open " + directory};
  const Descriptor folder(held);
  Result<Descriptor> made = make_socket();
  if (!made.ok()) return made.failure();
  socket_ = std::move(made).value();
  if (fchmod(socket_.get(), ACCESSPERMS) != 0)
    return Failure{errno, "set mode of readiness socket"};
  if (unlinkat(held, kName, 0) != 0 && errno != ENOENT) {
    return Failure{errno, "remove old readiness socket in " + directory};
  }
  const std::string path = "/proc/self/fd/" + std::to_string(held) + "/" + kName;
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  if (bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Failure{errno, "bind readiness socket in " + directory};
  }
  if (fchmodat(held, kName, ACCESSPERMS, 0) != 0) {
    return Failure{errno, "set mode of readiness socket in " + directory};
  }
  Result<Descriptor> sender = make_socket();
  if (!sender.ok()) return sender.failure();
  sender_ = std::move(sender).value();
  host_ = host;
  return {};
}

std::optional<std::string> NotifySocket::receive() {
  std::string message(kLongestMessage, '\0');
  const ssize_t size = retry_on_eintr(
      [&] { return recv(socket_.get(), message.data(), message.size(), MSG_DONTWAIT); });
  if (size < 0) return std::nullopt;
  message.resize(static_cast<std::size_t>(size));
  return message;
}

void NotifySocket::forward(const std::string& message) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (host_.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, host_.data(), host_.size());
  socklen_t size = sizeof address;
  if (host_.starts_with('@')) {
    address.sun_path[0] = 0;
    size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + host_.size());
  }
  (void)!retry_on_eintr([&] {
    return sendto(sender_.get(), message.data(), message.size(), MSG_NOSIGNAL,
                  reinterpret_cast<const sockaddr*>(&address), size);
  });
}

std::string allowed_lines(std::string_view message) {
  std::string allowed;
  while (!message.empty()) {
    const std::size_t newline = message.find('\n');
    const std::string_view line = message.substr(0, newline);
    message.remove_prefix(newline == std::string_view::npos ? message.size() : newline + 1);
    if (!is_allowed(line)) continue;
    if (!allowed.empty()) allowed += '\n';
    allowed += line;
  }
  return allowed;
}

}  // namespace prefork
