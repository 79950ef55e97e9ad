// The whole of what the addon's face needs to fork a live Node, in the order in which it needs it.
#pragma once

#include <node_api.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "addon/real_fork.h"
#include "addon/report.h"
#include "addon/revive.h"
#include "addon/self_test.h"
#include "addon/thread_pool.h"

namespace prefork::live_node {

// At the library's load: redirects V8's background work, hooks the process's end, starts the
// self-test. Returns why this process cannot become a server. Calling it again repeats the answer.
std::optional<std::string> install(napi_env env);

// From self_test.h: self_test(), which is to be heard before anything is promised to a client.
// From real_fork.h: fork_from_live_node(), the first fork, out of the process in which
// JavaScript runs, and fork_settled_node(), those after it, up to the executor.

// In a revived child: calls `function` with the writing end of a pipe, which it closes afterwards,
// and with `call`, whatever it throws. Returns why that cannot be had.
std::optional<std::string> run(napi_env env, napi_value function, napi_value call);

// In the server: calls `function` with the writing end of a pipe and with `call`, whatever it
// throws, closes that end, and makes the process fit for such forks again. Returns why that cannot
// be had.
std::optional<std::string> run_and_settle(napi_env env, napi_value function, napi_value call);

// From revive.h: revive(), in the executor or ahead of it.

// In the executor, last before the return to JavaScript, with 0, 1, 2 being the caller's: brings
// the clock of Node's event loop up to date, and makes every end of this process an _exit.
void resume_in_executor();

// In a setup that is refused because of a thread which would not let the process end: every end of
// it becomes an _exit.
void leave_threads_behind();

// What the next context of V8 seeds its Math.random with; 0: with what nobody knows.
void set_random_seed(int seed);

// The status of a natural end; of no effect on any other.
void set_exit_code(int code);

}  // namespace prefork::live_node
