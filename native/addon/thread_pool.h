// libuv's thread pool, of which a fork has nothing but the bookkeeping: what it has not finished
// would never be finished in the child, which would wait for it for ever.
#pragma once

#include <chrono>
#include <cstddef>

namespace prefork::live_node {

/// Waits, for `limit` at most, until the pool has done what Node's loop has asked of it; returns
/// how much it has not. Results that nobody has seen yet survive a fork: see revive().
std::size_t wait_for_thread_pool(std::chrono::milliseconds limit);

/// How much it has done without Node having looked at the result.
std::size_t unseen_pool_results();

/// Has the pool's threads running, if they were not, so that they can be counted.
void start_thread_pool();

}  // namespace prefork::live_node
