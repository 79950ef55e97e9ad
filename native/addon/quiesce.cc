#include "addon/quiesce.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <memory>

#include "core/proc_status.h"

namespace prefork::live_node {

namespace {

constexpr long kPauseNanoseconds = 200'000;

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

// Adds one thread to what is seen; a thread that has gone is no longer anybody's concern.
void look_at(int tasks, const char* thread, ThreadCensus* census) {
  const std::string path = std::string(thread) + "/status";
  const int descriptor = openat(tasks, path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  char text[4096];
  const ssize_t length = read(descriptor, text, sizeof text - 1);
  close(descriptor);
  if (length <= 0) return;
  text[length] = '\0';
  const std::string state = status_field(text, "\nState:\t");
  if (state.empty() || state[0] == 'Z' || state[0] == 'X') return;
  if (state[0] != 'S') {
    if (!census->busy.empty()) census->busy += ", ";
    census->busy += status_field(text, "Name:\t");
  }
  census->history += std::string(thread) + status_field(text, "\nvoluntary_ctxt_switches:") +
                     status_field(text, "\nnonvoluntary_ctxt_switches:") + "\n";
}

}  // namespace

ThreadCensus count_other_threads() {
  ThreadCensus census;
  const Directory directory(opendir("/proc/self/task"));
  if (!directory) {
    census.busy = std::string("unknown (/proc/self/task: ") + strerror(errno) + ")";
    return census;
  }
  const pid_t self = gettid();
  while (const dirent* entry = readdir(directory.get())) {
    const int thread = atoi(entry->d_name);
    if (thread != 0 && thread != self) look_at(dirfd(directory.get()), entry->d_name, &census);
  }
  return census;
}

ThreadCensus wait_until_others_sleep(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    ThreadCensus census = count_other_threads();
    if (census.busy.empty() || std::chrono::steady_clock::now() >= deadline) return census;
    const timespec pause{0, kPauseNanoseconds};
    nanosleep(&pause, nullptr);
  }
}

}  // namespace prefork::live_node
