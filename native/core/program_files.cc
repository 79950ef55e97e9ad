#include "core/program_files.h"

#include <sys/stat.h>

#include <utility>

namespace prefork {

namespace {

bool same_time(const timespec& one, const timespec& other) {
  return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

bool is_later(const timespec& one, const timespec& other) {
  return one.tv_sec != other.tv_sec ? one.tv_sec > other.tv_sec : one.tv_nsec > other.tv_nsec;
}

}  // namespace

bool ProgramFiles::Seen::operator==(const Seen& other) const {
  return existed == other.existed && device == other.device && inode == other.inode &&
         size == other.size && same_time(modified, other.modified);
}

ProgramFiles::Seen ProgramFiles::look_at(const std::string& path) {
  struct stat found = {};
  if (stat(path.c_str(), &found) != 0) return Seen{path, false, 0, 0, 0, {}};
  return Seen{path, true, found.st_dev, found.st_ino, found.st_size, found.st_mtim};
}

void ProgramFiles::add(const std::vector<std::string>& paths) {
  timespec now = {};
  clock_gettime(CLOCK_REALTIME, &now);
  for (const std::string& path : paths) {
    Seen seen = look_at(path);
    // A time in the future says nothing about when the file changed.
    if (seen.existed && is_later(seen.modified, started_) && !is_later(seen.modified, now) &&
        !modified_meanwhile_) {
      modified_meanwhile_ = path;
    }
    files_.push_back(std::move(seen));
  }
}

std::optional<std::string> ProgramFiles::changed() const {
  if (modified_meanwhile_) return modified_meanwhile_;
  for (const Seen& seen : files_) {
    if (!(look_at(seen.path) == seen)) return seen.path;
  }
  return std::nullopt;
}

}  // namespace prefork
