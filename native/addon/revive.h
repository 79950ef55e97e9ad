// What a child of a live Node needs before JavaScript may run in it again.
#pragma once

#include <node_api.h>

#include <optional>
#include <string>

struct uv_loop_s;

namespace prefork::live_node {

// Remembers Node's event loop. In the parent, while there is a JavaScript frame to ask from.
std::optional<std::string> find_event_loop(napi_env env);

// What was found.
uv_loop_s* event_loop();

// Gives this process an event loop that is its own, with all that the parent watched in it: until
// then the epoll instance and the wake-up descriptors are the parent's. Once per child.
std::optional<std::string> revive();

// Once revived, after a time in which the loop has not run: what V8 wants done later waits on.
void let_delayed_tasks_wait();

}  // namespace prefork::live_node
