#include "core/caller_limits.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "core/proc_status.h"

namespace prefork {

namespace {

constexpr pid_t kOwn = 0;
constexpr int kIoPriorityOfProcess = 1;  // IOPRIO_WHO_PROCESS: the C library has no name for it

struct Schedule {
  int policy = 0;
  int priority = 0;  // of a real-time policy
  bool operator==(const Schedule&) const = default;
};

struct ResourceLimit {
  rlim_t soft = 0;
  rlim_t hard = 0;
  bool operator==(const ResourceLimit&) const = default;
};

struct Processors {
  cpu_set_t set;
  bool operator==(const Processors& other) const { return CPU_EQUAL(&set, &other.set); }
};

// Each reads one thing of a process; nothing: it is not to be had, as of a process that has gone.

std::optional<ResourceLimit> resource_limit_of(pid_t process, __rlimit_resource resource) {
  rlimit limit;
  if (prlimit(process, resource, nullptr, &limit) != 0) return std::nullopt;
  // Node begins by asking for as many descriptors as it may have.
  if (resource == RLIMIT_NOFILE) limit.rlim_cur = limit.rlim_max;
  return ResourceLimit{limit.rlim_cur, limit.rlim_max};
}

std::optional<Schedule> schedule_of(pid_t process) {
  sched_param parameters;
  const int policy = sched_getscheduler(process);
  if (policy < 0 || sched_getparam(process, &parameters) != 0) return std::nullopt;
  return Schedule{policy, parameters.sched_priority};
}

std::optional<int> niceness_of(pid_t process) {
  errno = 0;
  const int niceness = getpriority(PRIO_PROCESS, static_cast<id_t>(process));
  return errno == 0 ? std::optional(niceness) : std::nullopt;
}

std::optional<Processors> processors_of(pid_t process) {
  Processors processors;
  if (sched_getaffinity(process, sizeof processors.set, &processors.set) != 0) return std::nullopt;
  return processors;
}

std::optional<long> io_priority_of(pid_t process) {
  const long priority = syscall(SYS_ioprio_get, kIoPriorityOfProcess, process);
  return priority >= 0 ? std::optional(priority) : std::nullopt;
}

std::optional<mode_t> file_mask_of(pid_t process) {
  return process == kOwn ? own_mask() : mask_of(process);
}

struct Limits {
  std::array<std::optional<ResourceLimit>, RLIM_NLIMITS> resources;
  std::optional<Schedule> schedule;
  std::optional<int> niceness;
  std::optional<Processors> processors;
  std::optional<long> io_priority;
  std::optional<mode_t> file_mask;
};

Limits remembered;

// Changes what differs from what was remembered, unless the process has changed it itself.
template <class Value, class Read, class Set>
void adopt(const std::optional<Value>& before, pid_t process, Read read, Set set) {
  const std::optional<Value> wanted = read(process);
  if (wanted && before && *wanted != *before && read(kOwn) == before) set(*wanted);
}

// What only root could have is had as far as anybody may.
void set_resource_limit(__rlimit_resource resource, const ResourceLimit& wanted) {
  rlimit limit = {wanted.soft, wanted.hard};
  if (setrlimit(resource, &limit) == 0) return;
  const auto own = resource_limit_of(kOwn, resource);
  if (!own) return;
  limit.rlim_max = std::min(wanted.hard, own->hard);
  limit.rlim_cur = std::min(wanted.soft, limit.rlim_max);
  (void)setrlimit(resource, &limit);
}

}  // namespace

void remember_own_limits() {
  for (size_t resource = 0; resource < RLIM_NLIMITS; ++resource) {
    remembered.resources[resource] =
        resource_limit_of(kOwn, static_cast<__rlimit_resource>(resource));
  }
  remembered.schedule = schedule_of(kOwn);
  remembered.niceness = niceness_of(kOwn);
  remembered.processors = processors_of(kOwn);
  remembered.io_priority = io_priority_of(kOwn);
  remembered.file_mask = mask_of(getpid());  // there may be other threads
}

void adopt_limits_of(pid_t process) {
  for (size_t index = 0; index < RLIM_NLIMITS; ++index) {
    const auto resource = static_cast<__rlimit_resource>(index);
    adopt(
        remembered.resources[index], process,
        [&](pid_t of) { return resource_limit_of(of, resource); },
        [&](const ResourceLimit& wanted) { set_resource_limit(resource, wanted); });
  }
  adopt(remembered.schedule, process, schedule_of, [](const Schedule& wanted) {
    const sched_param parameters = {wanted.priority};
    (void)sched_setscheduler(kOwn, wanted.policy, &parameters);
  });
  adopt(remembered.niceness, process, niceness_of,
        [](int wanted) { (void)setpriority(PRIO_PROCESS, kOwn, wanted); });
  adopt(remembered.processors, process, processors_of, [](const Processors& wanted) {
    (void)sched_setaffinity(kOwn, sizeof wanted.set, &wanted.set);
  });
  adopt(remembered.io_priority, process, io_priority_of,
        [](long wanted) { (void)syscall(SYS_ioprio_set, kIoPriorityOfProcess, kOwn, wanted); });
  adopt(remembered.file_mask, process, file_mask_of, [](mode_t wanted) { umask(wanted); });
}

}  // namespace prefork
