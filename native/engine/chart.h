// The tables of one compiled chart: constant data, written by native/render/tables.ts.
//
// States are the chart's leaves. An index counts within its own list (states, events, actions,
// guards, branches); the tables are generated, so an index that they hold is trusted.
#ifndef PREFORK_ENGINE_CHART_H_
#define PREFORK_ENGINE_CHART_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace prefork::engine {

using Index = std::uint16_t;

// Stands for "none" wherever an index may be missing.
inline constexpr Index kNone = 0xffff;

// One way out of a state, its exit, transition and entry actions already in line.
struct Branch {
  Index guard;          // kNone: always taken
  Index actions_begin;  // into Chart::actions, half open
  Index actions_end;
  Index target;  // kNone: the state is not left
  Index rounds;  // how often the eventless branches are tried after it: 1, or 3 (see model.ts)
};

// The branches of a state for one event, in the order in which they are tried.
struct Row {
  Index branches_begin;  // into Chart::branches, half open
  Index branches_end;
};

struct State {
  const char* name;  // the path, with dots
  const char* description;
  bool final;           // reaching it ends the chart
  bool failure;         // apart from the main way
  const char* becomes;  // final: the role that the process takes on; nullptr: none
  int exit_status;      // final: the status with which the process exits; -1: the chart names none
};

struct Chart {
  const char* id;
  std::span<const State> states;
  std::span<const char* const> event_names;
  std::span<const char* const> action_names;
  std::span<const char* const> guard_names;
  std::span<const Row> rows;       // at state * event_names.size() + event
  std::span<const Row> eventless;  // at state
  std::span<const Branch> branches;
  std::span<const Index> actions;  // the branches' lists, one after the other
  Branch initial;                  // what starting does: it has a target and no guard
};

}  // namespace prefork::engine

#endif  // PREFORK_ENGINE_CHART_H_
