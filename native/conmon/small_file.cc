#include "conmon/small_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/descriptor.h"
#include "core/retry.h"

namespace prefork {

namespace {

constexpr mode_t kMode = 0644;

Result<void> write_whole(int fd, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = retry_on_eintr([&] { return write(fd, text.data(), text.size()); });
    if (written < 0) return Failure{errno, "write " + path};
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> sync_directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd == -1) return Failure{errno, "open " + directory};
  const Descriptor held(fd);
  // Some file systems have nothing to sync for a directory.
  if (fsync(fd) != 0 && errno != EINVAL) return Failure{errno, "sync " + directory};
  return {};
}

Result<void> write_aside(const std::string& aside, std::string_view text, bool durable) {
  const int fd = retry_on_eintr([&] {
    return open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kMode);
  });
  if (fd == -1) return Failure{errno, "create " + aside};
  Descriptor held(fd);
  if (auto written = write_whole(fd, aside, text); !written.ok()) return written;
  if (durable && fsync(fd) != 0) return Failure{errno, "sync " + aside};
  return held.close();
}

}  // namespace

Result<std::string> read_small_file(const std::string& path) {
  const int fd = retry_on_eintr([&] { return open(path.c_str(), O_RDONLY | O_CLOEXEC); });
  if (fd == -1) return Failure{errno, "open " + path};
  const Descriptor held(fd);
  std::string text;
  char bytes[4096];
  for (;;) {
    const ssize_t count = retry_on_eintr([&] { return read(fd, bytes, sizeof bytes); });
    if (count < 0) return Failure{errno, "read " + path};
    if (count == 0) return text;
    text.append(bytes, static_cast<std::size_t>(count));
  }
}

Result<void> write_small_file(const std::string& path, std::string_view text, bool durable) {
  // In the same directory, for a file system is no other for it; its name is this process's own.
  const std::string aside = path + "." + std::to_string(getpid()) + ".tmp";
  Result<void> done = write_aside(aside, text, durable);
  if (done.ok() && rename(aside.c_str(), path.c_str()) != 0) {
    done = Failure{errno, "rename " + aside};
  }
  if (!done.ok()) {
    unlink(aside.c_str());
    return done;
  }
  return durable ? sync_directory_of(path) : done;
}

OwnFile OwnFile::at(const std::string& path) {
  OwnFile file;
  struct stat status;
  if (lstat(path.c_str(), &status) != 0) return file;
  file.path_ = path;
  file.device_ = status.st_dev;
  file.inode_ = status.st_ino;
  return file;
}

void OwnFile::remove() {
  const OwnFile now = at(path_);
  if (!path_.empty() && now.device_ == device_ && now.inode_ == inode_) unlink(path_.c_str());
  path_.clear();
}

Result<void> touch_file(const std::string& path) {
  const int fd =
      retry_on_eintr([&] { return open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kMode); });
  if (fd == -1) return Failure{errno, "create " + path};
  return Descriptor(fd).close();
}

}  // namespace prefork
