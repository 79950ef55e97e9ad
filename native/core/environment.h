#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace prefork {

std::optional<std::string> get_variable(const char* name);

// Is a switch such as PREFORK_INTERP_OFF on? Unset, empty and "0" are off.
bool is_switched_on(const char* name);

// PREFORK_INTERP_TIMEOUT: decimal seconds above zero, with or without a fraction; less than a
// millisecond counts as one.
Result<uint64_t> parse_timeout_milliseconds(std::string_view text);

// PREFORK_INTERP, which tells a script that it is being set up as a server. Nobody has looked yet
// whether the descriptors are open.
struct SetupVariable {
  timespec started = {};  // the socket's mtime, that is, just before the script was started
  int listener = -1;
  int call = -1;
  int watcher_stdin = -1;
  int watcher_stderr = -1;
};

std::string encode_setup_variable(const SetupVariable& setup);

// Ignores further words, and further items of the first two. A Failure names what is malformed.
Result<SetupVariable> parse_setup_variable(std::string_view text);

// Are the descriptors open, and what they should be? The variable may have come down from a process
// whose descriptors have not: what has their numbers here must not be taken for them.
Result<void> check_setup_descriptors(const SetupVariable& setup);

}  // namespace prefork
