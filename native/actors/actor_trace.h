// What an actor tells of its chart to whoever listens in the run directory; the records are those
// of runtime/trace/record.schema.json.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/listener_link.h"
#include "engine/machine.h"

namespace prefork {

/// What comes with an event: a status, a signal, what was tried.
struct Note {
  const char* name;
  std::variant<long, std::string> value;
};
using Notes = std::vector<Note>;

/// What an actor knows of the call when it has begun; empty, 0: nothing.
struct TraceFacts {
  std::string socket;  // absolute path
  std::string script;  // absolute path
  pid_t client = 0;
};

/// How a process ends: an exit code, or a signal other than 0.
struct Ending {
  int code = 0;
  int signal = 0;
};

class ActorTrace;

/// This process as its records name it, and all that its actors have to tell.
class ProcessTrace {
 public:
  ProcessTrace() { begin(); }

  /// To be called in the child after each fork.
  void begin();

  void set_run_directory(const std::string& path) {
    link_.set_directory(path);
    is_run_directory_known_ = true;
  }
  [[nodiscard]] bool is_run_directory_known() const { return is_run_directory_known_; }

  ListenerLink& link() { return link_; }

  /// The number of the next record; each is given out once, whether or not the record can be sent.
  std::uint64_t next_number() { return next_number_++; }

  /// Numbers the actors that the process has beside its own, from 1 on.
  int next_instance() { return ++last_instance_; }

  /// Steps nest where an action of one actor posts an event to another one beside it.
  void begin_step(ActorTrace& trace);
  void end_step() { --steps_under_way_; }

  /// Once no step of any actor is under way: sends what there is to send, in its order.
  void flush();

  /// Whether somebody is known to listen.
  [[nodiscard]] bool is_heard() const { return link_.is_open(); }

  /// Keeps a record for the next flush.
  void keep(std::uint64_t number, std::string record) {
    records_.emplace_back(number, std::move(record));
  }

  /// An actor goes: so do its steps, unless somebody is known to listen.
  void take_leave_of(ActorTrace& trace);

  /// The fields that every record begins with, without the closing brace.
  void append_head(std::string* text, const char* kind, std::uint64_t number,
                   std::uint64_t microseconds) const;

 private:
  void send_records();

  ListenerLink link_;
  bool is_run_directory_known_ = false;
  pid_t pid_ = 0;
  std::uint64_t born_ = 0;
  std::uint64_t next_number_ = 0;
  int last_instance_ = 0;
  int steps_under_way_ = 0;
  std::vector<ActorTrace*> waiting_;  // that have steps to tell of
  std::vector<std::pair<std::uint64_t, std::string>> records_;
};

/// The one of this process: actors come and go in it.
ProcessTrace& process_trace();

/// Turns the steps of one actor into records. They are kept until the actor has come to rest: then
/// it takes one system call to see that nobody listens, and few datagrams to tell all to who does.
class ActorTrace final : public engine::Observer {
 public:
  ActorTrace(const engine::Chart& chart, std::function<TraceFacts()> facts)
      : chart_(chart), facts_(std::move(facts)) {}
  ActorTrace(const ActorTrace&) = delete;
  ActorTrace& operator=(const ActorTrace&) = delete;
  ~ActorTrace() { process_trace().take_leave_of(*this); }

  /// The actor is one beside the process's own.
  void be_beside() { instance_ = process_trace().next_instance(); }
  [[nodiscard]] bool is_beside() const { return instance_ > 0; }

  /// "native" or "xstate".
  void set_engine(const char* engine) { engine_ = engine; }

  /// What comes with the event that is sent next; to be called for every event.
  void expect_event(Notes notes) { notes_.push_back(std::move(notes)); }

  /// Once no step is under way: sends what there is to send. Does nothing within a step.
  void flush() { process_trace().flush(); }

  /// Makes records of the steps, and forgets them.
  void render();
  void forget_steps();

  /// The actor is in a final state. `ending` is asked only of the process's own actor, and only if
  /// the process becomes nothing else.
  void end(engine::Index state, const std::function<Ending()>& ending);

  /// In the child of a fork.
  void begin_in_child();

  void step_begins(engine::Index event, engine::Index from) override;
  void guard_answered(engine::Index guard, bool answer) override;
  void action_begins(engine::Index action) override;
  void state_entered(engine::Index state) override;
  void step_ends(engine::Index to) override;

 private:
  struct Mark {
    enum class Kind : std::uint8_t { kYes, kNo, kAction, kState };
    Kind kind;
    engine::Index index;
  };
  struct Step {
    engine::Index event;
    engine::Index from;
    engine::Index to;
    size_t marks_begin;
    size_t marks_end;
    std::uint64_t number;
    std::uint64_t microseconds;
    Notes notes;
  };

  [[nodiscard]] std::string record_of(const Step& step) const;
  void append_who(std::string* text) const;
  void append_origin(std::string* text, const Step& step) const;
  void append_marks(std::string* text, const Step& step) const;
  void append_start(std::string* text) const;

  const engine::Chart& chart_;
  std::function<TraceFacts()> facts_;
  const char* engine_ = "native";
  std::vector<Notes> notes_;  // of the events that have been sent and not yet taken: one or two
  std::vector<Step> steps_;
  std::vector<Mark> marks_;
  int instance_ = 0;  // 0: the process's own actor
};

}  // namespace prefork
