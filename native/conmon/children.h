#pragma once

#include <sys/types.h>

#include <map>
#include <optional>

namespace prefork {

// The ends of child processes, orphans that have come here included. An end may be noticed before
// anybody knows whose it is, so ends are kept until they are asked for.
class Children {
 public:
  // Reaps everything that has ended.
  void reap();
  // The wait status of a child that has been reaped; only once.
  std::optional<int> take_end_of(pid_t pid);
  // From now on the ends of others are of no interest.
  void forget_others(pid_t pid);

 private:
  std::map<pid_t, int> ends_;
  pid_t interesting_ = -1;  // -1: all of them
};

// As shells have it: 0 to 255, or 128 and the signal.
int exit_status_of(int wait_status);

}  // namespace prefork
