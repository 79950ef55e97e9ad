#include "actors/serve.h"

#include <unistd.h>

#include <utility>

#include "actors/executor.h"
#include "actors/monitor.h"
#include "charts/becomes.h"

namespace prefork {

ServedCall serve(ScriptHost& host, ServerOptions options, ChartEngine* engine) {
  Loop loop;
  Server server(loop, host, std::move(options));
  server.run_by(engine);
  server.run();
  if (charts::server::becomes(server.state()) == charts::Becomes::kRefusal) {
    process_trace().link().close();
    return ServedCall{server.failure(), {}, false, false, 0};
  }
  if (charts::server::becomes(server.state()) != charts::Becomes::kMonitor) {
    _exit(charts::server::exit_status(server.state()));
  }

  Monitor monitor(loop, server);
  monitor.run_by(engine);
  monitor.run();
  if (charts::monitor::becomes(monitor.state()) != charts::Becomes::kExecutor) {
    _exit(charts::monitor::exit_status(monitor.state()));
  }

  Executor executor(loop, host, monitor);
  executor.run_by(engine);
  executor.run();
  if (charts::executor::becomes(executor.state()) != charts::Becomes::kScript) {
    _exit(charts::executor::exit_status(executor.state()));
  }
  // The script shall find no descriptor of ours.
  process_trace().link().close();
  return ServedCall{std::nullopt, executor.take_arguments(), executor.is_from_own_client(),
                    server.is_attached(), monitor.client_pid()};
}

}  // namespace prefork
