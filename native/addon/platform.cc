#include "addon/platform.h"

#include <dlfcn.h>

#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "addon/worker_pool.h"

namespace prefork::live_node {

namespace {

using Milliseconds = std::chrono::milliseconds;
using DrainTasks = void (*)(void* platform, v8::Isolate* isolate);

// Node 20.
constexpr char kCallOnWorkerThread[] =
    "_ZN4node12NodePlatform18CallOnWorkerThreadESt10unique_ptrIN2v84TaskESt14default_deleteIS3_EE";
// Node 22 and later.
constexpr char kPostTaskOnWorkerThread[] =
    "_ZN4node12NodePlatform26PostTaskOnWorkerThreadImplEN2v812TaskPriorityESt10unique_ptrINS1_"
    "4TaskESt14default_deleteIS4_EERKNS1_14SourceLocationE";
constexpr char kDrainTasks[] = "_ZN4node12NodePlatform10DrainTasksEPN2v87IsolateE";

// Before a vtable's first slot stand the offset to the top and the type information. The platform
// has some forty slots; where they end is nowhere written, and what is copied beyond is never
// called.
constexpr int kPrelude = 2;
constexpr int kSlots = 64;
std::array<void*, kPrelude + kSlots> redirected_vtable;

DrainTasks original_drain = nullptr;
void* the_platform = nullptr;

void call_on_worker_thread(void*, std::unique_ptr<v8::Task> task) {
  WorkerPool::current().post(std::move(task));
}

void post_task_on_worker_thread(void*, int, std::unique_ptr<v8::Task> task, const void*) {
  WorkerPool::current().post(std::move(task));
}

// A background task may post a foreground task and sleep until that has run (a collection that it
// needs, say). Waiting for the pool alone would then wait for ever, so both take turns: Node's own
// drain, whose workers have nothing to do any more, runs what is in the foreground.
constexpr Milliseconds kTurn{5};

bool drain_turn(v8::Isolate* isolate) {
  WorkerPool& pool = WorkerPool::current();
  const bool idle = pool.wait_idle(kTurn);
  const auto posted = pool.posted();
  original_drain(the_platform, isolate);
  return idle && pool.posted() == posted;
}

void drain_tasks(void*, v8::Isolate* isolate) {
  while (!drain_turn(isolate)) continue;
}

bool replace(void* original, void* replacement) {
  if (original == nullptr) return false;
  for (int slot = kPrelude; slot < kPrelude + kSlots; ++slot) {
    if (redirected_vtable[slot] != original) continue;
    redirected_vtable[slot] = replacement;
    return true;
  }
  return false;
}

std::string missing(napi_env env, const char* what) {
  const napi_node_version* version = nullptr;
  std::string name = "this Node";
  if (napi_get_node_version(env, &version) == napi_ok) {
    name = "Node " + std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
           std::to_string(version->patch);
  }
  return name + " is not supported: its V8 platform has no " + what;
}

std::optional<std::string> redirect(napi_env env) {
  auto* node_environment = current_environment();
  void* platform = node_environment ? ::node::GetMultiIsolatePlatform(node_environment) : nullptr;
  if (platform == nullptr) return missing(env, "MultiIsolatePlatform");
  void*** vtable_of_platform = static_cast<void***>(platform);
  std::memcpy(redirected_vtable.data(), *vtable_of_platform - kPrelude, sizeof redirected_vtable);

  void* drain = dlsym(RTLD_DEFAULT, kDrainTasks);
  if (!replace(drain, reinterpret_cast<void*>(drain_tasks))) return missing(env, kDrainTasks);
  if (!replace(dlsym(RTLD_DEFAULT, kCallOnWorkerThread),
               reinterpret_cast<void*>(call_on_worker_thread)) &&
      !replace(dlsym(RTLD_DEFAULT, kPostTaskOnWorkerThread),
               reinterpret_cast<void*>(post_task_on_worker_thread))) {
    return missing(env, kPostTaskOnWorkerThread);
  }

  // Made before the first task can come from another thread.
  WorkerPool::current();
  original_drain = reinterpret_cast<DrainTasks>(drain);
  the_platform = platform;
  // One aligned word: a thread that is just posting sees the one table or the other.
  __atomic_store_n(vtable_of_platform, redirected_vtable.data() + kPrelude, __ATOMIC_RELEASE);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> redirect_platform(napi_env env) {
  static const std::optional<std::string> failure = redirect(env);
  return failure;
}

bool drain_platform(v8::Isolate* isolate, Milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!drain_turn(isolate)) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
  }
  return true;
}

}  // namespace prefork::live_node
