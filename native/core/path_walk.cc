#include "core/path_walk.h"

#include <unistd.h>

#include <climits>

namespace prefork {

namespace {

// The kernel gives up after 40 links; a name costs two levels here.
constexpr int kDeepest = 4096;

std::string parent_of(const std::string& path) {
  const size_t slash = path.find_last_not_of('/', path.rfind('/'));
  return slash == std::string::npos ? "/" : path.substr(0, slash + 1);
}

std::string join(const std::string& folder, const std::string& name) {
  return folder == "/" ? folder + name : folder + "/" + name;
}

}  // namespace

Destination PathWalk::follow(const std::string& path, int depth) {
  const auto known = known_.find(path);
  if (known != known_.end()) return known->second;
  Destination found;
  const size_t end = path.find_last_not_of('/');
  if (end == std::string::npos) {
    found.real = "/";
    found.exists = lstat("/", &found.status) == 0;
  } else if (depth > kDeepest) {
    found.real = path;  // links that lead to each other
    return found;
  } else {
    const std::string plain = path.substr(0, end + 1);
    const std::string name = plain.substr(plain.rfind('/') + 1);
    found = follow_name(follow(parent_of(plain), depth + 1), name, depth);
  }
  known_[path] = found;
  return found;
}

Destination PathWalk::follow_name(const Destination& folder, const std::string& name, int depth) {
  if (name == ".") return folder;
  if (name == "..") return follow(parent_of(folder.real), depth + 1);
  Destination found;
  found.real = join(folder.real, name);
  if (!folder.exists || !S_ISDIR(folder.status.st_mode)) return found;
  if (visitor_) visitor_(folder.real, name);
  if (lstat(found.real.c_str(), &found.status) != 0) return found;
  found.exists = true;
  if (!S_ISLNK(found.status.st_mode)) return found;
  char target[PATH_MAX];
  const ssize_t length = readlink(found.real.c_str(), target, sizeof target);
  if (length <= 0) return Destination{found.real, false, {}};
  const std::string text(target, static_cast<size_t>(length));
  // 64 levels a link: links that form a ring end after so many rounds as the kernel allows.
  return follow(text.front() == '/' ? text : join(folder.real, text), depth + kDeepest / 64);
}

}  // namespace prefork
