// What runs a chart, and what it tells of a run.
#ifndef PREFORK_ENGINE_MACHINE_H_
#define PREFORK_ENGINE_MACHINE_H_

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

// Is told of every step as it happens. A step is the start, or one event taken to its end with all
// eventless transitions.
class Observer {
 public:
  // kNone for the event: the start; then there is no state before it either.
  virtual void step_begins(Index event, Index from) = 0;
  virtual void guard_answered(Index guard, bool answer) = 0;
  // Before it is performed.
  virtual void action_begins(Index action) = 0;
  virtual void state_entered(Index state) = 0;
  virtual void step_ends(Index to) = 0;

 protected:
  ~Observer() = default;
};

// One run of a chart. For one thread.
class Machine {
 public:
  // Enters the initial state, then takes the events sent so far. Called once.
  virtual void start() = 0;

  // Takes the event. One that is sent before the start, or by an action, waits for its turn: a
  // step runs to completion first, its eventless transitions included. An event that the state does
  // not handle is dropped; a final state handles none.
  virtual void send(Index event) = 0;

  // The leaf that the last step reached; kNone before the start. While actions run it is still the
  // one that they leave.
  virtual Index state() const = 0;

  // Whether a final state of the chart itself is reached.
  virtual bool done() const = 0;

  // Has an observer told of every step from now on. Not owned; it outlives the machine.
  virtual void observe(Observer& observer) = 0;

  virtual ~Machine() = default;
};

}  // namespace prefork::engine

#endif  // PREFORK_ENGINE_MACHINE_H_
