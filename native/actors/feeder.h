// An attached client that writes to the container: what each step of machines/feeder.ts does.
#pragma once

#include <string>
#include <string_view>

#include "actors/actor.h"
#include "charts/feeder.h"
#include "conmon/attach_socket.h"
#include "conmon/container_input.h"

namespace prefork {

class Feeder final : public Actor<charts::feeder::Effects, charts::feeder::Event> {
 public:
  /// `ends_input`: the input of the container ends with this client's.
  Feeder(Loop& loop, Descriptor connection, ContainerInput& input, bool ends_input)
      : Actor(loop), connection_(std::move(connection)), input_(input), ends_input_(ends_input) {}

  void close() { post(Event::kCloseAsked); }

 private:
  using Event = charts::feeder::Event;

  bool ends_input() override { return ends_input_; }

  void watch_client() override;
  void stop_watching() override { poll_.close(); }
  void receive_packet() override;
  void write_packet() override;
  void await_room() override;
  void close_input() override { input_.close(); }
  void close_connection() override { connection_.reset(); }

  Descriptor connection_;
  ContainerInput& input_;
  bool ends_input_;
  Poll poll_;
  std::string packet_;
  std::string_view rest_;  // of the packet, that is still to be written
};

}  // namespace prefork
