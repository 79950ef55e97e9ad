#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "core/result.h"

namespace prefork {

// Where sockets and locks are.
struct RunDirectory {
  std::string path;
  std::string warning;  // empty, or why the usual place was passed over

  std::string socket_path(const std::string& ident) const { return path + "/s" + ident; }
  std::string lock_path(const std::string& ident) const { return path + "/l" + ident; }
};

// What the place depends on. Home and node name are looked up only if they are needed and absent.
struct RunDirectoryRules {
  std::string chosen;  // PREFORK_INTERP_RUN_DIR; empty: the usual places
  uid_t user = 0;
  std::string user_directories = "/var/run/user";
  std::optional<std::string> home = {};
  std::optional<std::string> node_name = {};
};

// From this process's environment and real user.
RunDirectoryRules run_directory_rules();

// Finds the run directory, making it (0700) if need be. Nobody else can write to it: whoever could
// would be handed our callers' descriptors and environment.
Result<RunDirectory> find_run_directory(const RunDirectoryRules& rules);

// Where the run directory would be found, without making it, warning or looking anybody up: a home
// that the rules do not name is none. Empty: nowhere.
std::string expected_run_directory(const RunDirectoryRules& rules);

// The most characters of any ident with which the socket's path leaves 10 bytes of sun_path to
// spare; 0 if there is no room at all.
size_t ident_room(const std::string& directory);

// To how many characters the hash is cut: as many as there is room for, 33 to 64. A Failure if 33
// do not fit.
Result<size_t> longest_ident(const std::string& directory);

}  // namespace prefork
