// Whether a container runs out of memory: what each step of machines/oom.ts does.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "actors/actor.h"
#include "charts/oom.h"
#include "conmon/memory_watch.h"
#include "conmon/messages.h"

namespace prefork {

class Oom final : public Actor<charts::oom::Effects, charts::oom::Event> {
 public:
  /// `marks`: the files that tell of it.
  Oom(Loop& loop, pid_t container, std::vector<std::string> marks, Messages& messages)
      : Actor(loop), container_(container), marks_(std::move(marks)), messages_(messages) {}

  /// Looks once more, at the container's end.
  void check() { post(Event::kCheckAsked); }

 private:
  using Event = charts::oom::Event;

  void start_watch() override;
  void report_no_watch() override;
  void report_cgroup_gone() override;
  void read_event() override;
  void record_out_of_memory() override;
  void stop_watch() override;

  pid_t container_;
  std::vector<std::string> marks_;
  Messages& messages_;
  MemoryWatch watch_;
  Poll poll_;
};

}  // namespace prefork
