// Runs a compiled chart. What XState 4.38 does with the same chart, this does.
#ifndef PREFORK_ENGINE_INTERPRETER_H_
#define PREFORK_ENGINE_INTERPRETER_H_

#include <cassert>
#include <deque>

#include "engine/chart.h"
#include "engine/machine.h"

namespace prefork::engine {

// A run by the compiled tables. Neither chart nor host is owned; both outlive it.
class Interpreter final : public Machine {
 public:
  Interpreter(const Chart& chart, Host& host) : chart_(chart), host_(host) {}
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  void start() override {
    assert(state_ == kNone);
    if (observer_) observer_->step_begins(kNone, kNone);
    take(chart_.initial);
    if (observer_) observer_->step_ends(state_);
    take_events();
  }

  void send(Index event) override {
    assert(event < chart_.event_names.size());
    queue_.push_back(event);
    if (!busy_) take_events();
  }

  Index state() const override { return state_; }

  bool done() const override { return state_ != kNone && chart_.states[state_].final; }

  void observe(Observer& observer) override { observer_ = &observer; }

 private:
  void take_events() {
    busy_ = true;
    while (!queue_.empty()) {
      const Index event = queue_.front();
      queue_.pop_front();
      if (observer_) observer_->step_begins(event, state_);
      const Row& row = chart_.rows[state_ * chart_.event_names.size() + event];
      if (const Branch* branch = enabled(row)) {
        take(*branch);
      } else {
        // XState tries the eventless transitions after an unhandled event too.
        settle();
      }
      if (observer_) observer_->step_ends(state_);
    }
    busy_ = false;
  }

  const Branch* enabled(const Row& row) {
    for (Index i = row.branches_begin; i < row.branches_end; ++i) {
      const Branch& branch = chart_.branches[i];
      if (branch.guard == kNone || answer(branch.guard)) return &branch;
    }
    return nullptr;
  }

  bool answer(Index guard) {
    const bool answered = host_.test(guard);
    if (observer_) observer_->guard_answered(guard, answered);
    return answered;
  }

  void take(const Branch& branch) {
    move(branch);
    for (Index round = 0; round < branch.rounds; ++round) settle();
  }

  void move(const Branch& branch) {
    for (Index i = branch.actions_begin; i < branch.actions_end; ++i) {
      if (observer_) observer_->action_begins(chart_.actions[i]);
      host_.perform(chart_.actions[i]);
    }
    if (branch.target == kNone) return;
    state_ = branch.target;
    if (observer_) observer_->state_entered(state_);
  }

  // Takes eventless branches until none is enabled. Each is followed by its own rounds; the last of
  // them is the next turn of the loop, so a long chain does not deepen the stack.
  void settle() {
    while (const Branch* branch = enabled(chart_.eventless[state_])) {
      move(*branch);
      for (Index round = 1; round < branch->rounds; ++round) settle();
    }
  }

  const Chart& chart_;
  Host& host_;
  Observer* observer_ = nullptr;
  std::deque<Index> queue_;
  Index state_ = kNone;
  bool busy_ = true;  // before the start, too: events wait
};

}  // namespace prefork::engine

#endif  // PREFORK_ENGINE_INTERPRETER_H_
