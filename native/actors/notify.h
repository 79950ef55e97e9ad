// The relay of readiness messages: what each step of machines/notify.ts does.
#pragma once

#include <string>

#include "actors/actor.h"
#include "charts/notify.h"
#include "conmon/notify_socket.h"

namespace prefork {

class Notify final : public Actor<charts::notify::Effects, charts::notify::Event> {
 public:
  Notify(Loop& loop, NotifySocket socket) : Actor(loop), socket_(std::move(socket)) {}

  void close() { post(Event::kCloseAsked); }

 private:
  using Event = charts::notify::Event;

  void watch_socket() override;
  void receive_message() override;
  void forward_message() override { socket_.forward(message_); }
  void close_socket() override;

  NotifySocket socket_;
  Poll poll_;
  std::string message_;
};

}  // namespace prefork
