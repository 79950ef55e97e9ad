// The native program: a client and, in the processes that it forks, the watcher and the setup.

#include <unistd.h>

#include <cstdio>
#include <memory>

#include "actors/client.h"
#include "actors/watcher.h"
#include "charts/becomes.h"
#include "core/descriptor.h"

namespace prefork {
namespace {

int run_watcher(Loop& loop, std::unique_ptr<Client> client) {
  WatcherInheritance inheritance = client->leave_to_watcher();
  client.reset();  // closes the listening socket, the lock and the rest
  Watcher watcher(loop, std::move(inheritance));
  watcher.run();
  return charts::watcher::exit_status(watcher.state());
}

int run_client(int argument_count, char** arguments) {
  Loop loop;
  auto client = std::make_unique<Client>(loop, argument_count, arguments);
  client->run();
  switch (charts::client::becomes(client->state())) {
    case charts::Becomes::kWatcher:
      return run_watcher(loop, std::move(client));
    case charts::Becomes::kSetup:
      return client->execute_setup();
    case charts::Becomes::kScript:
      return client->execute_script();
    default: {
      const int fixed = charts::client::exit_status(client->state());
      return fixed >= 0 ? fixed : client->end_as_child();
    }
  }
}

}  // namespace
}  // namespace prefork

int main(int argument_count, char** arguments) {
  const prefork::Result<void> ensured = prefork::ensure_standard_descriptors();
  if (!ensured.ok()) {
    std::fprintf(stderr, "prefork-interp: %s\n", ensured.failure().message().c_str());
    return 127;
  }
  // Straight out: nothing is buffered, and a thread may still wait for the lock.
  _exit(prefork::run_client(argument_count, arguments));
}
