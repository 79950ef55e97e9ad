// What V8 wants done later, across the time for which a server waits.
//
// V8 looks for memory to give back some seconds after a program has been loaded. In a fork of a
// server that has waited longer, that time has long passed: every call would begin to collect
// garbage as soon as its event loop turns, and start threads for it. A fresh process of that age
// would not. So what is left of such a delay when the loop last looked at the clock, in the setup,
// is left of it in the executor.
#pragma once

#include <uv.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace prefork::live_node {

// In the parent: a search among all of Node's names, which no call should have to wait for.
void find_timers_of_javascript();

class DelayedTasks {
 public:
  // Those of a loop whose clock has stood still since it was the parent's.
  explicit DelayedTasks(uv_loop_t* loop);

  // Brings the clock up to date, and has them wait from now on.
  void wait_anew();

 private:
  uv_loop_t* loop_;
  std::vector<std::pair<uv_timer_t*, std::uint64_t>> due_in_;
};

}  // namespace prefork::live_node
