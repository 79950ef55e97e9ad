// The server's steps from the script's process to one of its own.

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "actors/server.h"
#include "core/local_socket.h"
#include "core/wire.h"

namespace prefork {

void Server::identify_descriptors() {
  const Result<SetupVariable> parsed = parse_setup_variable(options_.variable);
  if (!parsed.ok()) return fail(parsed.failure());
  const SetupVariable& setup = parsed.value();
  const Result<void> checked = check_setup_descriptors(setup);
  if (!checked.ok()) return fail(checked.failure());
  for (const int fd : {setup.listener, setup.call, setup.watcher_stdin, setup.watcher_stderr}) {
    (void)set_close_on_exec(fd, true);
  }
  started_ = setup.started;
  listener_ = Descriptor(setup.listener);
  call_ = Descriptor(setup.call);
  watcher_stdin_ = Descriptor(setup.watcher_stdin);
  watcher_stderr_ = Descriptor(setup.watcher_stderr);
  // Only known to the kernel: it is what the listener was bound to.
  socket_path_ = bound_path(listener_.get());
  process_trace().set_run_directory(socket_path_.substr(0, socket_path_.rfind('/')));
  post(Event::kDescriptorsIdentified);
}

void Server::open_syslog() {
  const Result<std::optional<int>> facility = parse_facility(options_.log_facility);
  if (!facility.ok()) return fail(facility.failure());
  syslog_.open(facility.value(), options_.script);
  post(Event::kSyslogOpened);
}

void Server::open_loop() {
  const int opened = loop().open();
  if (opened != 0) return fail(-opened, "open event loop");
  post(Event::kLoopOpened);
}

void Server::start_proof() {
  std::string reason;
  proof_ = host_.start_proof(&reason);
  if (proof_.verdict.valid()) return post(Event::kProofStarted);
  if (reason.empty()) return fail(errno, "fork for a self-test");
  fail(0, reason);
}

void Server::fork_server() {
  ask_to_fork([this] {
    std::string reason;
    const pid_t pid = host_.fork_script(&reason);
    if (pid < 0 && !reason.empty()) remember(Failure{0, reason});
    return pid;
  });
}

void Server::await_proof() {
  proof_reader_.await(loop(), std::move(proof_), [this](const std::optional<std::string>& reason) {
    if (reason) return fail(0, *reason);
    post(Event::kForkProved);
  });
}

void Server::send_refusal() {
  // On a connection that has seen no more than a greeting, so it goes out whole.
  const std::string reason = is_unsupported() ? options_.unsupported : failure().message();
  Failure why;
  switch (prefork::send_refusal(call_.get(), reason, &why)) {
    case WireOutcome::kComplete:
      return post(Event::kRefusalSent);
    case WireOutcome::kPeerGone:
      return post(Event::kClientGone);
    default:
      return fail(why);
  }
}

void Server::lead_session() {
  if (setsid() < 0) return fail(errno, "setsid");
  sigaction(SIGTERM, nullptr, &termination_action_);
  catches_termination_ = true;
  const int watched =
      termination_watch_.start(loop(), SIGTERM, [this] { post(Event::kTerminated); });
  if (watched != 0) return fail(-watched, "watch for SIGTERM");
  // After the script has read its files, before the first call may change them.
  files_ = std::make_unique<ProgramFiles>(started_);
  files_->add_named(options_.files);
  post(Event::kSessionLed);
}

void Server::detach() {
  const Result<Descriptor> null = open_null(O_RDWR);
  if (!null.ok()) return fail(null.failure());
  for (const int target : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (const auto placed = place_at(null.value().get(), target); !placed.ok()) {
      return fail(placed.failure());
    }
  }
  is_attached_ = false;
  post(Event::kDetached);
}

}  // namespace prefork
