#include "actors/call.h"

#include <memory>
#include <utility>

#include "actors/client.h"
#include "actors/watcher.h"
#include "charts/becomes.h"

namespace prefork {

namespace {

int run_watcher(Loop& loop, std::unique_ptr<Client> client, ChartEngine* engine) {
  WatcherInheritance inheritance = client->leave_to_watcher();
  client.reset();  // closes the listening socket, the lock and the rest
  Watcher watcher(loop, std::move(inheritance));
  watcher.run_by(engine);
  watcher.run();
  return charts::watcher::exit_status(watcher.state());
}

}  // namespace

int run_call(int word_count, char** words, ChartEngine* engine) {
  Loop loop;
  auto client = std::make_unique<Client>(loop, word_count, words);
  client->run_by(engine);
  client->run();
  switch (charts::client::becomes(client->state())) {
    case charts::Becomes::kWatcher:
      return run_watcher(loop, std::move(client), engine);
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

}  // namespace prefork
