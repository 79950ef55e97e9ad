// The native program: a client and, in the processes that it forks, the watcher and the setup.

#include <unistd.h>

#include <climits>
#include <cstdio>
#include <string>
#include <vector>

#include "actors/call.h"
#include "core/descriptor.h"
#include "core/environment.h"
#include "core/launch_state.h"

namespace prefork {
namespace {

constexpr const char* kEngineVariable = "PREFORK_INTERP_ENGINE";

int give_up(const Failure& failure) {
  std::fprintf(stderr, "prefork-interp: %s\n", failure.message().c_str());
  return 127;
}

// The command line tool of the package that this program is a part of.
std::string tool_path() {
  char own[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", own, sizeof own);
  const std::string path(own, length > 0 ? static_cast<size_t>(length) : 0);
  const size_t folder = path.rfind("/bin/");
  return path.substr(0, folder == std::string::npos ? 0 : folder) + "/cli/main.js";
}

// Executes Node in place of this process: there XState runs the charts, over the same effects.
int run_in_node(int argument_count, char** arguments) {
  const std::string tool = tool_path();
  std::vector<const char*> words = {"node", tool.c_str(), "run"};
  words.insert(words.end(), arguments + 1, arguments + argument_count);
  words.push_back(nullptr);
  if (const Result<void> packed = pack_launch_state(); !packed.ok()) {
    return give_up(packed.failure());
  }
  execvp(words[0], const_cast<char* const*>(words.data()));
  return give_up(Failure{errno, std::string(kEngineVariable) + "=xstate: execute node"});
}

int run(int argument_count, char** arguments) {
  const Result<void> ensured = ensure_standard_descriptors();
  if (!ensured.ok()) return give_up(ensured.failure());
  const std::string engine = get_variable(kEngineVariable).value_or("");
  if (engine == "xstate") return run_in_node(argument_count, arguments);
  if (engine.empty() || engine == "native") return run_call(argument_count, arguments, nullptr);
  return give_up(Failure{0, kEngineVariable + ("=" + engine) + ": give native or xstate"});
}

}  // namespace
}  // namespace prefork

int main(int argument_count, char** arguments) {
  // Straight out: nothing is buffered, and a thread may still wait for the lock.
  _exit(prefork::run(argument_count, arguments));
}
