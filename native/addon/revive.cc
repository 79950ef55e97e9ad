#include "addon/revive.h"

#include <uv.h>

#include <vector>

#include "addon/delayed_tasks.h"

namespace prefork::live_node {

namespace {

uv_loop_t* loop = nullptr;

void collect_if_sent(uv_handle_t* handle, void* sent) {
  if (handle->type != UV_ASYNC) return;
  auto* async = reinterpret_cast<uv_async_t*>(handle);
  if (async->pending != 0) static_cast<std::vector<uv_async_t*>*>(sent)->push_back(async);
}

// Wake-ups that were sent but not yet seen. A thread of libuv's pool has done its work, say: the
// result is in the loop's memory, and so in the child's, but the word of it was in the descriptor
// that uv_loop_fork() throws away, and the callback would never run.
std::vector<uv_async_t*> unseen_wakeups() {
  std::vector<uv_async_t*> sent;
  uv_walk(loop, collect_if_sent, &sent);
  // The pool's own handle is internal: a walk leaves it out.
  collect_if_sent(reinterpret_cast<uv_handle_t*>(&loop->wq_async), &sent);
  return sent;
}

}  // namespace

std::optional<std::string> find_event_loop(napi_env env) {
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return "Node does not give its event loop";
  find_timers_of_javascript();
  return std::nullopt;
}

uv_loop_s* event_loop() { return loop; }

std::optional<std::string> revive() {
  const std::vector<uv_async_t*> unseen = unseen_wakeups();
  DelayedTasks delayed(loop);
  const int error = uv_loop_fork(loop);
  if (error != 0) {
    return std::string("the event loop after the fork: ") + uv_strerror(error);
  }
  for (uv_async_t* async : unseen) uv_async_send(async);
  delayed.wait_anew();
  return std::nullopt;
}

void let_delayed_tasks_wait() { DelayedTasks(loop).wait_anew(); }

}  // namespace prefork::live_node
