#include "actors/actor_trace.h"

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <string_view>
#include <utility>

#include "core/json.h"

namespace prefork {

namespace {

// The same number stands in runtime/trace/record.ts.
constexpr size_t kLargestDatagram = 4096;
// A path or text that is longer is left out, or cut: the record has to stay below that.
constexpr size_t kLongestPath = 1024;
constexpr size_t kLongestText = 256;
// Between two rests of an actor.
constexpr size_t kUsualSteps = 16;

std::uint64_t now_in_microseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

template <class Number>
void append_number(std::string* text, std::string_view name, Number number) {
  append_json_name(text, name);
  *text += std::to_string(number);
}

void append_text(std::string* text, std::string_view name, std::string_view value) {
  append_json_name(text, name);
  append_json(text, value);
}

void append_path(std::string* text, std::string_view name, const std::string& path) {
  if (!path.empty() && path.size() <= kLongestPath) append_text(text, name, path);
}

void append_notes(std::string* text, const Notes& notes) {
  if (notes.empty()) return;
  append_json_name(text, "data");
  *text += '{';
  const size_t begin = text->size();
  for (const Note& note : notes) {
    if (const long* number = std::get_if<long>(&note.value)) {
      append_number(text, note.name, *number);
    } else {
      const std::string_view value = std::get<std::string>(note.value);
      append_text(text, note.name, value.substr(0, kLongestText));
    }
  }
  text->erase(begin, 1);  // the first comma
  *text += '}';
}

}  // namespace

void ProcessTrace::begin() {
  link_.forget();
  pid_ = getpid();
  born_ = now_in_microseconds();
  next_number_ = 0;
  steps_under_way_ = 0;
  for (ActorTrace* trace : waiting_) trace->forget_steps();
  waiting_.clear();
  records_.clear();
}

void ProcessTrace::begin_step(ActorTrace& trace) {
  ++steps_under_way_;
  if (std::find(waiting_.begin(), waiting_.end(), &trace) == waiting_.end()) {
    waiting_.push_back(&trace);
  }
}

void ProcessTrace::take_leave_of(ActorTrace& trace) {
  if (std::erase(waiting_, &trace) > 0 && is_heard()) trace.render();
}

void ProcessTrace::flush() {
  // Before the run directory is known, the records wait for it.
  if (steps_under_way_ > 0 || !is_run_directory_known_) return;
  const bool has_news = !waiting_.empty() || !records_.empty();
  if (has_news && link_.find_listener()) {
    for (ActorTrace* trace : waiting_) trace->render();
    send_records();
  }
  for (ActorTrace* trace : waiting_) trace->forget_steps();
  waiting_.clear();
  records_.clear();
  link_.push();
}

void ProcessTrace::send_records() {
  std::sort(records_.begin(), records_.end());  // by number
  std::string datagram;
  for (const auto& [number, record] : records_) {
    if (record.size() > kLargestDatagram) continue;  // its number will be missed
    if (datagram.size() + 1 + record.size() > kLargestDatagram) {
      link_.send(std::move(datagram));
      datagram.clear();
    }
    if (!datagram.empty()) datagram += '\n';
    datagram += record;
  }
  if (!datagram.empty()) link_.send(std::move(datagram));
}

void ProcessTrace::append_head(std::string* text, const char* kind, std::uint64_t number,
                               std::uint64_t microseconds) const {
  *text += R"({"v":1)";
  append_text(text, "kind", kind);
  append_number(text, "seq", number);
  append_number(text, "t", microseconds);
  append_number(text, "pid", pid_);
  append_number(text, "ppid", getppid());
  append_number(text, "born", born_);
}

ProcessTrace& process_trace() {
  static ProcessTrace trace;
  return trace;
}

void ActorTrace::step_begins(engine::Index event, engine::Index from) {
  Notes notes;
  if (event != engine::kNone && !notes_.empty()) {
    notes = std::move(notes_.front());
    notes_.erase(notes_.begin());
  }
  // The time is that of the event: an action may take long, and what it causes in other processes
  // comes after it.
  ProcessTrace& process = process_trace();
  if (steps_.capacity() == 0) {
    steps_.reserve(kUsualSteps);
    marks_.reserve(kUsualSteps * 4);
  }
  steps_.push_back({event, from, from, marks_.size(), marks_.size(), process.next_number(),
                    now_in_microseconds(), std::move(notes)});
  process.begin_step(*this);
}

void ActorTrace::guard_answered(engine::Index guard, bool answer) {
  marks_.push_back({answer ? Mark::Kind::kYes : Mark::Kind::kNo, guard});
}

void ActorTrace::action_begins(engine::Index action) {
  marks_.push_back({Mark::Kind::kAction, action});
}

void ActorTrace::state_entered(engine::Index state) {
  marks_.push_back({Mark::Kind::kState, state});
}

void ActorTrace::step_ends(engine::Index to) {
  Step& step = steps_.back();
  step.to = to;
  step.marks_end = marks_.size();
  process_trace().end_step();
}

void ActorTrace::render() {
  for (const Step& step : steps_) process_trace().keep(step.number, record_of(step));
  forget_steps();
}

void ActorTrace::end(engine::Index state, const std::function<Ending()>& ending) {
  flush();
  const std::uint64_t number = process_trace().next_number();
  if (!process_trace().is_heard()) return;
  const engine::State& last = chart_.states[state];
  std::string record;
  process_trace().append_head(&record, "end", number, now_in_microseconds());
  append_who(&record);
  append_text(&record, "state", last.name);
  if (last.becomes != nullptr) {
    append_text(&record, "becomes", last.becomes);
  } else if (instance_ == 0) {
    const Ending how = last.exit_status >= 0 ? Ending{last.exit_status} : ending();
    append_json_name(&record, "status");
    record += how.signal != 0 ? "{\"signal\":" + std::to_string(how.signal)
                              : "{\"code\":" + std::to_string(how.code);
    record += '}';
  }
  record += '}';
  process_trace().keep(number, std::move(record));
  flush();
}

void ActorTrace::begin_in_child() {
  process_trace().begin();
  notes_.clear();
}

void ActorTrace::forget_steps() {
  steps_.clear();
  marks_.clear();
}

std::string ActorTrace::record_of(const Step& step) const {
  const bool is_start = step.event == engine::kNone;
  std::string record;
  record.reserve(kLargestDatagram / 8);
  process_trace().append_head(&record, is_start ? "start" : "transition", step.number,
                              step.microseconds);
  append_who(&record);
  if (is_start) {
    append_start(&record);
  } else {
    append_origin(&record, step);
  }
  append_marks(&record, step);
  append_text(&record, "to", chart_.states[step.to].name);
  record += '}';
  return record;
}

void ActorTrace::append_who(std::string* text) const {
  append_text(text, "actor", chart_.id);
  append_text(text, "engine", engine_);
  if (instance_ > 0) append_number(text, "instance", instance_);
}

void ActorTrace::append_start(std::string* text) const {
  const TraceFacts facts = facts_();
  append_number(text, "session", getsid(0));
  append_number(text, "group", getpgrp());
  append_path(text, "socket", facts.socket);
  append_path(text, "script", facts.script);
  if (facts.client > 0) append_number(text, "client", facts.client);
}

void ActorTrace::append_origin(std::string* text, const Step& step) const {
  append_text(text, "from", chart_.states[step.from].name);
  append_text(text, "event", chart_.event_names[step.event]);
  append_notes(text, step.notes);
}

void ActorTrace::append_marks(std::string* text, const Step& step) const {
  const auto append_list = [&](const char* name, auto accepts, auto append) {
    append_json_name(text, name);
    *text += '[';
    const size_t begin = text->size();
    for (size_t index = step.marks_begin; index < step.marks_end; ++index) {
      if (!accepts(marks_[index].kind)) continue;
      if (text->size() > begin) *text += ',';
      append(marks_[index]);
    }
    *text += ']';
  };
  append_list(
      "guards", [](Mark::Kind kind) { return kind == Mark::Kind::kYes || kind == Mark::Kind::kNo; },
      [&](const Mark& mark) {
        *text += '[';
        append_json(text, chart_.guard_names[mark.index]);
        *text += mark.kind == Mark::Kind::kYes ? ",true]" : ",false]";
      });
  append_list(
      "actions", [](Mark::Kind kind) { return kind == Mark::Kind::kAction; },
      [&](const Mark& mark) { append_json(text, chart_.action_names[mark.index]); });
  append_list(
      "path", [](Mark::Kind kind) { return kind == Mark::Kind::kState; },
      [&](const Mark& mark) { append_json(text, chart_.states[mark.index].name); });
}

}  // namespace prefork
