#include "actors/control.h"

namespace prefork {

void Control::watch_pipe() {
  if (poll_.is_open()) return;
  const int started =
      poll_.start_reading(loop(), pipe_.get(), [this] { post(Event::kPipeReadable); });
  if (started != 0) messages_.warn(Failure{-started, "watch command pipe"}.message());
}

void Control::read_pipe() { post(pipe_.read() ? Event::kBytesRead : Event::kNothingThere); }

void Control::take_line() {
  const std::optional<std::string> line = pipe_.take_line();
  if (!line) return post(Event::kNoLine);
  command_ = parse_(*line);
  switch (command_.kind) {
    case PipeCommand::Kind::kResize:
      return post(Event::kResizeAsked);
    case PipeCommand::Kind::kRenewLogs:
      return post(Event::kRenewalAsked);
    case PipeCommand::Kind::kMalformed:
      return post(Event::kLineMalformed);
  }
}

void Control::report_malformed() { messages_.warn("a command pipe was sent what is no command"); }

void Control::close_pipe() {
  poll_.close();
  pipe_.remove();
}

}  // namespace prefork
