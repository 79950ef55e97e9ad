#include "core/descriptor.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "core/retry.h"

namespace prefork {

namespace {

Failure failed(int error, const char* verb, int fd) {
  return Failure{error, std::string(verb) + " descriptor " + std::to_string(fd)};
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) reset(other.release());
  return *this;
}

int Descriptor::release() { return std::exchange(fd_, -1); }

void Descriptor::reset(int fd) {
  const int old = std::exchange(fd_, fd);
  if (old < 0) return;
  // Callers look at errno after a scope has ended; a close on the way must not disturb it.
  const int saved = errno;
  ::close(old);
  errno = saved;
}

Result<void> Descriptor::close() {
  if (fd_ < 0) return {};
  const int fd = release();
  if (::close(fd) == -1 && errno != EINTR) return failed(errno, "close", fd);
  return {};
}

Result<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) == -1) return Failure{errno, "make pipe"};
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<void> set_nonblocking(int fd, bool nonblocking) {
  const int flags = fcntl(fd, F_GETFL);
  if (flags == -1) return failed(errno, "read status flags of", fd);
  const int wanted = nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  if (wanted != flags && fcntl(fd, F_SETFL, wanted) == -1) {
    return failed(errno, "set status flags of", fd);
  }
  return {};
}

Result<void> set_close_on_exec(int fd, bool close_on_exec) {
  if (fcntl(fd, F_SETFD, close_on_exec ? FD_CLOEXEC : 0) == -1) {
    return failed(errno, "set close-on-exec of", fd);
  }
  return {};
}

Result<Descriptor> duplicate(int fd) {
  const int copy = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (copy == -1) return failed(errno, "duplicate", fd);
  return Descriptor(copy);
}

Result<void> place_at(int fd, int target) {
  // dup2 onto itself does nothing and would leave close-on-exec set.
  if (fd == target) return set_close_on_exec(fd, false);
  if (retry_on_eintr([&] { return dup2(fd, target); }) == -1) {
    return failed(errno, "duplicate onto", target);
  }
  return {};
}

Result<Descriptor> open_null(int flags) {
  const int fd = retry_on_eintr([&] { return open("/dev/null", flags | O_CLOEXEC); });
  if (fd == -1) return Failure{errno, "open /dev/null"};
  return Descriptor(fd);
}

Result<void> ensure_standard_descriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
    if (fcntl(fd, F_GETFD) != -1) continue;
    // open() takes the lowest free number, and everything below fd is open by now.
    const int opened = retry_on_eintr([] { return open("/dev/null", O_RDWR); });
    if (opened == -1) return Failure{errno, "open /dev/null"};
  }
  return {};
}

std::vector<int> inherited_descriptors() {
  std::vector<int> inherited;
  DIR* listing = opendir("/proc/self/fd");
  if (listing == nullptr) return inherited;
  // The listing's own descriptor is close-on-exec, so it is passed over.
  while (const dirent* entry = readdir(listing)) {
    if (entry->d_name[0] == '.') continue;
    const int fd = atoi(entry->d_name);
    const int flags = fcntl(fd, F_GETFD);
    if (flags >= 0 && (flags & FD_CLOEXEC) == 0) inherited.push_back(fd);
  }
  closedir(listing);
  return inherited;
}

void close_inherited_descriptors() {
  for (const int fd : inherited_descriptors()) {
    if (fd > STDERR_FILENO) ::close(fd);
  }
}

}  // namespace prefork
