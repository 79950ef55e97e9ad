#include "addon/self_test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include "addon/platform.h"
#include "addon/real_fork.h"
#include "addon/throwaway.h"

namespace prefork::live_node {

namespace {

using Milliseconds = std::chrono::milliseconds;

// Of the child alone: whoever waits for the verdict has a limit of his own.
constexpr Milliseconds kDrainPatience{5000};

// At the library's load the script may have work under way in other threads, and it will have to
// wait for that later, when the work has got on.
constexpr Milliseconds kPatienceAtLoad{20};

// One byte for each of those who wait.
constexpr char kPassed[] = {'+', '+'};

SelfTest started;

// Collecting garbage posts background tasks, walks all of the heap and compacts some of it: what a
// child without workers hangs in, and what one with holes in its memory crashes in. The event loop
// is not turned: that would run the script's own callbacks.
[[noreturn]] void live_and_die(int report) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  v8::V8::SetFlagsFromString("--expose-gc");
  isolate->RequestGarbageCollectionForTesting(v8::Isolate::kFullGarbageCollection);
  const bool drained = drain_platform(isolate, kDrainPatience);
  const bool reported = drained && write(report, kPassed, sizeof kPassed) == sizeof kPassed;
  _exit(reported ? 0 : 1);
}

// Without a child `failure` or errno says why.
void start(Milliseconds patience, std::string* failure) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return;
  const pid_t child = fork_throwaway(failure, patience);
  if (child == 0) live_and_die(ends[1]);
  const int error = errno;
  close(ends[1]);
  if (child > 0) {
    started = SelfTest{ends[0], child};
    return;
  }
  close(ends[0]);
  errno = error;
}

}  // namespace

void start_self_test() {
  std::string put_off;
  start(kPatienceAtLoad, &put_off);
}

SelfTest self_test(std::string* failure) {
  if (started.verdict < 0) start(kPatience, failure);
  return std::exchange(started, SelfTest{});
}

}  // namespace prefork::live_node
