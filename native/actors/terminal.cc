#include "actors/terminal.h"

#include <utility>

namespace prefork {

void Terminal::resize(TerminalSize size) {
  size_ = size;
  post(Event::kResized);
}

void Terminal::watch_console_socket() {
  const int started =
      poll_.start_reading(loop(), console_.get(), [this] { post(Event::kConnectionWaiting); });
  if (started != 0) remember(Failure{-started, "watch the console socket"});
}

void Terminal::accept_runtime() {
  auto accepted = console_.accept();
  if (!accepted.ok()) return fail(accepted.failure());
  if (!accepted.value()) return post(Event::kNothingThere);
  connection_ = std::move(*accepted.value());
  post(Event::kRuntimeConnected);
}

void Terminal::watch_connection() {
  const int started =
      poll_.start_reading(loop(), connection_.get(), [this] { post(Event::kTerminalWaiting); });
  if (started != 0) remember(Failure{-started, "watch the runtime's connection"});
}

void Terminal::receive_terminal() {
  auto received = receive_descriptor(connection_.get());
  if (!received.ok()) return fail(received.failure());
  if (!received.value()) return post(Event::kNothingThere);
  terminal_ = std::move(*received.value());
  post(Event::kTerminalReceived);
}

void Terminal::set_up_terminal() {
  if (const auto set = set_terminal_modes(terminal_.get()); !set.ok()) return fail(set.failure());
  if (size_) {
    if (const auto set = set_terminal_size(terminal_.get(), *size_); !set.ok()) {
      return fail(set.failure());
    }
  }
  post(Event::kTerminalSetUp);
}

void Terminal::remove_console_socket() {
  poll_.close();
  connection_.reset();
  console_.remove();
}

void Terminal::apply_size() {
  // Best effort: a program that does not learn of it goes on with the old size.
  (void)set_terminal_size(terminal_.get(), *size_);
}

void Terminal::tell_ready() {
  is_ready_ = true;
  listeners_.ready();
}

}  // namespace prefork
