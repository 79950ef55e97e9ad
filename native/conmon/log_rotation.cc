#include "conmon/log_rotation.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <optional>

#include "core/retry.h"

namespace prefork {

namespace {

Failure refusal(const std::string& path, const std::string& why) {
  return Failure{0, "log " + path + " is not rotated: " + why};
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool is_within(const std::string& directory, const std::string& allowed) {
  if (!directory.starts_with(allowed)) return false;
  return directory.size() == allowed.size() || allowed.ends_with('/') ||
         directory[allowed.size()] == '/';
}

// Whether a log may be made anew in the directory of one that somebody has removed.
Result<void> check_directory(const std::string& path, const std::vector<std::string>& allowed) {
  const std::string directory = directory_of(path);
  char real[PATH_MAX];
  if (realpath(directory.c_str(), real) == nullptr) return Failure{errno, "look at " + directory};
  struct stat status;
  if (lstat(directory.c_str(), &status) != 0) return Failure{errno, "look at " + directory};
  if (!S_ISDIR(status.st_mode) || (directory[0] == '/' && directory != real)) {
    return refusal(path, "its directory is reached through a symbolic link");
  }
  if ((status.st_mode & S_IWOTH) != 0) return refusal(path, "anybody may write to its directory");
  if (status.st_uid != 0 && status.st_uid != geteuid()) {
    return refusal(path, "its directory belongs to another user");
  }
  const bool is_allowed =
      allowed.empty() || std::any_of(allowed.begin(), allowed.end(),
                                     [&](const std::string& one) { return is_within(real, one); });
  return is_allowed ? Result<void>() : refusal(path, "its directory is not among the allowed ones");
}

// True where the path names the open file, false where it names nothing.
Result<bool> is_in_place(const std::string& path, int file) {
  struct stat there;
  if (lstat(path.c_str(), &there) != 0) {
    if (errno == ENOENT) return false;
    return Failure{errno, "look at " + path};
  }
  if (S_ISLNK(there.st_mode)) return refusal(path, "it is a symbolic link");
  struct stat ours;
  if (fstat(file, &ours) != 0) return Failure{errno, "look at " + path};
  if (ours.st_dev != there.st_dev || ours.st_ino != there.st_ino) {
    return refusal(path, "another file has taken its place");
  }
  return true;
}

Result<Descriptor> create(const std::string& path, int flags) {
  const int fd = retry_on_eintr([&] {
    return open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags,
                kLogMode);
  });
  if (fd == -1) return Failure{errno, "create " + path};
  return Descriptor(fd);
}

Result<void> move(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0) return Failure{errno, "rename " + from};
  return {};
}

}  // namespace

Result<Descriptor> rotate_log(const std::string& path, int file, int kept,
                              const std::vector<std::string>& allowed_directories) {
  if (path.find("../") != std::string::npos || path.find("/..") != std::string::npos) {
    return refusal(path, "its path leads through ..");
  }
  const Result<bool> in_place = is_in_place(path, file);
  if (!in_place.ok()) return in_place.failure();
  if (!in_place.value()) {
    const Result<void> allowed = check_directory(path, allowed_directories);
    if (!allowed.ok()) return allowed.failure();
    return create(path, O_EXCL);
  }
  if (flock(file, LOCK_EX | LOCK_NB) != 0) return refusal(path, "somebody has locked it");
  const std::string fresh = path + ".new";
  Result<Descriptor> made = create(fresh, O_EXCL);
  if (!made.ok() && made.failure().error == EEXIST) {
    // Left by a monitor that was killed in between. The lock is ours, so nobody is at work on it.
    unlink(fresh.c_str());
    made = create(fresh, O_EXCL);
  }
  if (!made.ok()) return made;
  for (int number = kept - 1; number > 0; --number) {
    const std::string from = path + "." + std::to_string(number);
    const Result<void> moved = move(from, path + "." + std::to_string(number + 1));
    if (!moved.ok() && moved.failure().error != ENOENT) return moved.failure();
  }
  if (const auto moved = move(path, path + ".1"); !moved.ok()) return moved.failure();
  if (const auto moved = move(fresh, path); !moved.ok()) return moved.failure();
  return made;
}

Result<Descriptor> replace_log(const std::string& path) {
  const std::string fresh = path + ".tmp";
  Result<Descriptor> made = create(fresh, O_TRUNC);
  if (!made.ok()) return made;
  if (const auto moved = move(fresh, path); !moved.ok()) return moved.failure();
  return made;
}

}  // namespace prefork
