// The addon's face as runtime/addon.ts knows it, over the fork kit alone: no client, no sockets, no
// statecharts. serve() forks three times, as setup, server and monitor do, and each parent waits
// for its child and ends as that ended. So any script of the library can be run here and compared
// with plain Node.
//
// Steered by variables: FORK_KIT_ENVIRONMENT, FORK_KIT_ARGUMENTS (one a line) replace what the call
// brings, FORK_KIT_STDIO (three numbers) its descriptors, FORK_KIT_FOREIGN makes it another
// client's, FORK_KIT_TIMES (a number) is a descriptor to write costs to, FORK_KIT_FILES one for the
// program's files.
#include <node_api.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

#include "addon/fork_kit.h"
#include "core/proc_status.h"
#include "core/process_environment.h"

extern "C" char** environ;

namespace {

namespace kit = prefork::live_node;

double now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(since).count();
}

void tell_time(const char* what, double since) {
  const char* descriptor = getenv("FORK_KIT_TIMES");
  if (descriptor) dprintf(atoi(descriptor), "%s %.2f\n", what, now() - since);
}

napi_value undefined(napi_env env) {
  napi_value value;
  napi_get_undefined(env, &value);
  return value;
}

napi_value text(napi_env env, const std::string& string) {
  napi_value value;
  napi_create_string_utf8(env, string.data(), string.size(), &value);
  return value;
}

napi_value number(napi_env env, int integer) {
  napi_value value;
  napi_create_int32(env, integer, &value);
  return value;
}

napi_value strings(napi_env env, const std::vector<std::string>& list) {
  napi_value array;
  napi_create_array(env, &array);
  for (size_t index = 0; index < list.size(); ++index) {
    napi_set_element(env, array, static_cast<uint32_t>(index), text(env, list[index]));
  }
  return array;
}

std::vector<std::string> lines(const std::string& joined, char separator) {
  std::vector<std::string> list;
  size_t start = 0;
  while (start < joined.size()) {
    const size_t end = joined.find(separator, start);
    list.push_back(joined.substr(start, end - start));
    if (end == std::string::npos) break;
    start = end + 1;
  }
  return list;
}

std::vector<std::string> call_environment() {
  if (const char* given = getenv("FORK_KIT_ENVIRONMENT")) return lines(given, '\n');
  std::vector<std::string> list;
  for (char** variable = environ; *variable; ++variable) list.push_back(*variable);
  return list;
}

std::vector<std::string> call_arguments() {
  if (const char* given = getenv("FORK_KIT_ARGUMENTS")) return lines(given, '\n');
  std::string line;
  FILE* file = fopen("/proc/self/cmdline", "re");
  for (int byte; file && (byte = getc(file)) != EOF;) line += static_cast<char>(byte);
  if (file) fclose(file);
  std::vector<std::string> list = lines(line, '\0');
  if (getenv("FORK_KIT_FOREIGN")) return list;
  return {list.begin() + 2, list.end()};
}

int random_number() {
  unsigned bits = 0;
  if (getrandom(&bits, sizeof bits, 0) != sizeof bits) abort();
  return static_cast<int>(bits >> 2);
}

[[noreturn]] void end_as(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) continue;
  if (!WIFSIGNALED(status)) _exit(WEXITSTATUS(status));
  signal(WTERMSIG(status), SIG_DFL);
  raise(WTERMSIG(status));
  _exit(127);
}

napi_value install(napi_env env, napi_callback_info) {
  const double start = now();
  const auto failure = kit::install(env);
  tell_time("install", start);
  return failure ? text(env, *failure) : undefined(env);
}

int integer_argument(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  int integer = 0;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_int32(env, argument, &integer);
  return integer;
}

napi_value set_exit_code(napi_env env, napi_callback_info info) {
  kit::set_exit_code(integer_argument(env, info));
  return undefined(env);
}

// The reading end of the pipe, or -1.
int start_report(napi_env env, napi_value options) {
  const double start = now();
  napi_value list;
  napi_valuetype type;
  napi_get_named_property(env, options, "programFiles", &list);
  if (napi_typeof(env, list, &type) != napi_ok || type != napi_function) return -1;
  std::string failure;
  const int descriptor = kit::start_report(env, list, {}, &failure).descriptor;
  tell_time("report", start);
  if (descriptor < 0) napi_throw_error(env, nullptr, failure.c_str());
  return descriptor;
}

