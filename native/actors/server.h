// The server, from the end of the script's initialisation: what each step of machines/server.ts
// does.
#pragma once

#include <csignal>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/actor.h"
#include "actors/script_host.h"
#include "charts/server.h"
#include "core/descriptor.h"
#include "core/environment.h"
#include "core/local_socket.h"
#include "core/program_files.h"
#include "core/syslog_sink.h"

namespace prefork {

/// What the script's author may choose, all of it validated.
struct ServerOptions {
  std::string variable;             // the value of PREFORK_INTERP
  std::string script;               // for messages
  int most_calls = 4;               // at once; negative: no limit
  double idle_timeout = 1'000'000;  // seconds; negative: none
  bool has_standby = true;          // processes are forked ahead of calls
  int most_errors = 100;            // failed accepts in a row
  std::string log_facility = "LOG_USER";
  std::string unsupported;         // why this interpreter cannot be forked; empty: it can
  std::vector<std::string> files;  // absolute paths
};

class Server final : public Actor<charts::server::Effects, charts::server::Event> {
 public:
  Server(Loop& loop, ScriptHost& host, ServerOptions options);

  /// In a monitor or a standby: closes everything that is the server's, on the revived loop; does
  /// nothing if that has been done.
  void let_go();

  /// In a standby: where the server hands its call over.
  Descriptor take_handover() { return std::move(handover_.theirs); }
  /// In what has been a standby: the call to serve.
  void adopt_call(Descriptor call) { call_ = std::move(call); }

  /// In a monitor: the call to serve.
  Descriptor take_call() { return std::move(call_); }
  /// In the first one: what it must wait for.
  ForkProof take_proof() { return std::move(proof_); }
  /// Whether the process is still attached to the first caller.
  [[nodiscard]] bool is_attached() const { return is_attached_; }

  /// Says what went wrong: on standard error while the first caller waits, later to syslog.
  void report(int level, const std::string& text);

  [[nodiscard]] TraceFacts trace_facts() const override;

 private:
  using Event = charts::server::Event;

  struct Child {
    Descriptor pidfd;
    Poll poll;
    int status = 0;
  };

  bool is_unsupported() override;
  bool is_strict() override;
  bool is_in_the_way() override;
  bool monitor_failed() override;
  bool calls_running() override;
  bool no_children() override;
  bool standby_wanted() override;
  bool standby_ready() override;
  bool has_standby() override;
  bool at_limit() override;
  bool too_many_errors() override;

  void identify_descriptors() override;
  void open_syslog() override;
  void open_loop() override;
  void start_proof() override;
  void fork_server() override;
  void await_proof() override;
  void send_refusal() override;
  void lead_session() override;
  void fork_monitor() override;
  void order_standby() override;
  void hasten_standby() override;
  void fork_standby() override;
  void note_standby_ready() override;
  void hand_over() override;
  void dismiss_standby() override;
  void kill_standby() override;
  void reap_standby() override;
  void log_lost_standby() override;
  void detach() override;
  void start_serving() override;
  void start_lull_timer() override;
  void stop_lull_timer() override;
  void warm_up() override;
  void read_file_list() override;
  void start_idle_timer() override;
  void stop_idle_timer() override;
  void start_freshness_timer() override;
  void stop_freshness_timer() override;
  void pause_watching() override;
  void resume_watching() override;
  void pause_listening() override;
  void resume_listening() override;
  void stop_serving() override;
  void check_freshness() override;
  void accept_call() override;
  void close_call() override;
  void count_error() override;
  void forget_errors() override;
  void read_watcher() override;
  void reap_monitor() override;
  void log_failed_monitor() override;
  void remove_abandoned_files() override;
  void log_stale() override;
  void log_lost_socket() override;
  void log_idle() override;
  void log_termination() override;
  void log_error() override;
  void report_failure() override;

  void settle_in_child() override;
  [[nodiscard]] size_t calls() const;
  void feed_file_list();
  void watch_child(pid_t pid);
  void set_standby_timer(std::uint64_t milliseconds);
  void hear_standby();
  void let_go_of_standby();
  void tell_of_end(pid_t pid);
  void log_failed(const std::string& what, pid_t pid);
  void lose_sight_of(pid_t pid, const Failure& failure);

  ScriptHost& host_;
  ServerOptions options_;
  timespec started_ = {};
  std::unique_ptr<ProgramFiles> files_;
  std::string stale_file_;
  Descriptor file_list_;
  pid_t file_list_writer_ = -1;
  Poll file_list_poll_;
  Timer file_list_timer_;
  std::string file_list_text_;
  SyslogSink syslog_;
  bool is_attached_ = true;
  ForkProof proof_;
  ForkProofReader proof_reader_;

  Descriptor listener_;
  std::string socket_path_;  // empty: not known
  Descriptor call_;
  Descriptor watcher_stdin_;  // held open: its closing tells the watcher that the server is gone
  Descriptor watcher_stderr_;
  Poll listener_poll_;
  Poll watcher_poll_;
  SignalWatch termination_watch_;
  struct sigaction termination_action_ = {};
  bool catches_termination_ = false;
  Timer lull_timer_;
  Timer idle_timer_;
  Timer freshness_timer_;

  std::map<pid_t, Child> children_;
  std::deque<pid_t> exited_;      // monitors
  std::optional<pid_t> standby_;  // one of the children; no monitor yet
  SocketPair handover_;           // to the standby, whose end is the blocking one
  Poll handover_poll_;
  Timer standby_timer_;
  Timer dismissal_timer_;
  bool is_standby_ready_ = false;
  bool is_standby_ordered_ = false;
  int errors_ = 0;
};

}  // namespace prefork
