// The executor, until the script goes on: what each step of machines/executor.ts does.
#pragma once

#include <string>
#include <vector>

#include "actors/actor.h"
#include "actors/monitor.h"
#include "actors/script_host.h"
#include "charts/executor.h"
#include "core/descriptor.h"

namespace prefork {

class Executor final : public Actor<charts::executor::Effects, charts::executor::Event> {
 public:
  Executor(Loop& loop, ScriptHost& host, Monitor& monitor);

  /// The arguments of the call; its environment is this process's by now.
  std::vector<std::string> take_arguments() { return std::move(arguments_); }
  /// Whether the arguments are sure to begin after the script.
  [[nodiscard]] bool is_from_own_client() const { return is_from_own_client_; }

 private:
  using Event = charts::executor::Event;

  void tie_to_monitor() override;
  void leave_monitor() override;
  void place_descriptors() override;
  void adopt_request() override;
  void restore_signals() override;
  void revive_interpreter() override;
  void adopt_limits() override;
  void report_failure() override;

  [[nodiscard]] TraceFacts trace_facts() const override { return monitor_.trace_facts(); }

  ScriptHost& host_;
  Monitor& monitor_;
  std::vector<std::string> arguments_;
  bool is_from_own_client_ = false;
};

}  // namespace prefork
