#include "core/launch_state.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "core/descriptor.h"

namespace prefork {

namespace {

constexpr const char* kVariable = "PREFORK_INTERP_LAUNCH";
// Variables that are not for the interpreter in between bear this before their names meanwhile.
constexpr const char* kHidden[] = {"NODE_OPTIONS=", "NODE_V8_COVERAGE="};
constexpr const char kMark[] = "PREFORK_INTERP_HIDDEN_";

constexpr int kLastSignal = 64;

struct State {
  std::uint64_t ignored = 0;  // bit n - 1: signal n
  std::uint64_t blocked = 0;
  std::uint64_t most_descriptors = 0;  // 0: not known
  std::vector<int> inherited = {0, 1, 2};
};

constexpr std::uint64_t bit_of(int signal) { return std::uint64_t{1} << (signal - 1); }

State own_state() {
  State state;
  sigset_t blocked;
  sigprocmask(SIG_BLOCK, nullptr, &blocked);
  for (int signal = 1; signal <= kLastSignal; ++signal) {
    struct sigaction action = {};
    if (sigaction(signal, nullptr, &action) != 0) continue;
    if (action.sa_handler == SIG_IGN) state.ignored |= bit_of(signal);
    if (sigismember(&blocked, signal) == 1) state.blocked |= bit_of(signal);
  }
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) state.most_descriptors = limit.rlim_cur;
  state.inherited = inherited_descriptors();
  return state;
}

// As "ignored,blocked,limit,descriptor,descriptor...", the first two in base 16.
std::string encode(const State& state) {
  char text[96];
  std::snprintf(text, sizeof text, "%" PRIx64 ",%" PRIx64 ",%" PRIu64, state.ignored, state.blocked,
                state.most_descriptors);
  std::string encoded = text;
  for (const int descriptor : state.inherited) encoded += "," + std::to_string(descriptor);
  return encoded;
}

State decode(const char* text) {
  State state;
  char* rest = nullptr;
  state.ignored = strtoull(text, &rest, 16);
  if (*rest == ',') state.blocked = strtoull(rest + 1, &rest, 16);
  if (*rest == ',') state.most_descriptors = strtoull(rest + 1, &rest, 10);
  state.inherited.clear();
  while (*rest == ',') state.inherited.push_back(static_cast<int>(strtol(rest + 1, &rest, 10)));
  return state;
}

// The C library's own signals, 32 and 33, are refused, and so are the two that nobody can catch.
void adopt_signals(const State& state) {
  sigset_t blocked;
  sigemptyset(&blocked);
  for (int signal = 1; signal <= kLastSignal; ++signal) {
    struct sigaction action = {};
    action.sa_handler = (state.ignored & bit_of(signal)) != 0 ? SIG_IGN : SIG_DFL;
    sigaction(signal, &action, nullptr);
    if ((state.blocked & bit_of(signal)) != 0) sigaddset(&blocked, signal);
  }
  sigprocmask(SIG_SETMASK, &blocked, nullptr);
}

void adopt_limit(const State& state) {
  rlimit limit = {};
  if (state.most_descriptors == 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = state.most_descriptors;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::atomic<int> threads_blocked;

// Runs in each of the other threads; the mask that it leaves in its context stays.
void block_all_here(int, siginfo_t*, void* context) {
  sigfillset(&static_cast<ucontext_t*>(context)->uc_sigmask);
  threads_blocked.fetch_add(1);
}

// Whether the thread takes the signal at all: one that has it blocked has all blocked, as
// interpreters' threads that only wait for signals do.
bool takes(pid_t thread, int signal) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/self/task/%d/status", thread);
  FILE* file = fopen(path, "re");
  if (file == nullptr) return false;
  std::uint64_t blocked = ~std::uint64_t{0};
  char line[256];
  while (fgets(line, sizeof line, file) != nullptr) {
    if (std::sscanf(line, "SigBlk: %" SCNx64, &blocked) == 1) break;
  }
  fclose(file);
  return (blocked & bit_of(signal)) == 0;
}

// A signal to the process goes to any thread that has not blocked it, and none but the calling one
// knows what to do with it.
Result<void> block_signals_in_other_threads() {
  const int signal = SIGRTMAX;
  struct sigaction action = {};
  struct sigaction before = {};
  action.sa_sigaction = block_all_here;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(signal, &action, &before);
  DIR* tasks = opendir("/proc/self/task");
  if (tasks == nullptr) return Failure{errno, "list the threads of this process"};
  int asked = 0;
  threads_blocked = 0;
  while (const dirent* entry = readdir(tasks)) {
    const pid_t thread = atoi(entry->d_name);
    if (thread == 0 || thread == gettid() || !takes(thread, signal)) continue;
    if (syscall(SYS_tgkill, getpid(), thread, signal) == 0) ++asked;
  }
  closedir(tasks);
  // Each is woken for it; one that has ended meanwhile is not worth more than a moment.
  for (int attempts = 1000; threads_blocked < asked && attempts > 0; --attempts) {
    const timespec pause{0, 1'000'000};
    nanosleep(&pause, nullptr);
  }
  sigaction(signal, &before, nullptr);
  return {};
}

// Gives an entry of the environment another name without moving it.
void rename_in_place(char** entry, const char* prefix, size_t cut) {
  const std::string renamed = prefix + std::string(*entry + cut);
  *entry = strdup(renamed.c_str());
}

}  // namespace

Result<void> pack_launch_state() {
  const std::string text = encode(own_state());
  for (char** entry = environ; *entry != nullptr; ++entry) {
    for (const char* name : kHidden) {
      if (strncmp(*entry, name, strlen(name)) == 0) rename_in_place(entry, kMark, 0);
    }
  }
  if (setenv(kVariable, text.c_str(), 1) != 0) return Failure{errno, "set an environment variable"};
  return {};
}

Result<void> unpack_launch_state() {
  State state;
  if (const char* text = getenv(kVariable)) {
    state = decode(text);
    unsetenv(kVariable);
  }
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (strncmp(*entry, kMark, strlen(kMark)) == 0) rename_in_place(entry, "", strlen(kMark));
  }
  const Result<void> blocked = block_signals_in_other_threads();
  if (!blocked.ok()) return blocked;
  adopt_limit(state);
  adopt_signals(state);
  for (const int descriptor : state.inherited) (void)set_close_on_exec(descriptor, false);
  return {};
}

}  // namespace prefork
