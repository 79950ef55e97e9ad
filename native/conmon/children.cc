#include "conmon/children.h"

#include "core/process.h"

namespace prefork {

void Children::reap() {
  for (;;) {
    const auto reaped = wait_status_now(-1);
    if (!reaped.ok() || !reaped.value()) return;
    const pid_t pid = reaped.value()->pid;
    if (interesting_ == -1 || pid == interesting_) ends_[pid] = reaped.value()->status;
  }
}

std::optional<int> Children::take_end_of(pid_t pid) {
  const auto end = ends_.find(pid);
  if (end == ends_.end()) return std::nullopt;
  const int status = end->second;
  ends_.erase(end);
  return status;
}

void Children::forget_others(pid_t pid) {
  interesting_ = pid;
  std::erase_if(ends_, [pid](const auto& end) { return end.first != pid; });
}

int exit_status_of(int wait_status) {
  if (was_killed(wait_status)) return 128 + killing_signal(wait_status);
  return exit_code(wait_status);
}

}  // namespace prefork
