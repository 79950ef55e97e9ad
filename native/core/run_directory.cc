#include "core/run_directory.h"

#include <sys/stat.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "core/account.h"

namespace prefork {

namespace {

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
constexpr char kUnderHome[] = "/.prefork-interp";
constexpr char kUnderUser[] = "/prefork-interp";
constexpr size_t kLongestNodeName = 32;
constexpr size_t kSpareBytes = 10;
constexpr size_t kShortestHash = 33;
constexpr size_t kWholeHash = 64;

// What keeps `path` from being a private place of `user`; empty if nothing does.
std::string objection_to(const struct stat& status, const std::string& path, uid_t user,
                         mode_t forbidden) {
  if (!S_ISDIR(status.st_mode)) return path + " is not a directory";
  if (status.st_uid != user) {
    return path + " belongs to user " + std::to_string(status.st_uid) + ", not to user " +
           std::to_string(user);
  }
  if (status.st_mode & forbidden) return path + " is open to group or others";
  return "";
}

// True if this call made the directory.
Result<bool> make_private(const std::string& path) {
  if (mkdir(path.c_str(), S_IRWXU) == 0) return true;
  if (errno == EEXIST) return false;
  return Failure{errno, "make run directory " + path};
}

Result<RunDirectory> use_chosen(const RunDirectoryRules& rules) {
  const std::string& path = rules.chosen;
  const std::string name = "run directory PREFORK_INTERP_RUN_DIR=";
  // The server and the watcher outlive the caller's current directory.
  if (path[0] != '/') return Failure{0, name + path + " is relative: give a path from the root"};
  auto made = make_private(path);
  if (!made.ok()) return made.failure();
  struct stat status;
  if (stat(path.c_str(), &status) == -1) return Failure{errno, "look at run directory " + path};
  const std::string objection = objection_to(status, name + path, rules.user, kOthers);
  if (!objection.empty()) {
    return Failure{0, objection + ": give a directory of your own with mode 0700"};
  }
  return RunDirectory{path, ""};
}

// The usual places need only be closed to writing by others: an existing directory may have been
// made by another program with the same scheme, in a parent that lets nobody in.
Result<RunDirectory> use_usual(const RunDirectoryRules& rules, std::string path,
                               std::string warning) {
  struct stat status;
  if (stat(path.c_str(), &status) == -1) return Failure{errno, "look at run directory " + path};
  const std::string objection =
      objection_to(status, "run directory " + path, rules.user, S_IWGRP | S_IWOTH);
  if (!objection.empty()) {
    return Failure{0, objection + ": remove it, or set PREFORK_INTERP_RUN_DIR to another"};
  }
  return RunDirectory{std::move(path), std::move(warning)};
}

Result<std::string> own_node_name() {
  utsname names;
  if (uname(&names) == -1) return Failure{errno, "get the machine's name"};
  return std::string(names.nodename);
}

std::string short_name(const std::string& node) {
  return node.substr(0, std::min(node.find('.'), kLongestNodeName));
}

// A home directory may be shared between machines, sockets cannot: one directory for each.
Result<RunDirectory> use_home(const RunDirectoryRules& rules, std::string warning) {
  auto home = rules.home ? Result<std::string>(*rules.home) : home_of(rules.user);
  if (!home.ok()) return home.failure();
  auto node = rules.node_name ? Result<std::string>(*rules.node_name) : own_node_name();
  if (!node.ok()) return node.failure();
  const std::string base = home.value() + kUnderHome;
  std::string path = base + "/" + short_name(node.value());
  for (const std::string& level : {base, path}) {
    auto made = make_private(level);
    if (!made.ok()) return made.failure();
  }
  return use_usual(rules, std::move(path), std::move(warning));
}

}  // namespace

RunDirectoryRules run_directory_rules() {
  const char* chosen = getenv("PREFORK_INTERP_RUN_DIR");
  RunDirectoryRules rules;
  if (chosen != nullptr) rules.chosen = chosen;
  rules.user = getuid();
  return rules;
}

Result<RunDirectory> find_run_directory(const RunDirectoryRules& rules) {
  if (!rules.chosen.empty()) return use_chosen(rules);

  const std::string parent = rules.user_directories + "/" + std::to_string(rules.user);
  struct stat status;
  std::string warning;
  if (lstat(parent.c_str(), &status) == -1) {
    // Nobody's login made it: usual in containers, for services, from cron.
    if (errno != ENOENT) warning = Failure{errno, "look at " + parent}.message();
  } else {
    warning = objection_to(status, parent, rules.user, kOthers);
    if (warning.empty()) {
      const std::string path = parent + kUnderUser;
      auto made = make_private(path);
      if (!made.ok()) return made.failure();
      return use_usual(rules, path, "");
    }
  }
  if (!warning.empty()) warning += "; using ~/.prefork-interp instead";
  return use_home(rules, std::move(warning));
}

std::string expected_run_directory(const RunDirectoryRules& rules) {
  if (!rules.chosen.empty()) return rules.chosen;
  const std::string parent = rules.user_directories + "/" + std::to_string(rules.user);
  struct stat status;
  if (lstat(parent.c_str(), &status) == 0 &&
      objection_to(status, parent, rules.user, kOthers).empty()) {
    return parent + kUnderUser;
  }
  const auto node = rules.node_name ? Result<std::string>(*rules.node_name) : own_node_name();
  if (!rules.home || !node.ok()) return "";
  return *rules.home + kUnderHome + "/" + short_name(node.value());
}

size_t ident_room(const std::string& directory) {
  const size_t taken = directory.size() + 2 + kSpareBytes;  // 2: slash and 's'
  const size_t whole = sizeof(sockaddr_un::sun_path);
  return taken < whole ? whole - taken : 0;
}

Result<size_t> longest_ident(const std::string& directory) {
  const size_t room = ident_room(directory);
  if (room < kShortestHash) {
    return Failure{0, "run directory " + directory + " is too long for sockets in it: set " +
                          "PREFORK_INTERP_RUN_DIR to a shorter one"};
  }
  return std::min(room, kWholeHash);
}

}  // namespace prefork
