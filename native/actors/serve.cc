#include "actors/serve.h"

#include <unistd.h>

#include <functional>
#include <optional>
#include <utility>

#include "actors/executor.h"
#include "actors/monitor.h"
#include "actors/standby.h"
#include "actors/understudy.h"
#include "charts/becomes.h"

namespace prefork {

namespace {

// The processes of one server, each with what it is given by the one that it was forked from. None
// of these returns but in an executor.
class Family {
 public:
  Family(ScriptHost& host, ServerOptions options, ChartEngine* engine)
      : host_(host), engine_(engine), server_(loop_, host, std::move(options)) {}

  ServedCall run_server() {
    run(server_);
    switch (charts::server::becomes(server_.state())) {
      case charts::Becomes::kRefusal:
        process_trace().link().close();
        return ServedCall{server_.failure(), {}, false, false, 0};
      case charts::Becomes::kMonitor:
        return run_monitor(std::nullopt);
      case charts::Becomes::kStandby:
        return run_standby();
      default:
        _exit(charts::server::exit_status(server_.state()));
    }
  }

 private:
  template <class AnyActor>
  void run(AnyActor& actor) {
    actor.run_by(engine_);
    actor.run();
  }

  ServedCall run_standby() {
    Standby standby(loop_, server_);
    run(standby);
    switch (charts::standby::becomes(standby.state())) {
      case charts::Becomes::kMonitor:
        return run_monitor(standby.take_understudy());
      case charts::Becomes::kUnderstudy:
        return run_understudy(standby);
      default:
        _exit(charts::standby::exit_status(standby.state()));
    }
  }

  ServedCall run_understudy(Standby& standby) {
    Understudy understudy(loop_, host_, standby);
    run(understudy);
    if (charts::understudy::becomes(understudy.state()) != charts::Becomes::kExecutor) {
      _exit(charts::understudy::exit_status(understudy.state()));
    }
    // It has left the standby long since.
    return run_executor(understudy.take_assignment(), [] {});
  }

  ServedCall run_monitor(std::optional<UnderstudyLink> understudy) {
    Monitor monitor(loop_, server_, std::move(understudy));
    run(monitor);
    if (charts::monitor::becomes(monitor.state()) != charts::Becomes::kExecutor) {
      _exit(charts::monitor::exit_status(monitor.state()));
    }
    return run_executor(monitor.take_assignment(), [&] { monitor.let_go(); });
  }

  ServedCall run_executor(Assignment assignment, std::function<void()> leave_former) {
    const pid_t client = assignment.client;
    Executor executor(loop_, host_, std::move(assignment), std::move(leave_former));
    run(executor);
    if (charts::executor::becomes(executor.state()) != charts::Becomes::kScript) {
      _exit(charts::executor::exit_status(executor.state()));
    }
    // The script shall find no descriptor of ours.
    process_trace().link().close();
    return ServedCall{std::nullopt, executor.take_arguments(), executor.is_from_own_client(),
                      server_.is_attached(), client};
  }

  ScriptHost& host_;
  ChartEngine* engine_;
  Loop loop_;
  Server server_;
};

}  // namespace

ServedCall serve(ScriptHost& host, ServerOptions options, ChartEngine* engine) {
  return Family(host, std::move(options), engine).run_server();
}

}  // namespace prefork
