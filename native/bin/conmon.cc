// The container monitor and, in the processes that it forks, what becomes the runtime and the exit
// command.

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "actors/container.h"
#include "charts/becomes.h"
#include "core/descriptor.h"

namespace prefork {
namespace {

int run_container(int word_count, char** words) {
  Loop loop;
  Container container(loop, word_count, words);
  container.run();
  switch (charts::container::becomes(container.state())) {
    case charts::Becomes::kRuntime:
      _exit(container.execute_runtime());
    case charts::Becomes::kExitCommand:
      _exit(container.execute_exit_command());
    default: {
      const int fixed = charts::container::exit_status(container.state());
      // Straight out: nothing is buffered, and what is held the kernel lets go of.
      _exit(fixed >= 0 ? fixed : container.status());
    }
  }
}

}  // namespace
}  // namespace prefork

int main(int word_count, char** words) {
  const prefork::Result<void> ensured = prefork::ensure_standard_descriptors();
  if (!ensured.ok()) {
    std::fprintf(stderr, "conmon: %s\n", ensured.failure().message().c_str());
    return 1;
  }
  umask(S_IWGRP | S_IWOTH);
  return prefork::run_container(word_count, words);
}
