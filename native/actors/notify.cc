#include "actors/notify.h"

namespace prefork {

void Notify::watch_socket() {
  const int started =
      poll_.start_reading(loop(), socket_.get(), [this] { post(Event::kMessageWaiting); });
  if (started != 0) remember(Failure{-started, "watch the readiness socket"});
}

void Notify::receive_message() {
  const std::optional<std::string> message = socket_.receive();
  if (!message) return post(Event::kNothingThere);
  message_ = allowed_lines(*message);
  post(message_.empty() ? Event::kMessageRefused : Event::kMessageAllowed);
}

void Notify::close_socket() {
  poll_.close();
  socket_.close();
}

}  // namespace prefork
