#include "core/local_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include <climits>
#include <cstring>

#include "core/retry.h"

namespace prefork {

namespace {

constexpr int kStream = SOCK_STREAM | SOCK_CLOEXEC;

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return Failure{ENAMETOOLONG, "use socket " + path};
  memcpy(address.sun_path, path.data(), path.size());
  return address;
}

Result<Descriptor> new_socket() {
  const int fd = socket(AF_UNIX, kStream | SOCK_NONBLOCK, 0);
  if (fd == -1) return Failure{errno, "make socket"};
  return Descriptor(fd);
}

timespec to_timespec(const statx_timestamp& stamp) {
  timespec time = {};
  time.tv_sec = stamp.tv_sec;
  time.tv_nsec = stamp.tv_nsec;
  return time;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

}  // namespace

bool same_socket(const SocketFile& one, const SocketFile& other) {
  return one.device == other.device && one.inode == other.inode &&
         one.born.tv_sec == other.born.tv_sec && one.born.tv_nsec == other.born.tv_nsec;
}

Result<SocketFile> stat_socket(const std::string& path) {
  struct statx status;
  const int outcome = retry_on_eintr([&] {
    return statx(AT_FDCWD, path.c_str(), 0, STATX_INO | STATX_NLINK | STATX_MTIME | STATX_BTIME,
                 &status);
  });
  if (outcome == -1) return Failure{errno, "look at socket " + path};
  // Who removes a file has the kernel tell the watches of it before the name is gone:
  //
  //     elsewhere                     here
  //     unlink: no link any more
  //     unlink: IN_ATTRIB
  //                                   look: the name still leads to the file
  //     unlink: the name goes
  //
  // And nothing is told after that, as the listening socket holds the file.
  if (status.stx_nlink == 0) return Failure{ENOENT, "look at socket " + path};
  SocketFile file;
  file.device = makedev(status.stx_dev_major, status.stx_dev_minor);
  file.inode = status.stx_ino;
  file.modified = to_timespec(status.stx_mtime);
  if (status.stx_mask & STATX_BTIME) file.born = to_timespec(status.stx_btime);
  return file;
}

Result<Listener> listen_at(const std::string& path) {
  auto address = address_of(path);
  if (!address.ok()) return address.failure();
  auto made = new_socket();
  if (!made.ok()) return made.failure();
  Descriptor socket = std::move(made).value();

  // bind() gives the file the socket inode's mode: private whatever the directory's mode becomes.
  if (fchmod(socket.get(), S_IRUSR | S_IWUSR) == -1) return Failure{errno, "set mode of socket"};
  if (bind(socket.get(), generic(address.value()), sizeof(sockaddr_un)) == -1) {
    return Failure{errno, "bind socket " + path};
  }
  auto file = stat_socket(path);
  if (!file.ok()) return file.failure();
  // Between bind() and listen() a client is refused; it then waits for the lock that we hold. The
  // kernel cuts the backlog to net.core.somaxconn.
  if (listen(socket.get(), INT_MAX) == -1) return Failure{errno, "listen on socket " + path};
  return Listener{std::move(socket), file.value()};
}

std::string bound_path(int socket) {
  sockaddr_un address = {};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "";
  return address.sun_family == AF_UNIX ? std::string(address.sun_path) : "";
}

Result<Descriptor> connect_to(const std::string& path) {
  auto address = address_of(path);
  if (!address.ok()) return address.failure();
  auto made = new_socket();
  if (!made.ok()) return made.failure();
  const int fd = made.value().get();
  const int outcome =
      retry_on_eintr([&] { return connect(fd, generic(address.value()), sizeof(sockaddr_un)); });
  if (outcome == -1) return Failure{errno, "connect to socket " + path};
  return made;
}

Result<Descriptor> accept_from(int listener) {
  const int fd = retry_on_eintr(
      [&] { return accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK); });
  if (fd == -1) return Failure{errno, "accept connection"};
  return Descriptor(fd);
}

Result<SocketPair> make_socket_pair() {
  int ends[2];
  if (socketpair(AF_UNIX, kStream, 0, ends) == -1) return Failure{errno, "make socket pair"};
  SocketPair pair{Descriptor(ends[0]), Descriptor(ends[1])};
  // The flag belongs to one end's description alone.
  auto set = set_nonblocking(pair.ours.get(), true);
  if (!set.ok()) return set.failure();
  return pair;
}

}  // namespace prefork
