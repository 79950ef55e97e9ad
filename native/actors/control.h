// A pipe for commands: what each step of machines/control.ts does.
#pragma once

#include <functional>

#include "actors/actor.h"
#include "charts/control.h"
#include "conmon/command_pipe.h"
#include "conmon/messages.h"

namespace prefork {

class Control final : public Actor<charts::control::Effects, charts::control::Event> {
 public:
  using Parse = PipeCommand (*)(const std::string& line);
  struct Listeners {
    std::function<void(TerminalSize)> resize;
    std::function<void()> renew_logs;
  };

  Control(Loop& loop, CommandPipe pipe, Parse parse, Messages& messages, Listeners listeners)
      : Actor(loop),
        pipe_(std::move(pipe)),
        parse_(parse),
        messages_(messages),
        listeners_(std::move(listeners)) {}

  void close() { post(Event::kCloseAsked); }

 private:
  using Event = charts::control::Event;

  void watch_pipe() override;
  void read_pipe() override;
  void take_line() override;
  void resize_terminal() override { listeners_.resize(command_.size); }
  void renew_logs() override { listeners_.renew_logs(); }
  void report_malformed() override;
  void close_pipe() override;

  CommandPipe pipe_;
  Parse parse_;
  Messages& messages_;
  Listeners listeners_;
  Poll poll_;
  PipeCommand command_;
};

}  // namespace prefork
