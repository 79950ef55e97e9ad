#pragma once

#include <string>

#include "core/command_line.h"

namespace prefork {

// What tells one server from another, as 64 hexadecimal digits: machine, current and root
// directory, -E and -G, interpreter and script. The original C client computes the same, so that
// each finds the other's servers.
Result<std::string> identity_hash(const CommandLine& line);

// The name of the server in a run directory: -g as it is, or as much of the hash as fits. A Failure
// if it does not fit into a socket's path.
Result<std::string> socket_ident(const CommandLine& line, const std::string& run_directory);

}  // namespace prefork
