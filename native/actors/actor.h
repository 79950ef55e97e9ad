// What every actor shares: how it runs, how it forks, what it remembers of a failure.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>

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
  explicit Actor(Loop& loop) : loop_(loop) {}

  /// Runs the chart until a final state, in this process and in any child that it forks.
  void run() {
    this->start();
    while (!this->done()) {
      if (fork_) {
        if constexpr (kForks) carry_out_fork();
      } else {
        const bool is_alive = loop_.run();
        if (!is_alive && !this->done() && !fork_) die_of_idleness();
      }
    }
  }

  /// What went wrong first.
  [[nodiscard]] const Failure& failure() const { return failure_; }

 protected:
  using Forker = std::function<pid_t()>;

  /// Posts an event; the loop stops where the chart has ended or is about to fork.
  void post(Event event) {
    if (fork_) {
      deferred_.push_back(event);
      return;
    }
    Effects::post(event);
    if (this->done() || fork_) loop_.stop();
  }

  void fail(Failure failure) {
    remember(std::move(failure));
    post(Event::kFailed);
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

  /// The child of the last fork, in the parent.
  [[nodiscard]] pid_t child() const { return child_; }

  /// In a new child, with all signals still blocked and the loop revived: lets go of what must not
  /// act there, signal watches above all.
  virtual void settle_in_child() {}

  Loop& loop() { return loop_; }

 private:
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
      post(Event::kParent);
    }
    std::deque<Event> deferred;
    deferred.swap(deferred_);
    for (const Event event : deferred) post(event);
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
  Forker fork_;
  std::function<void(pid_t)> in_parent_;
  std::deque<Event> deferred_;
  Failure failure_{};
  bool has_failed_ = false;
  pid_t child_ = -1;
};

}  // namespace prefork
