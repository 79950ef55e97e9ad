// What every actor shares: how it runs, how it forks, what it remembers of a failure.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "actors/actor_trace.h"
#include "actors/chart_engine.h"
#include "core/failure.h"
#include "core/loop.h"
#include "core/process.h"

namespace prefork {

/// An actor over the effects generated from its chart.
///
/// The fork of an actor happens between two runs of the loop, never inside a callback: the effect
/// asks for it (ask_to_fork) and run() carries it out. Interleaving to fear: after the effect has
/// asked, the loop finishes its turn, and another descriptor's callback posts an event that leads
/// the chart out of the forking state; PARENT and CHILD then arrive where nobody expects them. So
/// events that come while a fork is due wait until its outcome has been posted, and the child, to
/// which they do not belong, drops them.
template <class Effects, class Event>
class Actor : public Effects {
 public:
  explicit Actor(Loop& loop)
      : loop_(loop), trace_(Effects::chart(), [this] { return trace_facts(); }) {}

  /// Has the engine run the chart; without one, or with none, its tables do. Before run().
  void run_by(ChartEngine* engine) {
    engine_ = engine;
    if (engine == nullptr) return;
    machine_ = engine->make_machine(Effects::chart(), *this);
    Effects::run_by(*machine_);
    trace_.set_engine(engine->name());
  }

  /// Runs the chart until a final state, in this process and in any child that it forks.
  void run() {
    this->machine().observe(trace_);
    this->start();
    trace_.flush();
    while (!this->done()) {
      if (fork_) {
        if constexpr (kForks) carry_out_fork();
      } else {
        const bool is_alive = loop_.run();
        if (!is_alive && !this->done() && !fork_) die_of_idleness();
      }
    }
    trace_.end(static_cast<engine::Index>(this->state()), [this] { return ending(); });
  }

  /// Starts an actor that has no process, and no run of the loop, of its own: it lives beside
  /// another one, in whose loop its watches are.
  void start_beside() {
    trace_.be_beside();
    this->machine().observe(trace_);
    this->start();
    tell_if_over();
  }

  /// What went wrong first.
  [[nodiscard]] const Failure& failure() const { return failure_; }

 protected:
  using Forker = std::function<pid_t()>;

  /// Posts an event; the loop stops where the chart has ended or is about to fork. The notes are
  /// for those who listen to the trace; no decision may depend on them.
  void post(Event event, Notes notes = {}) {
    if (fork_) {
      deferred_.push_back({event, std::move(notes)});
      return;
    }
    if (is_over_) return;  // those beside it may not know yet
    trace_.expect_event(std::move(notes));
    Effects::post(event);
    tell_if_over();
    if (this->done() || fork_) loop_.stop();
  }

  void fail(Failure failure) {
    Notes notes = {{"error", static_cast<long>(failure.error)}, {"what", failure.what}};
    remember(std::move(failure));
    post(Event::kFailed, std::move(notes));
  }

  void fail(int error, std::string what) { fail(Failure{error, std::move(what)}); }

  /// Keeps a failure without posting it; the first one stands.
  void remember(Failure failure) {
    if (!has_failed_) failure_ = std::move(failure);
    has_failed_ = true;
  }

  /// For failures that are survived: the next one is news again.
  void forget_failure() { has_failed_ = false; }

  /// Asks for a fork once the loop has come to rest. `forker` is fork() or what stands for it, and
  /// sets errno; `in_parent` runs in the parent before PARENT is posted.
  void ask_to_fork(
      Forker forker, std::function<void(pid_t child)> in_parent = [](pid_t) {}) {
    fork_ = std::move(forker);
    in_parent_ = std::move(in_parent);
  }

  /// A fork for ask_to_fork(): by `forker`, unless an engine is at work, which knows what else a
  /// fork of its process takes.
  pid_t fork_by_engine_or(const Forker& forker) {
    if (engine_ == nullptr) return forker();
    std::string reason;
    const pid_t pid = engine_->fork(&reason);
    if (pid < 0 && !reason.empty()) remember(Failure{0, reason});
    return pid;
  }

  /// The child of the last fork, in the parent.
  [[nodiscard]] pid_t child() const { return child_; }

  /// In a new child, with all signals still blocked and the loop revived: lets go of what must not
  /// act there, signal watches above all.
  virtual void settle_in_child() {}

  /// What those who listen to the trace are told of the call when the actor begins.
  [[nodiscard]] virtual TraceFacts trace_facts() const { return {}; }

  /// How the process ends in a final state for which the chart names no exit status.
  [[nodiscard]] virtual Ending ending() const { return {}; }

  Loop& loop() { return loop_; }

 private:
  struct Posted {
    Event event;
    Notes notes;
  };

  /// Once: that the chart has ended, if it does not run the process. run() tells of that.
  void tell_if_over() {
    trace_.flush();
    if (!trace_.is_beside() || is_over_ || !this->done()) return;
    is_over_ = true;
    trace_.end(static_cast<engine::Index>(this->state()), [] { return Ending{}; });
  }

  static constexpr bool kForks = requires { Event::kParent, Event::kChild; };

  void carry_out_fork() {
    const Forker forker = std::move(fork_);
    fork_ = nullptr;
    int error = 0;
    pid_t pid;
    {
      // A signal that arrived between fork and revival would be written to the parent's pipe.
      const SignalsBlocked blocked;
      pid = forker();
      error = errno;
      if (pid == 0) {
        deferred_.clear();
        trace_.begin_in_child();
        const int revived = loop_.revive_after_fork();
        if (revived != 0) die_in_child(revived);
        settle_in_child();
      }
    }
    if (pid < 0) {
      fail(error, "fork");
    } else if (pid == 0) {
      post(Event::kChild);
    } else {
      child_ = pid;
      in_parent_(pid);
      post(Event::kParent, {{"child", static_cast<long>(pid)}});
    }
    std::deque<Posted> deferred;
    deferred.swap(deferred_);
    for (Posted& posted : deferred) post(posted.event, std::move(posted.notes));
  }

  [[noreturn]] static void die_in_child(int error) {
    std::fprintf(stderr, "%s: event loop after fork: %s\n", program_invocation_short_name,
                 uv_strerror(error));
    _exit(127);
  }

  // The loop has nothing left to wait for, yet the chart has not ended: a chart or an effect is
  // wrong, and to wait would be to hang.
  [[noreturn]] void die_of_idleness() {
    std::fprintf(stderr, "%s: nothing left to wait for (state %u)\n", program_invocation_short_name,
                 static_cast<unsigned>(this->state()));
    std::abort();
  }

  Loop& loop_;
  ChartEngine* engine_ = nullptr;
  std::unique_ptr<engine::Machine> machine_;
  ActorTrace trace_;
  Forker fork_;
  std::function<void(pid_t)> in_parent_;
  std::deque<Posted> deferred_;
  Failure failure_{};
  bool has_failed_ = false;
  bool is_over_ = false;
  pid_t child_ = -1;
};

}  // namespace prefork
