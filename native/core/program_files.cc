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

// Some file systems keep whole seconds, or every other one.
timespec latest_meant(timespec time) {
  if (time.tv_nsec == 0) time.tv_sec += 2;
  return time;
}

}  // namespace

bool ProgramFiles::Seen::operator==(const Seen& other) const {
  return existed == other.existed && real == other.real && device == other.device &&
         inode == other.inode && is_whole == other.is_whole && size == other.size &&
         same_time(modified, other.modified) && same_time(touched, other.touched);
}

ProgramFiles::Seen ProgramFiles::look(PathWalk& walk, const std::string& path, Folders folders) {
  const Destination found = walk.follow(path);
  Seen seen;
  seen.path = path;
  seen.folders = folders;
  // Where a missing file would be does not matter, as long as it is missing.
  if (!found.exists) return seen;
  seen.real = found.real;
  seen.existed = true;
  seen.device = found.status.st_dev;
  seen.inode = found.status.st_ino;
  seen.is_whole = !S_ISDIR(found.status.st_mode) || folders == Folders::kNamed;
  if (!seen.is_whole) return seen;
  seen.size = found.status.st_size;
  seen.modified = found.status.st_mtim;
  seen.touched = found.status.st_ctim;
  return seen;
}

// The program may have read the file before it was modified, or it may not: such a server is stale
// from the beginning. Its ctime decides, as whatever changes a file, or puts another one in its
// place by rename, sets it, and nothing sets it back.
//
// The kernel's clock for files stands still for 1 to 10 ms at a time, so of two equal times either
// may be the earlier. Here that is harmless: `started_` is the time of a socket, and before the
// first file is read there come the interpreter's exec and start, which take longer than that. What
// is modified after having been read has a later time. (To count equal times as modified would be
// safe as well, and never restart more than once, but who runs a script right after having written
// it would pay for that.)
bool ProgramFiles::modified_meanwhile(const Destination& found) const {
  if (!found.exists) return false;
  const timespec touched = found.status.st_ctim;
  if (!is_later(latest_meant(touched), started_)) return false;
  // A folder's is also set by everything that comes and goes in it, its mtime then with it. If not,
  // it was moved here. (Or its mode was changed, which costs one restart.)
  if (S_ISDIR(found.status.st_mode) && same_time(touched, found.status.st_mtim)) return false;
  timespec now = {};
  clock_gettime(CLOCK_REALTIME, &now);
  // A time in the future says nothing about when: the clock has been set back.
  return !is_later(touched, now);
}

// Also looks at the age of all on the way.
PathWalk ProgramFiles::dating_walk() {
  return PathWalk([this](const std::string& folder, const std::string& name) {
    if (changed_) return;
    Destination found;
    found.real = folder == "/" ? folder + name : folder + "/" + name;
    found.exists = lstat(found.real.c_str(), &found.status) == 0;
    if (modified_meanwhile(found)) changed_ = found.real;
  });
}

void ProgramFiles::add_seen(const std::vector<std::string>& paths, bool existed) {
  PathWalk walk = dating_walk();
  for (const std::string& path : paths) {
    files_.push_back(look(walk, path, Folders::kPassedThrough));
    if (files_.back().existed != existed) changed_ = path;
  }
}

void ProgramFiles::add_named(const std::vector<std::string>& paths) {
  PathWalk walk = dating_walk();
  for (const std::string& path : paths) files_.push_back(look(walk, path, Folders::kNamed));
}

void ProgramFiles::watch() {
  watches_.open();
  look_again();
}

std::optional<std::string> ProgramFiles::changed() {
  if (!changed_ && watches_.disturbed()) look_again();
  return changed_;
}

// A change between two looks is seen by the second one; one after that leaves an event, because the
// name or the file was watched before it was looked at:
//
//     here                          elsewhere
//     watch the folder of x
//                                   x is replaced: an event waits
//     look at x: it is new, or
//     look at x: still the old one
//                                   x is replaced: an event waits
//
// Each look watches again: what was a folder may be a link now, and lead where nobody has watched.
void ProgramFiles::look_again() {
  PathWalk walk([this](const std::string& folder, const std::string& name) {
    watches_.watch_name(folder, name);
  });
  for (const Seen& seen : files_) {
    // By the place it had: if another one is there now, that is about to be found.
    if (seen.existed && seen.is_whole) watches_.watch_whole(seen.real);
    if (look(walk, seen.path, seen.folders) == seen) continue;
    changed_ = seen.path;
    return;
  }
}

}  // namespace prefork
