// An attached client that is shown output: what each step of machines/viewer.ts does.
#pragma once

#include <functional>
#include <string_view>

#include "actors/actor.h"
#include "charts/viewer.h"
#include "conmon/attach_socket.h"
#include "conmon/messages.h"

namespace prefork {

class Viewer final : public Actor<charts::viewer::Effects, charts::viewer::Event> {
 public:
  struct Listeners {
    std::function<void()> hold;     // the container should pause
    std::function<void()> release;  // and may go on
    std::function<void()> left;
  };

  Viewer(Loop& loop, Descriptor connection, Messages& messages, Listeners listeners)
      : Actor(loop),
        connection_(std::move(connection)),
        messages_(messages),
        listeners_(std::move(listeners)) {}

  /// Sends output, now or when the client takes it. Does not keep `output`.
  void show(Source source, std::string_view output);
  /// Nothing more will come: the client may read the rest, then it is let go.
  void flush() { post(Event::kFlushAsked); }

 private:
  using Event = charts::viewer::Event;

  bool queue_is_full() override;
  bool queue_is_low() override;

  void watch_hang_up() override;
  void watch_room() override;
  void send_output() override;
  void send_queue() override;
  void queue_output() override;
  void hold_container() override { listeners_.hold(); }
  void release_container() override { listeners_.release(); }
  void start_patience() override;
  void stop_patience() override { patience_.stop(); }
  void report_dropped() override;
  void disconnect() override;
  void close_connection() override;
  void tell_left() override { listeners_.left(); }

  void post_outcome(PacketQueue::Outcome outcome);

  Descriptor connection_;
  Messages& messages_;
  Listeners listeners_;
  Poll poll_;
  Timer patience_;
  PacketQueue queue_;
  Source source_ = Source::kOutput;  // of the output that has just arrived
  std::string_view output_;
};

}  // namespace prefork
