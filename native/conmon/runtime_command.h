// The words that an OCI runtime is called with.
#pragma once

#include <string>
#include <vector>

#include "conmon/options.h"

namespace prefork {

struct RuntimePaths {
  std::string bundle;
  std::string pid_file;
  std::string console_socket;  // empty: no terminal
};

std::vector<std::string> runtime_command(const ContainerOptions& options,
                                         const RuntimePaths& paths);

/// Executes the command as it is written, with the environment of this process. Returns only as the
/// errno that says why not.
int execute_command(const std::vector<std::string>& words);

}  // namespace prefork
