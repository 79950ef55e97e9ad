// The executor, until the script goes on: what each step of machines/executor.ts does.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "actors/actor.h"
#include "actors/assignment.h"
#include "actors/script_host.h"
#include "charts/executor.h"

namespace prefork {

class Executor final : public Actor<charts::executor::Effects, charts::executor::Event> {
 public:
  /// `leave_former` closes, on the revived loop, what belongs to whom this process was forked from.
  Executor(Loop& loop, ScriptHost& host, Assignment assignment, std::function<void()> leave_former);

  /// The arguments of the call; its environment is this process's by now.
  std::vector<std::string> take_arguments() { return std::move(arguments_); }
  /// Whether the arguments are sure to begin after the script.
  [[nodiscard]] bool is_from_own_client() const { return is_from_own_client_; }

 private:
  using Event = charts::executor::Event;

  bool is_revived() override;

  void tie_to_monitor() override;
  void leave_monitor() override;
  void place_descriptors() override;
  void adopt_request() override;
  void restore_signals() override;
  void revive_interpreter() override;
  void resume_interpreter() override;
  void adopt_limits() override;
  void report_failure() override;

  [[nodiscard]] TraceFacts trace_facts() const override { return assignment_.facts; }

  ScriptHost& host_;
  Assignment assignment_;
  std::function<void()> leave_former_;
  std::vector<std::string> arguments_;
  bool is_from_own_client_ = false;
};

}  // namespace prefork
