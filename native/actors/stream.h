// One output of a container: what each step of machines/stream.ts does.
#pragma once

#include <functional>
#include <string_view>

#include "actors/actor.h"
#include "charts/stream.h"
#include "conmon/log_clock.h"
#include "core/descriptor.h"

namespace prefork {

class Stream final : public Actor<charts::stream::Effects, charts::stream::Event> {
 public:
  struct Listeners {
    std::function<void(Source, std::string_view)> take;
    std::function<void()> ended;
  };

  Stream(Loop& loop, Source source, Descriptor output, Listeners listeners)
      : Actor(loop),
        source_(source),
        output_(std::move(output)),
        listeners_(std::move(listeners)) {}

  /// Pauses and goes on. Not once the container has ended.
  void hold() { post(Event::kHoldAsked); }
  void release() { post(Event::kReleaseAsked); }
  /// The container has ended: reads what is left, or up to the end.
  void drain() { post(Event::kDrainAsked); }
  void await_end() { post(Event::kEndAwaited); }

 private:
  using Event = charts::stream::Event;

  bool rest_is_read() override { return rest_read_ >= rest_; }

  void watch_output() override;
  void stop_watching() override { poll_.close(); }
  void read_output() override;
  void measure_rest() override;
  void start_hang_up_timer() override;
  void close_output() override;
  void tell_ended() override { listeners_.ended(); }

  Source source_;
  Descriptor output_;
  Listeners listeners_;
  Poll poll_;
  Timer hang_up_timer_;
  std::size_t rest_ = 0;
  std::size_t rest_read_ = 0;
};

}  // namespace prefork
