// The client: one call. What happens next stands in machines/client.ts; here, what each step does.
#pragma once

#include <csignal>
#include <optional>
#include <string>

#include "actors/actor.h"
#include "charts/client.h"
#include "core/command_line.h"
#include "core/descriptor.h"
#include "core/local_socket.h"
#include "core/run_directory.h"
#include "core/standard_streams.h"
#include "core/wire.h"

namespace prefork {

/// What the watcher takes over from the client that forked it.
struct WatcherInheritance {
  Descriptor standard_input;  // reading end; its writing end is the server's
  Descriptor standard_error;  // writing end; its reading end is the server's
  std::string socket_path;
  std::string lock_path;
  SocketFile socket_file;
};

class Client final : public Actor<charts::client::Effects, charts::client::Event> {
 public:
  Client(Loop& loop, int argument_count, char** arguments);

  /// With `becomes` watcher: what to go on with. The client is to be destroyed then.
  WatcherInheritance leave_to_watcher();

  /// With `becomes` setup: executes interpreter and script as the documents lay down. Returns only
  /// as the exit status with which to give up, having said why.
  int execute_setup();

  /// With `becomes` script: executes interpreter and script in place of this process. Returns as
  /// execute_setup() does.
  int execute_script();

  /// Ends as the call did, where the chart's final state names no exit status: returns the status
  /// to exit with, or dies of the signal.
  int end_as_child();

 private:
  using Event = charts::client::Event;

  bool is_switched_off() override;
  bool must_not_connect() override;
  bool must_kill() override;
  bool is_strict() override;
  bool monitor_takes_signals() override;
  bool child_exited() override;
  bool child_died_quietly() override;

  void read_command_line() override;
  void print_help() override;
  void open_loop() override;
  void start_timeout() override;
  void find_run_directory() override;
  void warn_of_fallback() override;
  void compute_identity() override;
  void connect() override;
  void start_retry_timer() override;
  void read_greeting() override;
  void tidy_run_directory() override;
  void try_lock() override;
  void await_lock() override;
  void release_lock() override;
  void remove_server_files() override;
  void remove_stale_socket() override;
  void create_listening_socket() override;
  void fork_watcher() override;
  void await_watcher() override;
  void make_first_call() override;
  void fork_setup() override;
  void await_setup() override;
  void report_silent_script() override;
  void remember_streams() override;
  void put_back_streams() override;
  void send_request() override;
  void hold_signals() override;
  void watch_signals() override;
  void forward_signal() override;
  void stop_self() override;
  void read_status() override;
  void exit_as_child() override;
  void raise_as_child() override;
  void report_signal() override;
  void report_failure() override;
  void report_lost_monitor() override;
  void warn_of_direct_run() override;

  [[nodiscard]] TraceFacts trace_facts() const override;
  [[nodiscard]] Ending ending() const override;

  static int give_up(const Failure& failure);

  void feed_greeting();
  bool was_declined();
  void feed_request();
  void feed_status();
  void take_lock_result(const Result<bool>& taken);
  void await_child(std::function<void(int wait_status)> ended);
  void take_signals();
  Result<void> execute(char* const* words);

  int argument_count_;
  char** arguments_;
  CommandLine command_line_;
  std::optional<std::uint64_t> timeout_milliseconds_;
  RunDirectory run_directory_;
  std::string socket_path_;
  std::string lock_path_;

  Timer timeout_timer_;
  Timer retry_timer_;
  Descriptor lock_;

  Descriptor listener_;
  SocketFile socket_file_;
  Pipe watcher_input_;
  Pipe watcher_error_;
  SocketPair first_call_;
  Descriptor setup_input_;

  Descriptor child_pidfd_;
  Poll child_poll_;
  int child_status_ = 0;
  const char* child_name_ = "invocation";

  Descriptor call_;
  Poll call_poll_;
  std::optional<GreetingReader> greeting_;
  std::optional<RequestWriter> request_;
  StatusReader status_;

  StandardStreams streams_;

  sigset_t held_signals_ = {};
  Descriptor signals_;
  Poll signals_poll_;
  std::deque<SignalFrame> arrived_signals_;

  int exit_status_ = 127;
  int killing_signal_ = 0;
};

}  // namespace prefork
