#include "addon/quiesce.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
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

// Empty if the thread has gone.
std::string read_file(int tasks, const std::string& path) {
  const int descriptor = openat(tasks, path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return "";
  char text[4096];
  const ssize_t length = read(descriptor, text, sizeof text - 1);
  close(descriptor);
  return length <= 0 ? "" : std::string(text, static_cast<size_t>(length));
}

// Who waits for work waits for others. Who sleeps for a time that he has set himself is in the
// middle of something: V8's workers do so when they first wait for a lock (the library of their
// locks measures the clock), with their part of the heap in use. The file begins with the number of
// the system call, or with a word.
bool sleeps_for_a_time(int tasks, const char* thread) {
  const std::string text = read_file(tasks, std::string(thread) + "/syscall");
  char* end = nullptr;
  const long number = strtol(text.c_str(), &end, 10);
  return end != text.c_str() && (number == SYS_nanosleep || number == SYS_clock_nanosleep);
}

// Adds one thread to what is seen; a thread that has gone is no longer anybody's concern.
void look_at(int tasks, const char* thread, Look look, ThreadCensus* census) {
  const std::string status = read_file(tasks, std::string(thread) + "/status");
  const char* text = status.c_str();
  const std::string state = status_field(text, "\nState:\t");
  if (state.empty() || state[0] == 'Z' || state[0] == 'X') return;
  if (state[0] != 'S' || (look == Look::kClose && sleeps_for_a_time(tasks, thread))) {
    if (!census->busy.empty()) census->busy += ", ";
    census->busy += status_field(text, "Name:\t");
  }
  census->history += std::string(thread) + status_field(text, "\nvoluntary_ctxt_switches:") +
                     status_field(text, "\nnonvoluntary_ctxt_switches:") + "\n";
}

}  // namespace

ThreadCensus count_other_threads(Look look) {
  ThreadCensus census;
  const Directory directory(opendir("/proc/self/task"));
  if (!directory) {
    census.busy = std::string("unknown (/proc/self/task: ") + strerror(errno) + ")";
    return census;
  }
  const pid_t self = gettid();
  while (const dirent* entry = readdir(directory.get())) {
    const int thread = atoi(entry->d_name);
    if (thread != 0 && thread != self)
      look_at(dirfd(directory.get()), entry->d_name, look, &census);
  }
  return census;
}

ThreadCensus wait_until_others_sleep(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    ThreadCensus census = count_other_threads(Look::kClose);
    if (census.busy.empty() || std::chrono::steady_clock::now() >= deadline) return census;
    const timespec pause{0, kPauseNanoseconds};
    nanosleep(&pause, nullptr);
  }
}

}  // namespace prefork::live_node
