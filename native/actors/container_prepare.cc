#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "actors/container.h"

namespace prefork {

namespace {

constexpr char kDefaultSocketDirectory[] = "/var/run/crio";
// As much as one may have without privileges: fewer turns of the loop for a busy container.
constexpr int kPipeCapacity = 1 << 20;

/// A pipe for the container. Its user there need not be root and may want to open it again by way
/// of /dev/stdout.
Result<Pipe> make_container_pipe() {
  Result<Pipe> pipe = make_pipe();
  if (!pipe.ok()) return pipe;
  for (const int fd : {pipe.value().reading_end.get(), pipe.value().writing_end.get()}) {
    if (fchmod(fd, ACCESSPERMS) != 0 && errno != EINVAL) {
      return Failure{errno, "set mode of the container's pipe"};
    }
  }
  return pipe;
}

}  // namespace

/// The descriptor whose number the caller has put into a variable; nothing if it has not.
Result<std::optional<Descriptor>> Container::take_pipe(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::optional<Descriptor>();
  errno = 0;
  char* end = nullptr;
  const long fd = std::strtol(text, &end, 10);
  if (errno != 0 || end == text || *end != 0 || fd < 0 || fd > INT_MAX) {
    return Failure{0, std::string("unable to parse ") + variable + " " + text};
  }
  const auto set = set_close_on_exec(static_cast<int>(fd), true);
  if (!set.ok()) {
    return Failure{set.failure().error, std::string("unable to make ") + variable + " CLOEXEC"};
  }
  return std::optional<Descriptor>(Descriptor(static_cast<int>(fd)));
}

void Container::open_notify_socket() {
  NotifySocket socket;
  const auto opened =
      socket.open(bundle_.empty() ? current_directory_ : bundle_, *options_.notify_socket);
  if (!opened.ok()) return fail(opened.failure());
  notify_ = std::make_unique<Notify>(loop(), std::move(socket));
  notify_->start_beside();
  post(Event::kNotifySocketOpened);
}

void Container::take_pipes() {
  Result<std::optional<Descriptor>> sync = take_pipe("_OCI_SYNCPIPE");
  if (!sync.ok()) return fail(sync.failure());
  if (sync.value()) sync_pipe_.open(std::move(*sync.value()));
  if (options_.exec_attach) {
    Result<std::optional<Descriptor>> attach = take_pipe("_OCI_ATTACHPIPE");
    if (!attach.ok()) return fail(attach.failure());
    if (!attach.value()) return fail(0, "--attach specified but _OCI_ATTACHPIPE was not");
    attach_pipe_.open(std::move(*attach.value()));
  }
  post(Event::kPipesTaken);
}

void Container::leave_caller() {
  if (!options_.is_early()) {
    if (!passes_streams_through()) {
      Result<Descriptor> null = open_null(O_RDWR);
      if (!null.ok()) return fail(null.failure());
      for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
        if (const auto placed = place_at(null.value().get(), fd); !placed.ok()) {
          return fail(placed.failure());
        }
      }
    }
    // Fails for who leads a group already, and that is as good.
    (void)setsid();
  }
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
    return fail(errno, "Failed to set as subreaper");
  post(Event::kCallerLeft);
}

Result<void> Container::open_error_pipe() {
  Result<Pipe> made = make_container_pipe();
  if (!made.ok()) return made.failure();
  error_pipe_ = std::move(made).value();
  return set_nonblocking(error_pipe_.reading_end.get(), true);
}

void Container::open_console_socket() {
  terminal_ = std::make_unique<Terminal>(
      loop(), Terminal::Listeners{[this] { post(Event::kTerminalReady); },
                                  [this] { post(Event::kTerminalMissing); }});
  if (const auto opened = terminal_->open_socket(); !opened.ok()) return fail(opened.failure());
  // The runtime's own errors: it has no part in the terminal. The early version left them to the
  // caller.
  if (!options_.is_early()) {
    if (const auto opened = open_error_pipe(); !opened.ok()) return fail(opened.failure());
  }
  post(Event::kStreamsOpened);
}

void Container::open_pipes() {
  if (passes_streams_through()) return post(Event::kStreamsOpened);
  Result<Pipe> output = make_container_pipe();
  if (!output.ok()) return fail(output.failure());
  output_pipe_ = std::move(output).value();
  // Refused where all of a user's pipes together are too large; then it stays as it is.
  (void)fcntl(output_pipe_.reading_end.get(), F_SETPIPE_SZ, kPipeCapacity);
  if (const auto opened = open_error_pipe(); !opened.ok()) return fail(opened.failure());
  if (options_.standard_input) {
    Result<Pipe> input = make_container_pipe();
    if (!input.ok()) return fail(input.failure());
    input_pipe_ = std::move(input).value();
    if (const auto set = set_nonblocking(input_pipe_.writing_end.get(), true); !set.ok()) {
      return fail(set.failure());
    }
    input_.open(std::move(input_pipe_.writing_end));
  } else {
    input_.close();
  }
  post(Event::kStreamsOpened);
}

Result<void> Container::open_command_pipe(const char* name, Control::Parse parse) {
  CommandPipe pipe;
  if (auto opened = pipe.open(bundle_ + "/" + name); !opened.ok()) return opened;
  const Control::Listeners listeners = {[this](TerminalSize size) {
                                          if (terminal_) terminal_->resize(size);
                                        },
                                        [this] {
                                          for (const auto& log : outlet_.logs) log->renew();
                                        }};
  controls_.push_back(
      std::make_unique<Control>(loop(), std::move(pipe), parse, messages_, listeners));
  controls_.back()->start_beside();
  return {};
}

void Container::open_doors() {
  if (const auto opened = attach_socket_.open(bundle_); !opened.ok()) return fail(opened.failure());
  if (!options_.full_attach && options_.container_uuid) {
    const auto linked =
        attach_socket_.link(options_.socket_directory.value_or(kDefaultSocketDirectory),
                            *options_.container_uuid, bundle_);
    if (!linked.ok()) return fail(linked.failure());
  }
  const auto each = [this](auto ask) {
    for (const auto& stream : streams_) ask(*stream);
  };
  const bool client_ends_input = options_.standard_input && !options_.leave_input_open;
  outlet_.attach = std::make_unique<Attach>(
      loop(), attach_socket_, input_, client_ends_input, messages_,
      Attach::Listeners{[each] { each([](Stream& stream) { stream.hold(); }); },
                        [each] { each([](Stream& stream) { stream.release(); }); }});
  outlet_.attach->start_beside();
  if (const auto opened = open_command_pipe("ctl", parse_control_line); !opened.ok()) {
    return fail(opened.failure());
  }
  if (const auto opened = open_command_pipe("winsz", parse_size_line); !opened.ok()) {
    return fail(opened.failure());
  }
  post(Event::kDoorsOpened);
}

void Container::announce_doors() {
  attach_pipe_.send(sync_message("data", 0));
  post(Event::kDoorsAnnounced);
}

void Container::await_attachment() {
  if (!start_pipe_.valid()) return post(Event::kStartReleased);
  await_byte();
}

}  // namespace prefork
