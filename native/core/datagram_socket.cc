#include "core/datagram_socket.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "core/process.h"
#include "core/retry.h"

namespace prefork {

namespace {

// Datagrams that may wait to be read. A sender alone cannot fill the queue: what it has sent and
// nobody has read counts against its own buffer.
constexpr char kQueueLength[] = "1024";

Result<Descriptor> new_datagram_socket() {
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd == -1) return Failure{errno, "make socket"};
  return Descriptor(fd);
}

// In a process of its own, which has nothing but system calls: puts a socket at that descriptor.
bool put_roomy_socket_at(int place) {
  if (unshare(CLONE_NEWNET) == -1 && unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1) return false;
  const int setting = open("/proc/sys/net/unix/max_dgram_qlen", O_WRONLY | O_CLOEXEC);
  constexpr size_t length = sizeof kQueueLength - 1;
  if (write(setting, kQueueLength, length) != static_cast<ssize_t>(length)) return false;
  close(setting);
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const bool is_there = fd != -1 && dup3(fd, place, O_CLOEXEC) == place;
  close(fd);
  return is_there;
}

// A socket takes the length of its queue, ten as a rule, from the network namespace it is made in,
// where it may be changed; its path is found from every other. Where there are no namespaces to be
// had, it is a socket like any other.
Result<Descriptor> new_roomy_socket() {
  auto made = new_datagram_socket();
  if (!made.ok()) return made.failure();
  const SignalsBlocked blocked;
  // The child shares the table of descriptors and nothing else.
  const long child = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(put_roomy_socket_at(made.value().get()) ? 0 : 1);
  if (child > 0) (void)wait_status(static_cast<pid_t>(child));
  return made;
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

  auto made = new_roomy_socket();
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
