// What a process has from its caller besides descriptors, environment and arguments: how much it
// may use, when it may run, and who may use the files that it makes.
#pragma once

#include <sys/types.h>

namespace prefork {

// Remembers what this process has now: what differs from it later, the process has chosen itself.
void remember_own_limits();

// Gives this process the resource limits, the niceness, the scheduling policy, the processors, the
// I/O priority and the mask for new files of that one, as far as it may have them, but for what it
// has chosen itself. If that process has gone, nothing changes. While no other thread runs.
void adopt_limits_of(pid_t process);

}  // namespace prefork
