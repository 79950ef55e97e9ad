// Runs a compiled chart. What XState 4.38 does with the same chart, this does.
#ifndef PREFORK_ENGINE_INTERPRETER_H_
#define PREFORK_ENGINE_INTERPRETER_H_

#include <cassert>
#include <deque>

#include "engine/chart.h"

namespace prefork::engine {

// What a chart's names mean: one effect for each action, one predicate for each guard.
class Host {
 public:
  virtual void perform(Index action) = 0;
  virtual bool test(Index guard) = 0;

 protected:
  ~Host() = default;
};

// One run of a chart. Neither chart nor host is owned; both outlive it. For one thread.
class Interpreter {
 public:
  Interpreter(const Chart& chart, Host& host) : chart_(chart), host_(host) {}
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // Enters the initial state, then takes the events sent so far. Called once.
  void start() {
    assert(state_ == kNone);
    take(chart_.initial);
    take_events();
  }

  // Takes the event. One that is sent before the start, or by an action, waits for its turn: a
  // step runs to completion first, its eventless transitions included. An event that the state does
  // not handle is dropped; a final state handles none.
  void send(Index event) {
    assert(event < chart_.event_names.size());
    queue_.push_back(event);
    if (!busy_) take_events();
  }

  // The leaf that the last step reached; kNone before the start. While actions run it is still the
  // one that they leave.
  Index state() const { return state_; }

  // Whether a final state of the chart itself is reached.
  bool done() const { return state_ != kNone && chart_.states[state_].final; }

 private:
  void take_events() {
    busy_ = true;
    while (!queue_.empty()) {
      const Index event = queue_.front();
      queue_.pop_front();
      const Row& row = chart_.rows[state_ * chart_.event_names.size() + event];
      if (const Branch* branch = enabled(row)) {
        take(*branch);
      } else {
        // XState tries the eventless transitions after an unhandled event too.
        settle();
      }
    }
    busy_ = false;
  }

  const Branch* enabled(const Row& row) {
    for (Index i = row.branches_begin; i < row.branches_end; ++i) {
      const Branch& branch = chart_.branches[i];
      if (branch.guard == kNone || host_.test(branch.guard)) return &branch;
    }
    return nullptr;
  }

  void take(const Branch& branch) {
    move(branch);
    for (Index round = 0; round < branch.rounds; ++round) settle();
  }

  void move(const Branch& branch) {
    for (Index i = branch.actions_begin; i < branch.actions_end; ++i) {
      host_.perform(chart_.actions[i]);
    }
    if (branch.target != kNone) state_ = branch.target;
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
  std::deque<Index> queue_;
  Index state_ = kNone;
  bool busy_ = true;  // before the start, too: events wait
};

}  // namespace prefork::engine

#endif  // PREFORK_ENGINE_INTERPRETER_H_
