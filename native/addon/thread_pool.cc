#include "addon/thread_pool.h"

#include <stdlib.h>
#include <time.h>
#include <uv.h>

#include "addon/revive.h"

namespace prefork::live_node {

namespace {

constexpr long kPauseNanoseconds = 200'000;

// libuv's queues are rings of two pointers, the next one first, on every version of it.
std::size_t length_of(const void* queue) {
  const auto next = [](const void* link) { return *static_cast<const void* const*>(link); };
  std::size_t length = 0;
  for (const void* link = next(queue); link != queue; link = next(link)) ++length;
  return length;
}

// A loop counts its requests but does not say whose they are. Those of streams and sockets do not
// go through the pool.
void count_socket_requests(uv_handle_t* handle, void* count) {
  std::size_t& requests = *static_cast<std::size_t*>(count);
  if (handle->type == UV_UDP) {
    const auto* socket = reinterpret_cast<const uv_udp_t*>(handle);
    requests += length_of(&socket->write_queue) + length_of(&socket->write_completed_queue);
  } else if (handle->type == UV_TCP || handle->type == UV_NAMED_PIPE || handle->type == UV_TTY) {
    const auto* stream = reinterpret_cast<const uv_stream_t*>(handle);
    requests += length_of(&stream->write_queue) + length_of(&stream->write_completed_queue);
    if (stream->connect_req != nullptr) ++requests;
    if (stream->shutdown_req != nullptr) ++requests;
  }
}

std::size_t unfinished() {
  std::size_t others = 0;
  uv_walk(event_loop(), count_socket_requests, &others);
  others += unseen_pool_results();
  const std::size_t all = event_loop()->active_reqs.count;
  return all > others ? all - others : 0;
}

}  // namespace

std::size_t wait_for_thread_pool(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const std::size_t left = unfinished();
    if (left == 0 || std::chrono::steady_clock::now() >= deadline) return left;
    const timespec pause{0, kPauseNanoseconds};
    nanosleep(&pause, nullptr);
  }
}

std::size_t unseen_pool_results() {
  uv_loop_t* loop = event_loop();
  uv_mutex_lock(&loop->wq_mutex);
  const std::size_t unseen = length_of(&loop->wq);
  uv_mutex_unlock(&loop->wq_mutex);
  return unseen;
}

void start_thread_pool() {
  // The first request to come starts all threads. It is one of a loop of its own, because Node's
  // would keep a trace of it; both stay, should the pool be too busy to look at it.
  static uv_work_t request;
  static uv_loop_t* loop = nullptr;
  if (loop != nullptr) return;
  loop = static_cast<uv_loop_t*>(malloc(uv_loop_size()));
  if (loop == nullptr || uv_loop_init(loop) != 0) return;
  (void)uv_queue_work(
      loop, &request, [](uv_work_t*) {}, nullptr);
}

}  // namespace prefork::live_node
