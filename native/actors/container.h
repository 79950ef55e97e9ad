// The monitor of one container: what each step of machines/container.ts does.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/actor.h"
#include "actors/control.h"
#include "actors/notify.h"
#include "actors/oom.h"
#include "actors/outlet.h"
#include "actors/stream.h"
#include "actors/terminal.h"
#include "charts/container.h"
#include "conmon/attach_socket.h"
#include "conmon/check_options.h"
#include "conmon/children.h"
#include "conmon/container_input.h"
#include "conmon/messages.h"
#include "conmon/oom_score.h"
#include "conmon/options.h"
#include "conmon/runtime_command.h"
#include "conmon/sync_message.h"

namespace prefork {

class Container final : public Actor<charts::container::Effects, charts::container::Event> {
 public:
  Container(Loop& loop, int word_count, char** words);

  /// With `becomes` runtime or exitCommand: goes on as that. Returns only as the status to exit
  /// with where it cannot, having said why.
  int execute_runtime();
  int execute_exit_command();

  /// The status to exit with, where the chart's final state names none.
  [[nodiscard]] int status() const;

 private:
  using Event = charts::container::Event;

  bool stays_in_foreground() override { return options_.stays_in_foreground(); }
  bool relays_readiness() override { return options_.notify_socket.has_value(); }
  bool uses_terminal() override { return options_.terminal; }
  bool opens_doors() override;
  bool is_attached_first() override { return options_.exec_attach; }
  bool lacks_terminal() override { return terminal_ && !terminal_->is_ready(); }
  bool reports_pid() override { return !options_.exec || options_.has_api; }
  bool reports_creation() override { return !(options_.exec && options_.is_early()); }
  bool reads_to_the_end() override { return options_.is_early(); }
  bool has_persist_directory() override { return options_.persist_directory.has_value(); }
  bool has_exit_directory() override { return options_.exit_directory.has_value(); }
  bool records_in_current_directory() override { return options_.is_early() && !options_.exec; }
  bool reports_exit() override { return options_.exec; }
  bool has_exit_command() override { return options_.exit_command.has_value(); }

  // Before anything is launched: container.cc
  void read_command_line() override;
  void print_help() override;
  void print_version() override;
  void check_options() override;
  void open_logs() override;
  void open_loop() override;
  void guard_against_oom() override;
  void await_start() override;
  void fork_daemon() override;
  void write_monitor_pid() override;

  // Making what the container will need: container_prepare.cc
  void open_notify_socket() override;
  void take_pipes() override;
  void leave_caller() override;
  void open_console_socket() override;
  void open_pipes() override;
  void open_doors() override;
  void announce_doors() override;
  void await_attachment() override;

  // From the start of the runtime to the container's: container_launch.cc
  void fork_runtime() override;
  void supervise_runtime() override;
  void reap_runtime() override;
  void ask_terminal() override { terminal_->conclude(); }
  void forward_signal() override;
  void read_container_pid() override;
  void report_container_pid() override;
  void describe_failed_runtime() override;
  void describe_missing_terminal() override;
  void collect_last_words() override;
  void report_creation_failure() override;
  void report_failure() override;
  void warn_of_failure() override;

  // The container's life and end: container_run.cc
  void watch_memory() override;
  void start_streams() override;
  void start_timeout() override;
  void reap_container() override;
  void kill_container() override;
  void start_grace_timer() override;
  void check_memory() override;
  void await_end_of_streams() override;
  void drain_streams() override;
  void finish_logs() override;
  void flush_clients() override;
  void close_doors() override;
  void close_inherited() override;
  void record_persistent_exit() override;
  void record_exit() override;
  void record_exit_here() override;
  void report_exit() override;
  void fork_exit_command() override;
  void reap_exit_command() override;

  [[nodiscard]] Ending ending() const override { return {status(), 0}; }

  void set_up_messages();
  RuntimePaths runtime_paths() const;
  Result<std::unique_ptr<LogSink>> make_sink(const LogDestination& destination);
  bool passes_streams_through() const;
  Result<std::optional<Descriptor>> take_pipe(const char* variable);
  void await_byte();
  Result<void> open_error_pipe();
  Result<void> open_command_pipe(const char* name, Control::Parse parse);
  const char* result_key() const;
  bool is_our_child(pid_t pid) const;
  void start_stream(Source source, Descriptor output);
  template <class Ask>
  void end_streams(Ask ask);
  void record(const std::string& path);

  int word_count_;
  char** words_;
  ContainerOptions options_;
  std::vector<LogDestination> destinations_;
  std::string current_directory_;
  std::string bundle_;  // empty: none
  std::string pid_file_;
  Messages messages_;
  bool is_plain_failure_ = false;  // its message has the program's name in front already
  OomScore oom_score_;

  std::vector<std::unique_ptr<SignalWatch>> signals_;
  int signal_ = 0;  // that has just arrived
  Children children_;

  Descriptor start_pipe_;
  Poll start_poll_;
  SyncPipe sync_pipe_;
  SyncPipe attach_pipe_;

  // The monitor's ends and, until the runtime has been launched, the container's.
  Pipe output_pipe_;
  Pipe error_pipe_;
  Pipe input_pipe_;
  ContainerInput input_{loop()};
  AttachSocket attach_socket_;

  pid_t runtime_ = -1;
  bool runtime_ended_ = false;
  int runtime_status_ = 0;
  bool has_runtime_failed_ = false;
  std::string last_words_;
  pid_t container_ = -1;
  Descriptor container_pidfd_;
  Poll container_poll_;
  int container_status_ = 0;
  bool is_timed_out_ = false;

  Outlet outlet_;
  std::unique_ptr<Terminal> terminal_;
  std::vector<std::unique_ptr<Stream>> streams_;
  std::vector<std::unique_ptr<Control>> controls_;
  std::unique_ptr<Notify> notify_;
  std::unique_ptr<Oom> oom_;
  int open_streams_ = 0;
  std::size_t unfinished_logs_ = 0;
  Timer timeout_timer_;
  Timer grace_timer_;
};

}  // namespace prefork
