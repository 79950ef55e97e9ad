#include "addon/fork_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <array>

#include "addon/exit_hooks.h"
#include "addon/node_symbols.h"
#include "addon/platform.h"
#include "addon/real_fork.h"
#include "addon/revive.h"

namespace prefork::live_node {

namespace {

std::optional<std::string> install_once(napi_env env) {
  if (auto failure = find_event_loop(env)) return failure;
  if (auto failure = redirect_platform(env)) return failure;
  install_exit_hooks();
  start_self_test();
  return std::nullopt;
}

}  // namespace

std::optional<std::string> install(napi_env env) {
  // A Worker's environment has hooks and an event loop of its own: they would be the wrong ones.
  if (gettid() != getpid()) return "only the main thread can become a server";
  static const std::optional<std::string> failure = install_once(env);
  return failure;
}

std::optional<std::string> run(napi_env env, napi_value function, napi_value call) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::string("pipe: ") + strerror(errno);
  napi_value undefined, result, exception;
  std::array<napi_value, 2> arguments = {nullptr, call};
  if (napi_get_undefined(env, &undefined) == napi_ok &&
      napi_create_int32(env, ends[1], &arguments[0]) == napi_ok &&
      napi_call_function(env, undefined, function, arguments.size(), arguments.data(), &result) ==
          napi_pending_exception) {
    napi_get_and_clear_last_exception(env, &exception);
  }
  for (const int end : ends) close(end);
  return std::nullopt;
}

std::optional<std::string> run_and_settle(napi_env env, napi_value function, napi_value call) {
  if (auto failure = run(env, function, call)) return failure;
  return settle_for_fork();
}

void set_random_seed(int seed) {
  v8::V8::SetFlagsFromString(("--random-seed=" + std::to_string(seed)).c_str());
}

void leave_threads_behind() { take_over_exit(Parent::kReapsThisOne); }

void resume_in_executor() {
  let_delayed_tasks_wait();
  take_over_exit(Parent::kReapsAll);
}

}  // namespace prefork::live_node
