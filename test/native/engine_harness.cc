// Runs scenarios through the native interpreter, one a line, and prints what happened in order.
//
// A scenario is a row of numbers, as test/engines/native-run.ts writes them: the tables of a chart,
// the events that each action posts, the answers of the guards, and the events to send. The line
// printed for it holds `a<action>`, `g<guard>=<answer>`, and after the start and after each event
// sent `s<state>`, with `!` once the chart has ended.
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "engine/interpreter.h"

namespace {

using prefork::engine::Branch;
using prefork::engine::Chart;
using prefork::engine::Host;
using prefork::engine::Index;
using prefork::engine::Interpreter;
using prefork::engine::Row;
using prefork::engine::State;

int read_number() {
  int number = 0;
  if (std::scanf("%d", &number) == 1) return number;
  std::fputs("engine_harness: a scenario ends early\n", stderr);
  std::exit(2);
}

Index read_index() { return static_cast<Index>(read_number()); }

Row read_row() {
  const Index begin = read_index();
  return {begin, read_index()};
}

Branch read_branch() {
  Branch branch{};
  branch.guard = read_index();
  branch.actions_begin = read_index();
  branch.actions_end = read_index();
  branch.target = read_index();
  branch.rounds = read_index();
  return branch;
}

template <typename T>
std::vector<T> read_list(std::size_t size, T (*read)()) {
  std::vector<T> list;
  for (std::size_t i = 0; i < size; ++i) list.push_back(read());
  return list;
}

std::size_t read_size() { return static_cast<std::size_t>(read_number()); }

State read_state() { return {"", "", read_number() != 0, false, nullptr, -1}; }

// The tables that a Chart points into.
struct Tables {
  explicit Tables(std::size_t state_count)
      : states(read_list(state_count, read_state)),
        event_names(read_size(), ""),
        rows(read_list(state_count * event_names.size(), read_row)),
        eventless(read_list(state_count, read_row)),
        branches(read_list(read_size(), read_branch)),
        actions(read_list(read_size(), read_index)),
        initial(read_branch()) {}

  Chart chart() const {
    return {"random", states, event_names, {}, {}, rows, eventless, branches, actions, initial};
  }

  std::vector<State> states;
  std::vector<const char*> event_names;
  std::vector<Row> rows;
  std::vector<Row> eventless;
  std::vector<Branch> branches;
  std::vector<Index> actions;
  Branch initial;
};

class Scenario final : public Host {
 public:
  explicit Scenario(const Chart& chart) : interpreter_(chart, *this) {
    posts_.resize(read_size());
    for (auto& events : posts_) events = read_list(read_size(), read_index);
    posts_left_ = read_number();
    answers_ = read_list(read_size(), read_number);
  }

  void run() {
    const std::size_t early = read_size();
    const std::vector<Index> events = read_list(read_size(), read_index);
    for (std::size_t i = 0; i < early; ++i) interpreter_.send(events[i]);
    interpreter_.start();
    report();
    for (std::size_t i = early; i < events.size(); ++i) {
      interpreter_.send(events[i]);
      report();
    }
    std::putchar('\n');
  }

  void perform(Index action) override {
    std::printf("a%d ", action);
    for (const Index event : posts_[action]) {
      if (posts_left_ == 0) return;
      --posts_left_;
      interpreter_.send(event);
    }
  }

  bool test(Index guard) override {
    // Once the answers are used up every guard says no, so that eventless circles end.
    const bool answer = asked_ < answers_.size() && answers_[asked_] != 0;
    ++asked_;
    std::printf("g%d=%d ", guard, answer);
    return answer;
  }

 private:
  void report() { std::printf("s%d%s ", interpreter_.state(), interpreter_.done() ? "!" : ""); }

  Interpreter interpreter_;
  std::vector<std::vector<Index>> posts_;
  std::vector<int> answers_;
  std::size_t asked_ = 0;
  int posts_left_ = 0;
};

}  // namespace

int main() {
  int state_count = 0;
  while (std::scanf("%d", &state_count) == 1) {
    const Tables tables(static_cast<std::size_t>(state_count));
    const Chart chart = tables.chart();
    Scenario(chart).run();
    std::fflush(stdout);
  }
  return 0;
}
