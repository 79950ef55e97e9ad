// One log of a container: what each step of machines/log.ts does.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "actors/actor.h"
#include "charts/log.h"
#include "conmon/log_sink.h"
#include "conmon/messages.h"

namespace prefork {

class Log final : public Actor<charts::log::Effects, charts::log::Event> {
 public:
  Log(Loop& loop, std::unique_ptr<LogSink> sink, Messages& messages)
      : Actor(loop), sink_(std::move(sink)), messages_(messages) {}

  /// Logs output, now or when the log takes it. Does not keep `chunk`.
  void add(Source source, std::string_view chunk);
  /// Begins a new file.
  void renew() { post(Event::kRenewalAsked); }
  /// Completes the log; calls back, at once or later.
  void finish(std::function<void()> finished);

 private:
  using Event = charts::log::Event;

  bool rotates() override { return sink_->rotates(); }
  bool is_finishing() override { return finished_ != nullptr; }

  void write_pending() override;
  void rotate_files() override;
  void replace_file() override;
  void continue_beyond_limit() override;
  void report_stall() override;
  void report_recovery() override;
  void bound_backlog() override;
  void await_retry() override;
  void complete_partial_lines() override { sink_->complete_lines(); }
  void start_finish_timer() override;
  void report_loss() override;
  void drop_pending() override { sink_->drop_beyond(0); }
  void sync_log() override;
  void close_log() override;
  void tell_finished() override { finished_(); }

  void take_renewal(const Result<void>& renewed);

  std::unique_ptr<LogSink> sink_;
  Messages& messages_;
  std::function<void()> finished_;
  Timer retry_timer_;
  Poll retry_poll_;
  Timer finish_timer_;
  bool is_stalled_ = false;
  std::size_t dropped_ = 0;  // bytes, since the log stalled
};

}  // namespace prefork
