#include "core/datagram_socket.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "core/retry.h"

namespace prefork {

namespace {

Result<Descriptor> new_datagram_socket() {
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd == -1) return Failure{errno, "make socket"};
  return Descriptor(fd);
}

// Held while one process decides whether the path is free: of two that find a dead socket, the
// second would otherwise remove what the first has just bound.
Result<Descriptor> lock_directory_of(const std::string& path) {
  const std::string directory = path.substr(0, path.rfind('/') + 1);
  Descriptor held(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!held.valid()) return Failure{errno, "open " + directory};
  if (retry_on_eintr([&] { return flock(held.get(), LOCK_EX); }) == -1) {
    return Failure{errno, "lock " + directory};
  }
  return held;
}

// What refuses connections may be no socket at all.
Result<void> remove_dead_socket(const std::string& path) {
  struct stat file;
  if (lstat(path.c_str(), &file) == -1) return Failure{errno, "look at " + path};
  if (!S_ISSOCK(file.st_mode)) return Failure{ENOTSOCK, "bind socket " + path};
  if (unlink(path.c_str()) == -1) return Failure{errno, "remove dead socket " + path};
  return {};
}

}  // namespace

Result<DatagramSocket> receive_datagrams_at(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return Failure{ENAMETOOLONG, "use socket " + path};
  memcpy(address.sun_path, path.data(), path.size());
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);

  auto lock = lock_directory_of(path);
  if (!lock.ok()) return lock.failure();
  auto probe = new_datagram_socket();
  if (!probe.ok()) return probe.failure();
  if (connect(probe.value().get(), generic, sizeof address) == 0) {
    return Failure{EADDRINUSE, "bind socket " + path};
  }
  if (errno == ECONNREFUSED) {
    auto removed = remove_dead_socket(path);
    if (!removed.ok()) return removed.failure();
  }

  auto made = new_datagram_socket();
  if (!made.ok()) return made.failure();
  // bind() gives the file the socket inode's mode.
  if (fchmod(made.value().get(), S_IRUSR | S_IWUSR) == -1) {
    return Failure{errno, "set mode of socket"};
  }
  if (bind(made.value().get(), generic, sizeof address) == -1) {
    return Failure{errno, "bind socket " + path};
  }
  auto file = stat_socket(path);
  if (!file.ok()) return file.failure();
  return DatagramSocket{std::move(made).value(), file.value()};
}

}  // namespace prefork
