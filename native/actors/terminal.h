// A container's terminal: what each step of machines/terminal.ts does.
#pragma once

#include <functional>
#include <optional>

#include "actors/actor.h"
#include "charts/terminal.h"
#include "conmon/console_socket.h"

namespace prefork {

class Terminal final : public Actor<charts::terminal::Effects, charts::terminal::Event> {
 public:
  struct Listeners {
    std::function<void()> ready;
    std::function<void()> missing;
  };

  Terminal(Loop& loop, Listeners listeners) : Actor(loop), listeners_(std::move(listeners)) {}

  /// Before start().
  Result<void> open_socket() { return console_.open(); }
  const std::string& socket_path() const { return console_.path(); }

  /// The runtime has ended. Tells, at once, whether the terminal is there.
  void conclude() { post(Event::kRuntimeDone); }
  /// Now, or as soon as the terminal is there.
  void resize(TerminalSize size);
  void close() { post(Event::kCloseAsked); }

  [[nodiscard]] bool is_ready() const { return is_ready_; }
  /// The container's side of it is what its output is read from and its input written to.
  [[nodiscard]] int descriptor() const { return terminal_.get(); }

 private:
  using Event = charts::terminal::Event;

  void watch_console_socket() override;
  void accept_runtime() override;
  void watch_connection() override;
  void receive_terminal() override;
  void set_up_terminal() override;
  void remove_console_socket() override;
  void apply_size() override;
  void tell_ready() override;
  void tell_missing() override { listeners_.missing(); }
  void close_terminal() override { terminal_.reset(); }

  Listeners listeners_;
  ConsoleSocket console_;
  Descriptor connection_;
  Poll poll_;
  Descriptor terminal_;
  std::optional<TerminalSize> size_;
  bool is_ready_ = false;
};

}  // namespace prefork
