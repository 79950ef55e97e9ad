// Whether the other threads of this process sleep. Only then may it be forked: a thread caught in
// the middle of something leaves its locks taken and its data half written in the child for ever.
#pragma once

#include <chrono>
#include <string>

namespace prefork::live_node {

// One look at every thread but the calling one, a thread at a time. That no thread was busy does
// not mean that all slept at once: the one seen first may have been woken by the one seen last,
// just before that fell asleep. Only two looks that agree do: who has the same number of context
// switches in both has slept from the one to the other, so between them all did, and nobody is left
// to wake anybody.
struct ThreadCensus {
  std::string busy;     // names of those not in state S
  std::string history;  // each with its context switches

  bool same_sleep_as(const ThreadCensus& other) const {
    return busy.empty() && other.busy.empty() && history == other.history;
  }
};

// A close look also tells who only sleeps for a while. It takes longer, and once is enough: between
// two looks that agree, nobody has begun to.
enum class Look { kQuick, kClose };

ThreadCensus count_other_threads(Look look = Look::kQuick);

// Looks again and again until nobody is busy, or `limit` is over. A sleeping thread may be blocked
// in the middle of something all the same: that, nobody can see from outside.
ThreadCensus wait_until_others_sleep(std::chrono::milliseconds limit);

}  // namespace prefork::live_node
