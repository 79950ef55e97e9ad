// The monitor of one call: what each step of machines/monitor.ts does.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>

#include "actors/actor.h"
#include "actors/server.h"
#include "charts/monitor.h"
#include "core/descriptor.h"
#include "core/wire.h"

namespace prefork {

class Monitor final : public Actor<charts::monitor::Effects, charts::monitor::Event> {
 public:
  Monitor(Loop& loop, Server& server);

  /// In the executor: closes everything that is the monitor's, on the revived loop.
  void let_go();

  /// The request as received: its descriptors and marks.
  RequestReader& request() { return request_; }
  /// Its message, decoded.
  Message& message() { return message_; }
  /// In the executor: the end of the pipe that its death closes.
  Descriptor take_execterm() { return std::move(execterm_.writing_end); }
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// The client's process; 0 where the kernel does not tell.
  [[nodiscard]] pid_t client_pid() const { return client_pid_; }
  [[nodiscard]] TraceFacts trace_facts() const override;

 private:
  using Event = charts::monitor::Event;

  void leave_server() override;
  bool serves_first_call() override;

  void lead_group() override;
  void await_proof() override;
  void send_refusal() override;
  void send_greeting() override;
  void receive_signalling_byte() override;
  void receive_descriptors() override;
  void receive_length() override;
  void receive_message() override;
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
  void feed_status();
  void signal_group(int signal);

  Server& server_;
  pid_t pid_;
  pid_t client_pid_ = 0;
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
