#include "addon/delayed_tasks.h"

#include <dlfcn.h>

namespace prefork::live_node {

namespace {

// What Node runs the timers of JavaScript by: those go by the time that it is.
constexpr char kRunTimers[] = "_ZN4node11Environment9RunTimersEP10uv_timer_s";

// Null: this Node has no such name.
uv_timer_cb run_timers = nullptr;

// Node gives each of V8's delayed tasks a timer of the loop that keeps no process alive.
bool is_delayed_task(const uv_handle_t* handle) {
  return handle->type == UV_TIMER && uv_is_active(handle) != 0 && uv_has_ref(handle) == 0 &&
         reinterpret_cast<const uv_timer_t*>(handle)->timer_cb != run_timers;
}

}  // namespace

void find_timers_of_javascript() {
  run_timers = reinterpret_cast<uv_timer_cb>(dlsym(RTLD_DEFAULT, kRunTimers));
}

DelayedTasks::DelayedTasks(uv_loop_t* loop) : loop_(loop) {
  // Without that name one could not be told from the other.
  if (run_timers == nullptr) return;
  const auto note = [](uv_handle_t* handle, void* due_in) {
    if (!is_delayed_task(handle)) return;
    auto* timer = reinterpret_cast<uv_timer_t*>(handle);
    static_cast<decltype(due_in_)*>(due_in)->emplace_back(timer, uv_timer_get_due_in(timer));
  };
  uv_walk(loop, note, &due_in_);
}

void DelayedTasks::wait_anew() {
  uv_update_time(loop_);
  for (const auto& [timer, due_in] : due_in_) {
    uv_timer_start(timer, timer->timer_cb, due_in, uv_timer_get_repeat(timer));
  }
}

}  // namespace prefork::live_node
