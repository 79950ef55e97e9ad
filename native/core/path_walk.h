#pragma once

#include <sys/stat.h>

#include <functional>
#include <string>
#include <unordered_map>

namespace prefork {

// What a path leads to, with the links on the way followed as the kernel follows them.
struct Destination {
  std::string real;     // without links; where nothing is, what would have to be there
  bool exists = false;  // `status` is filled in
  struct stat status = {};
};

// Follows paths name by name, each part of the way once: many files share their folders. It sees
// the file system as it was when it first came by, so every new look takes a new walk.
class PathWalk {
 public:
  // Called before a name is looked up in a folder, both without links.
  using Visitor = std::function<void(const std::string& folder, const std::string& name)>;
  explicit PathWalk(Visitor visitor = {}) : visitor_(std::move(visitor)) {}

  // `path` is absolute.
  Destination follow(const std::string& path) { return follow(path, 0); }

 private:
  Destination follow(const std::string& path, int depth);
  Destination follow_name(const Destination& folder, const std::string& name, int depth);

  Visitor visitor_;
  std::unordered_map<std::string, Destination> known_;
};

}  // namespace prefork
