// The native program: a client and, in the processes that it forks, the watcher and the setup.

#include <unistd.h>

#include <cstdio>

#include "actors/call.h"
#include "core/descriptor.h"

int main(int argument_count, char** arguments) {
  const prefork::Result<void> ensured = prefork::ensure_standard_descriptors();
  if (!ensured.ok()) {
    std::fprintf(stderr, "prefork-interp: %s\n", ensured.failure().message().c_str());
    return 127;
  }
  // Straight out: nothing is buffered, and a thread may still wait for the lock.
  _exit(prefork::run_call(argument_count, arguments, nullptr));
}
