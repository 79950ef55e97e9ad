// Turns a process whose script is initialised into server, monitors and executors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/chart_engine.h"
#include "actors/script_host.h"
#include "actors/server.h"
#include "core/failure.h"

namespace prefork {

struct ServedCall {
  /// Set if the process could not become a server; it is still the setup process then.
  std::optional<Failure> refusal;
  std::vector<std::string> arguments;
  bool is_from_own_client = false;
  bool is_first = false;  // nobody shares the state of this process, but for the server
  pid_t client_pid = 0;   // 0: not known
};

/// Returns at most once in each process: in the setup process if it is refused, otherwise in each
/// executor. Processes that are setup, server or monitor never return from it; they _exit. The
/// charts run by `engine`; nullptr: by their tables.
ServedCall serve(ScriptHost& host, ServerOptions options, ChartEngine* engine);

}  // namespace prefork
