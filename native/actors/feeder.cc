#include "actors/feeder.h"

#include <cerrno>

namespace prefork {

void Feeder::watch_client() {
  const int started =
      poll_.start_reading(loop(), connection_.get(), [this] { post(Event::kPacketWaiting); });
  if (started != 0) post(Event::kCloseAsked);
}

void Feeder::receive_packet() {
  const Result<std::size_t> received = prefork::receive_packet(connection_.get(), packet_);
  if (!received.ok()) {
    const bool is_empty = received.failure().error == EAGAIN;
    return post(is_empty ? Event::kNothingThere : Event::kClientEnded);
  }
  rest_ = packet_;
  post(received.value() == 0 ? Event::kClientEnded : Event::kPacketReceived);
}

void Feeder::write_packet() {
  switch (input_.write(rest_)) {
    case ContainerInput::Outcome::kAll:
      return post(Event::kPacketWritten);
    case ContainerInput::Outcome::kPart:
      return post(Event::kInputFull);
    case ContainerInput::Outcome::kGone:
      return post(Event::kInputGone);
  }
}

void Feeder::await_room() {
  input_.await_room([this] { post(Event::kRoom); });
}

}  // namespace prefork
