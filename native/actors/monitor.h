// The monitor of one call: what each step of machines/monitor.ts does.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>

#include "actors/actor.h"
#include "actors/assignment.h"
#include "actors/server.h"
#include "charts/monitor.h"
#include "core/descriptor.h"
#include "core/wire.h"

namespace prefork {

class Monitor final : public Actor<charts::monitor::Effects, charts::monitor::Event> {
 public:
  Monitor(Loop& loop, Server& server, std::optional<UnderstudyLink> understudy);

  /// In the executor: closes everything that is the monitor's, on the revived loop.
  void let_go();

  /// In the executor: what it has to do.
  Assignment take_assignment();
  [[nodiscard]] TraceFacts trace_facts() const override;

 private:
  using Event = charts::monitor::Event;

  void leave_server() override;
  bool serves_first_call() override;
  bool has_understudy() override;

  void lead_group() override;
  void await_proof() override;
  void send_refusal() override;
  void send_greeting() override;
  void receive_signalling_byte() override;
  void receive_descriptors() override;
  void receive_length() override;
  void receive_message() override;
  void prompt_understudy() override;
  void reap_understudy() override;
  void make_execterm() override;
  void fork_executor() override;
  void supervise_executor() override;
  void read_call() override;
  void deliver_signal() override;
  void stop_watching_execterm() override;
  void stop_watching_call() override;
  void ignore_interrupt() override;
  void interrupt_group() override;
  void terminate_group() override;
  void kill_group() override;
  void start_grace_timer() override;
  void reap_executor() override;
  void send_status() override;
  void reap_keeper() override;
  void report_failure() override;

  void receive(std::function<WireOutcome()> read, std::function<void()> received);
  void feed_prompt();
  void feed_status();
  void signal_group(int signal);

  Server& server_;
  pid_t pid_;
  pid_t client_pid_ = 0;
  std::optional<UnderstudyLink> understudy_;
  std::optional<RequestWriter> prompt_;
  Poll prompt_poll_;
  pid_t executor_ = -1;
  ForkProofReader proof_;
  Descriptor call_;
  Poll call_poll_;
  RequestReader request_;
  Message message_;
  size_t descriptors_received_ = 0;

  Pipe execterm_;
  Poll execterm_poll_;
  Descriptor executor_pidfd_;
  Poll executor_poll_;
  Timer grace_timer_;
  SignalReader signals_;
  std::optional<StatusWriter> status_;
  int executor_status_ = 0;
};

}  // namespace prefork
