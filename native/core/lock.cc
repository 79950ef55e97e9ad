#include "core/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "core/retry.h"

namespace prefork {

Result<Descriptor> open_lock(const std::string& path) {
  const int fd = retry_on_eintr([&] {
    return open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  });
  if (fd == -1) return Failure{errno, "open lock file " + path};
  return Descriptor(fd);
}

Result<bool> try_lock(int fd) {
  if (retry_on_eintr([&] { return flock(fd, LOCK_EX | LOCK_NB); }) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  return Failure{errno, "take the lock"};
}

Result<void> lock_blocking(int fd) {
  if (retry_on_eintr([&] { return flock(fd, LOCK_EX); }) == 0) return {};
  return Failure{errno, "take the lock"};
}

Result<bool> is_still_at(int fd, const std::string& path) {
  struct stat held, named;
  if (fstat(fd, &held) == -1) return Failure{errno, "look at the held lock file"};
  // open_lock does not follow a symbolic link, so neither does this.
  if (lstat(path.c_str(), &named) == -1) {
    if (errno == ENOENT) return false;
    return Failure{errno, "look at lock file " + path};
  }
  return held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

}  // namespace prefork
