#include "core/listener_link.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "core/retry.h"

namespace prefork {

namespace {

constexpr std::string_view kName = "/inspect.sock";

// Datagrams.
constexpr size_t kMostKept = 16;
constexpr int kAttempts = 4;
constexpr timespec kPause{0, 50'000};

}  // namespace

void ListenerLink::set_directory(const std::string& directory) {
  address_ = {};
  if (directory.empty()) return;
  if (directory.size() + kName.size() >= sizeof address_.sun_path) return;
  memcpy(address_.sun_path, directory.data(), directory.size());
  memcpy(address_.sun_path + directory.size(), kName.data(), kName.size());
  address_.sun_family = AF_UNIX;
}

bool ListenerLink::find_listener() {
  if (is_open()) return true;
  if (address_.sun_family != AF_UNIX) return false;
  struct stat file;
  if (stat(address_.sun_path, &file) != 0) return false;
  const bool is_known_dead = file.st_ino == dead_inode_ &&
                             file.st_ctim.tv_sec == dead_since_.tv_sec &&
                             file.st_ctim.tv_nsec == dead_since_.tv_nsec;
  // The directory lets nobody else make a file; a listener of somebody else's would see every call.
  if (!S_ISSOCK(file.st_mode) || file.st_uid != getuid() || is_known_dead) return false;
  socket_.reset(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket_.valid()) return false;
  const auto* address = reinterpret_cast<const sockaddr*>(&address_);
  if (connect(socket_.get(), address, sizeof address_) == 0) return true;
  socket_.reset();
  dead_inode_ = file.st_ino;
  dead_since_ = file.st_ctim;
  return false;
}

void ListenerLink::send(std::string datagram) {
  send_kept();
  if (kept_.size() < kMostKept) kept_.push_back(std::move(datagram));
  send_kept();
}

void ListenerLink::push() {
  for (int attempt = 0; attempt < kAttempts && !kept_.empty() && !is_stuck_; ++attempt) {
    nanosleep(&kPause, nullptr);
    send_kept();
  }
  is_stuck_ = !kept_.empty();
}

void ListenerLink::close() {
  socket_.reset();
  kept_.clear();
}

void ListenerLink::send_kept() {
  while (!kept_.empty() && socket_.valid()) {
    const std::string& next = kept_.front();
    const ssize_t sent = retry_on_eintr([&] {
      return ::send(socket_.get(), next.data(), next.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    });
    if (sent < 0) {
      const bool is_full = errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM;
      return is_full ? void() : close();
    }
    kept_.pop_front();
    is_stuck_ = false;
  }
}

}  // namespace prefork
