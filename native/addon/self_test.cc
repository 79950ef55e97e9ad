#include "addon/self_test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "addon/platform.h"
#include "addon/real_fork.h"
#include "addon/throwaway.h"

namespace prefork::live_node {

namespace {

using Milliseconds = std::chrono::milliseconds;

// An ordinary test takes some milliseconds of processor time.
constexpr Milliseconds kTestPatience{5000};

// At the library's load the script may have work under way in other threads, and it will have to
// wait for that later, when the work has got on.
constexpr Milliseconds kPatienceAtLoad{20};

constexpr char kPassed = '+';

pid_t child = -1;
int verdict = -1;  // reading end of a pipe; the child writes kPassed or dies
std::optional<std::string> failure;

// Collecting garbage posts background tasks, walks all of the heap and compacts some of it: what a
// child without workers hangs in, and what one with holes in its memory crashes in. The event loop
// is not turned: that would run the script's own callbacks.
[[noreturn]] void live_and_die(int report) {
  v8::Isolate* isolate = v8::Isolate::GetCurrent();
  v8::V8::SetFlagsFromString("--expose-gc");
  isolate->RequestGarbageCollectionForTesting(v8::Isolate::kMinorGarbageCollection);
  isolate->RequestGarbageCollectionForTesting(v8::Isolate::kFullGarbageCollection);
  const bool drained = drain_platform(isolate, kTestPatience);
  const bool reported = drained && write(report, &kPassed, 1) == 1;
  _exit(reported ? 0 : 1);
}

// Reads the verdict: true only if the child lived to give it.
bool passed() {
  const auto deadline = std::chrono::steady_clock::now() + kTestPatience;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<Milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() < 0) return false;
    pollfd readable{verdict, POLLIN, 0};
    const int ready = poll(&readable, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    char byte = 0;
    const ssize_t got = read(verdict, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    return got == 1 && byte == kPassed;
  }
}

void start(Milliseconds patience) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    failure = std::string("the self-test's pipe: ") + strerror(errno);
    return;
  }
  failure.reset();
  std::string reason;
  child = fork_throwaway(&reason, patience);
  if (child == 0) live_and_die(ends[1]);
  close(ends[1]);
  if (child > 0) {
    verdict = ends[0];
    return;
  }
  close(ends[0]);
  failure = "the self-test's fork: " + reason;
}

// The status may be gone: who ignores SIGCHLD has no zombies. Then only the verdict speaks.
std::string how_it_died() {
  int status = 0;
  pid_t reaped;
  do reaped = waitpid(child, &status, 0);
  while (reaped < 0 && errno == EINTR);
  if (reaped == child && WIFSIGNALED(status)) {
    return std::string("died of ") + strsignal(WTERMSIG(status));
  }
  return "did not come to its end";
}

}  // namespace

void start_self_test() { start(kPatienceAtLoad); }

std::optional<std::string> finish_self_test() {
  if (verdict < 0 && failure && child < 0) start(kPatience);
  if (verdict < 0) return failure;
  if (!passed()) {
    kill(child, SIGKILL);
    failure = "this Node does not survive a fork: the child of the self-test " + how_it_died();
  } else {
    // It has nothing left to do but to vanish; should it take its time, the zombie falls to init.
    waitpid(child, nullptr, WNOHANG);
  }
  close(verdict);
  verdict = -1;
  return failure;
}

}  // namespace prefork::live_node
