// Node's V8 platform, redirected: background tasks go to our WorkerPool, and a drain waits for that
// pool.
#pragma once

#include <node_api.h>

#include <chrono>
#include <optional>
#include <string>

#include "addon/node_symbols.h"

namespace prefork::live_node {

// Redirects the platform of this process, once; later calls repeat the first answer. Early is
// better: what was posted before is still in the hands of Node's own threads. Main thread only.
// Returns why it cannot be done, naming the Node and what it lacks.
std::optional<std::string> redirect_platform(napi_env env);

// As Node itself drains at the end of a script: returns when no background task is left and every
// foreground task that they posted has run. False when `limit` is over first.
bool drain_platform(v8::Isolate* isolate, std::chrono::milliseconds limit);

}  // namespace prefork::live_node
