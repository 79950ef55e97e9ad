// A forked child that does one thing beside the script's process and disappears, seen by nobody.
#pragma once

#include <sys/types.h>

#include <string>

#include "addon/real_fork.h"

namespace prefork::live_node {

// As fork_from_live_node(). The child has a living event loop, ends itself within seconds whatever
// happens, and holds none of descriptors 0, 1, 2: a caller that reads the script's output until its
// end must not have to wait for this child as well.
pid_t fork_throwaway(std::string* failure, std::chrono::milliseconds patience = kPatience);

}  // namespace prefork::live_node
