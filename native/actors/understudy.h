// A fork of the standby made ahead of the next call: what each step of machines/understudy.ts does.
#pragma once

#include <optional>

#include "actors/actor.h"
#include "actors/assignment.h"
#include "actors/script_host.h"
#include "actors/standby.h"
#include "charts/understudy.h"
#include "core/descriptor.h"
#include "core/process.h"

namespace prefork {

class Understudy final : public Actor<charts::understudy::Effects, charts::understudy::Event> {
 public:
  Understudy(Loop& loop, ScriptHost& host, Standby& standby);

  /// In what has become the executor.
  Assignment take_assignment() { return std::move(assignment_); }
  [[nodiscard]] TraceFacts trace_facts() const override { return standby_.trace_facts(); }

 private:
  using Event = charts::understudy::Event;

  void hold_signals() override;
  void tie_to_monitor() override;
  void leave_standby() override;
  void revive_interpreter() override;
  void rehearse() override;
  void report_ready() override;
  void receive_request() override;
  void discard_signals() override;
  void report_failure() override;

  void feed_request();

  ScriptHost& host_;
  Standby& standby_;
  std::optional<SignalsBlocked> held_;
  Descriptor prompt_;
  Poll prompt_poll_;
  PromptReader reader_;
  Assignment assignment_;
};

}  // namespace prefork