void take_stdio() {
  int numbers[3];
  const char* given = getenv("FORK_KIT_STDIO");
  if (!given || sscanf(given, "%d,%d,%d", &numbers[0], &numbers[1], &numbers[2]) != 3) return;
  for (int target = 0; target < 3; ++target) dup2(numbers[target], target);
}

void copy_report(int descriptor) {
  const char* target = getenv("FORK_KIT_FILES");
  if (!target || descriptor < 0) return;
  char buffer[4096];
  for (ssize_t got; (got = read(descriptor, buffer, sizeof buffer)) > 0;) {
    if (write(atoi(target), buffer, static_cast<size_t>(got)) < 0) return;
  }
}

napi_value serve(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value options;
  napi_get_cb_info(env, info, &count, &options, nullptr, nullptr);
  const double start = now();
  std::string failure;
  const kit::SelfTest test = kit::self_test(&failure);
  pollfd verdict{test.verdict, POLLIN, 0};
  char byte = 0;
  if (test.verdict < 0 || poll(&verdict, 1, 5000) != 1 || read(test.verdict, &byte, 1) != 1) {
    napi_throw_error(env, nullptr, ("self-test: " + failure).c_str());
    return nullptr;
  }
  tell_time("self-test", start);
  const int report = start_report(env, options);
  const double forking = now();
  const pid_t server = kit::fork_from_live_node(&failure);
  if (server < 0) {
    napi_throw_error(env, nullptr, failure.c_str());
    return nullptr;
  }
  tell_time(server ? "fork in setup" : "fork in server", forking);
  if (server > 0) copy_report(report);
  if (server > 0) end_as(server);
  for (int generation = 0; generation < 2; ++generation) {
    const pid_t child = fork();
    if (child != 0) end_as(child);
  }
  take_stdio();
  if (auto problem = kit::revive()) {
    napi_throw_error(env, nullptr, problem->c_str());
    return nullptr;
  }
  kit::resume_in_executor();
  const std::vector<std::string> arguments = call_arguments();
  napi_value call, own;
  napi_create_object(env, &call);
  napi_get_boolean(env, getenv("FORK_KIT_FOREIGN") == nullptr, &own);
  napi_set_named_property(env, call, "pid", number(env, getpid()));
  napi_value later;
  napi_get_boolean(env, false, &later);
  napi_set_named_property(env, call, "isFirst", later);
  napi_set_named_property(env, call, "parentPid", number(env, getppid()));
  napi_set_named_property(env, call, "seed", number(env, 1 + random_number()));
  napi_set_named_property(env, call, "arguments", strings(env, arguments));
  napi_set_named_property(env, call, "fromOwnClient", own);
  prefork::replace_environment(call_environment());
  return call;
}

napi_value wait_for_thread_pool(napi_env env, napi_callback_info info) {
  const std::chrono::milliseconds limit(integer_argument(env, info));
  return number(env, static_cast<int>(kit::wait_for_thread_pool(limit)));
}

napi_value start_thread_pool(napi_env env, napi_callback_info) {
  kit::start_thread_pool();
  return undefined(env);
}

napi_value unseen_pool_results(napi_env env, napi_callback_info) {
  return number(env, static_cast<int>(kit::unseen_pool_results()));
}

napi_value leave_threads_behind(napi_env env, napi_callback_info) {
  kit::leave_threads_behind();
  return undefined(env);
}

napi_value thread_names(napi_env env, napi_callback_info) {
  return strings(env, prefork::other_thread_names());
}

napi_value set_random_seed(napi_env env, napi_callback_info info) {
  kit::set_random_seed(integer_argument(env, info));
  return undefined(env);
}

napi_value is_main_thread(napi_env env, napi_callback_info) {
  napi_value value;
  napi_get_boolean(env, gettid() == getpid(), &value);
  return value;
}

void add(napi_env env, napi_value exports, const char* name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
  napi_set_named_property(env, exports, name, function);
}

}  // namespace

NAPI_MODULE_INIT() {
  add(env, exports, "isMainThread", is_main_thread);
  add(env, exports, "install", install);
  add(env, exports, "waitForThreadPool", wait_for_thread_pool);
  add(env, exports, "unseenPoolResults", unseen_pool_results);
  add(env, exports, "leaveThreadsBehind", leave_threads_behind);
  add(env, exports, "startThreadPool", start_thread_pool);
  add(env, exports, "threadNames", thread_names);
  add(env, exports, "setRandomSeed", set_random_seed);
  add(env, exports, "serve", serve);
  add(env, exports, "setExitCode", set_exit_code);
  return exports;
}
