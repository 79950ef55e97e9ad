#include "conmon/memory_watch.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "conmon/small_file.h"
#include "core/retry.h"

namespace prefork {

namespace {

constexpr char kRoot[] = "/sys/fs/cgroup";

bool has_second_version_only() {
  struct statfs status;
  return statfs(kRoot, &status) == 0 && status.f_type == CGROUP2_SUPER_MAGIC;
}

// Whether a comma-separated list names the memory controller.
bool names_memory(std::string_view controllers) {
  while (!controllers.empty()) {
    const std::size_t comma = controllers.find(',');
    if (controllers.substr(0, comma) == "memory") return true;
    if (comma == std::string_view::npos) return false;
    controllers.remove_prefix(comma + 1);
  }
  return false;
}

// The directory of the process's cgroup, from lines "ID:CONTROLLERS:PATH".
std::optional<std::string> find_cgroup(std::string_view lines, bool second_version) {
  while (!lines.empty()) {
    const std::size_t newline = lines.find('\n');
    const std::string_view line = lines.substr(0, newline);
    lines.remove_prefix(newline == std::string_view::npos ? lines.size() : newline + 1);
    const std::size_t first = line.find(':');
    if (first == std::string_view::npos) continue;
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string path(line.substr(second + 1));
    if (second_version) {
      if (line.substr(0, first) == "0" && controllers.empty()) return kRoot + path;
    } else if (names_memory(controllers)) {
      return std::string(kRoot) + "/" + std::string(controllers) + path;
    }
  }
  return std::nullopt;
}

// The number behind "<key> " in lines "KEY NUMBER".
std::uint64_t count_of(const std::string& lines, const std::string& key) {
  const std::size_t at = ("\n" + lines).find("\n" + key + " ");
  if (at == std::string::npos) return 0;
  return std::strtoull(lines.c_str() + at + key.size() + 1, nullptr, 10);
}

}  // namespace

Result<void> MemoryWatch::open(pid_t pid) {
  is_second_version_ = has_second_version_only();
  const std::string file = "/proc/" + std::to_string(pid) + "/cgroup";
  const Result<std::string> lines = read_small_file(file);
  if (!lines.ok()) return lines.failure();
  const auto cgroup = find_cgroup(lines.value(), is_second_version_);
  if (!cgroup) return Failure{0, "find memory cgroup in " + file};
  return is_second_version_ ? open_second_version(*cgroup) : open_first_version(*cgroup);
}

Result<void> MemoryWatch::open_first_version(const std::string& cgroup) {
  control_file_ = cgroup + "/memory.oom_control";
  const int control = ::open(control_file_.c_str(), O_RDONLY | O_CLOEXEC);
  if (control == -1) return Failure{errno, "open " + control_file_};
  const Descriptor held_control(control);
  const std::string registry_file = cgroup + "/cgroup.event_control";
  const int registry = ::open(registry_file.c_str(), O_WRONLY | O_CLOEXEC);
  if (registry == -1) return Failure{errno, "open " + registry_file};
  const Descriptor held_registry(registry);
  const int events = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (events == -1) return Failure{errno, "make eventfd"};
  Descriptor held_events(events);
  const std::string request = std::to_string(events) + " " + std::to_string(control);
  if (write(registry, request.data(), request.size()) < 0) {
    return Failure{errno, "write " + registry_file};
  }
  events_ = std::move(held_events);
  return {};
}

Result<void> MemoryWatch::open_second_version(const std::string& cgroup) {
  control_file_ = cgroup + "/memory.events";
  const int events = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (events == -1) return Failure{errno, "make inotify instance"};
  Descriptor held(events);
  if (inotify_add_watch(events, control_file_.c_str(), IN_MODIFY) == -1) {
    return Failure{errno, "watch " + control_file_};
  }
  events_ = std::move(held);
  return {};
}

MemoryWatch::News MemoryWatch::read() {
  return is_second_version_ ? read_second_version() : read_first_version();
}

MemoryWatch::News MemoryWatch::read_first_version() {
  std::uint64_t count = 0;
  const ssize_t taken = retry_on_eintr([&] { return ::read(events_.get(), &count, sizeof count); });
  if (taken != sizeof count) return News::kNothingNew;
  // The removal of the cgroup counts as one event, too.
  if (count == 1 && access(control_file_.c_str(), F_OK) != 0) return News::kCgroupGone;
  return News::kOutOfMemory;
}

MemoryWatch::News MemoryWatch::read_second_version() {
  alignas(inotify_event) char events[4096];
  while (retry_on_eintr([&] { return ::read(events_.get(), events, sizeof events); }) > 0) {
  }
  const Result<std::string> lines = read_small_file(control_file_);
  if (!lines.ok()) return News::kCgroupGone;
  const std::uint64_t now_oom = count_of(lines.value(), "oom");
  const std::uint64_t now_oom_kill = count_of(lines.value(), "oom_kill");
  const bool is_new =
      (now_oom != oom_ && now_oom != 0) || (now_oom_kill != oom_kill_ && now_oom_kill != 0);
  oom_ = now_oom;
  oom_kill_ = now_oom_kill;
  return is_new ? News::kOutOfMemory : News::kNothingNew;
}

void MemoryWatch::close() { events_.reset(); }

}  // namespace prefork
