// A fork of the server made ahead of the next call: what each step of machines/standby.ts does.
#pragma once

#include "actors/actor.h"
#include "actors/assignment.h"
#include "actors/server.h"
#include "charts/standby.h"
#include "core/descriptor.h"
#include "core/local_socket.h"

namespace prefork {

class Standby final : public Actor<charts::standby::Effects, charts::standby::Event> {
 public:
  Standby(Loop& loop, Server& server) : Actor(loop), server_(server), pid_(getpid()) {}

  /// In the understudy: closes everything that is the standby's, on the revived loop.
  void let_go();

  /// In the understudy: where the request comes from.
  Descriptor take_prompt() { return std::move(prompt_.theirs); }
  /// In the understudy: the end of the pipe that its death closes.
  Descriptor take_execterm() { return std::move(execterm_.writing_end); }
  /// In what has become the monitor.
  UnderstudyLink take_understudy() {
    return {understudy_, std::move(prompt_.ours), std::move(execterm_.reading_end)};
  }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] TraceFacts trace_facts() const override { return server_.trace_facts(); }
  void report(int level, const std::string& text) { server_.report(level, text); }

 private:
  using Event = charts::standby::Event;

  void leave_server() override;
  void lead_group() override;
  void make_execterm() override;
  void fork_understudy() override;
  void report_ready() override;
  void receive_call() override;
  void kill_understudy() override;
  void reap_understudy() override;
  void report_failure() override;

  void watch_understudy(pid_t pid);
  void hear_understudy();

  Server& server_;
  pid_t pid_;
  Descriptor handover_;
  Poll handover_poll_;
  Pipe execterm_;
  SocketPair prompt_;  // to the understudy, whose end is the blocking one
  Poll prompt_poll_;
  pid_t understudy_ = -1;
  Descriptor understudy_pidfd_;
  Poll understudy_poll_;
};

}  // namespace prefork
