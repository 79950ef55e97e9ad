// Where clients attach to a container: what each step of machines/attach.ts does.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string_view>

#include "actors/actor.h"
#include "actors/feeder.h"
#include "actors/viewer.h"
#include "charts/attach.h"
#include "conmon/attach_socket.h"
#include "conmon/messages.h"

namespace prefork {

class Attach final : public Actor<charts::attach::Effects, charts::attach::Event> {
 public:
  struct Listeners {
    std::function<void()> hold;  // the container should pause; called once until release
    std::function<void()> release;
  };

  Attach(Loop& loop, AttachSocket& socket, ContainerInput& input, bool client_ends_input,
         Messages& messages, Listeners listeners)
      : Actor(loop),
        socket_(socket),
        input_(input),
        client_ends_input_(client_ends_input),
        messages_(messages),
        listeners_(std::move(listeners)) {}

  /// Shows output to everybody who is attached. Does not keep `output`.
  void show(Source source, std::string_view output);
  /// Takes no more clients, and lets those that are there read to the end; calls back, at once or
  /// later.
  void flush(std::function<void()> flushed);

 private:
  using Event = charts::attach::Event;
  // Two actors on one connection: what a client reads has nothing to do with what it writes.
  struct Client {
    std::unique_ptr<Viewer> viewer;
    std::unique_ptr<Feeder> feeder;
  };

  bool is_alone() override { return viewers_ == 0; }

  void watch_socket() override;
  void stop_watching() override { poll_.close(); }
  void accept_client() override;
  void report_failure() override;
  void start_pause() override;
  void close_socket() override;
  void ask_clients_to_finish() override;
  void tell_flushed() override { flushed_(); }

  void collect();
  void hold();
  void release();

  AttachSocket& socket_;
  ContainerInput& input_;
  bool client_ends_input_;
  Messages& messages_;
  Listeners listeners_;
  Poll poll_;
  Timer pause_;
  std::list<Client> clients_;
  int viewers_ = 0;  // that have not left
  int holding_ = 0;  // of them
  std::function<void()> flushed_;
};

}  // namespace prefork
