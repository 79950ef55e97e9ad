#pragma once

#include <string>

#include "core/result.h"

namespace prefork {

inline constexpr size_t kMostServers = 100;

struct TidyReport {
  size_t found = 0;  // distinct idents
  size_t removed = 0;
  size_t spared = 0;  // wanted, but locked or used meanwhile
};

// Removes the sockets longest unused, and their locks, until `most` are left. A server whose socket
// goes learns it from its watcher and ends. What is neither a socket nor a lock file of ours is
// neither counted nor touched; a missing directory is fine.
Result<TidyReport> tidy_run_directory(const std::string& directory, size_t most = kMostServers);

}  // namespace prefork
