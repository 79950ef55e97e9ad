#include "actors/log.h"

#include <utility>

namespace prefork {

namespace {

constexpr std::uint64_t kRetryMilliseconds = 100;
// How long the end of a container may be kept secret because its log takes nothing.
constexpr std::uint64_t kFinishMilliseconds = 2000;
// How much is kept for a log that takes nothing.
constexpr std::size_t kLargestBacklog = std::size_t{16} << 20;

}  // namespace

void Log::add(Source source, std::string_view chunk) {
  sink_->add(source, chunk);
  post(Event::kOutputArrived);
}

void Log::finish(std::function<void()> finished) {
  finished_ = std::move(finished);
  post(Event::kFinishAsked);
}

void Log::write_pending() {
  const std::size_t before = sink_->pending();
  switch (sink_->write()) {
    case LogSink::Outcome::kWritten:
      return post(Event::kPendingWritten);
    case LogSink::Outcome::kSizeReached:
      return post(Event::kSizeReached);
    case LogSink::Outcome::kTotalReached:
      return post(Event::kTotalReached);
    case LogSink::Outcome::kFailed:
      if (sink_->pending() < before) return post(Event::kPartlyWritten);
      return fail(sink_->failure());
  }
}

void Log::rotate_files() { take_renewal(sink_->rotate()); }

void Log::replace_file() { take_renewal(sink_->replace()); }

void Log::take_renewal(const Result<void>& renewed) {
  if (renewed.ok()) return post(Event::kLogRenewed);
  forget_failure();
  fail(renewed.failure());
}

void Log::continue_beyond_limit() {
  messages_.warn(failure().message());
  forget_failure();
  sink_->raise_limit();
}

void Log::report_stall() {
  if (!is_stalled_) {
    messages_.error(sink_->failure().message() + " (what comes is kept and tried again)");
  }
  is_stalled_ = true;
}

void Log::report_recovery() {
  if (!is_stalled_) return;
  is_stalled_ = false;
  forget_failure();
  messages_.warn("the log is written again, less " + std::to_string(dropped_) + " bytes");
  dropped_ = 0;
}

void Log::bound_backlog() { dropped_ += sink_->drop_beyond(kLargestBacklog); }

void Log::await_retry() {
  const auto retry = [this] {
    retry_poll_.close();
    retry_timer_.stop();
    post(Event::kRetryDue);
  };
  retry_timer_.start(loop(), kRetryMilliseconds, retry);
  if (sink_->room_descriptor() < 0) return;
  // Failing that, the timer will do.
  (void)retry_poll_.start_writing(loop(), sink_->room_descriptor(), retry);
}

void Log::start_finish_timer() {
  finish_timer_.start(loop(), kFinishMilliseconds, [this] { post(Event::kTimeIsUp); });
}

void Log::report_loss() {
  messages_.error(std::to_string(sink_->pending() + dropped_) +
                  " bytes of the log are lost: " + sink_->failure().message());
}

void Log::sync_log() {
  const Result<void> synced = sink_->sync();
  if (!synced.ok()) return fail(synced.failure());
  post(Event::kLogSynced);
}

void Log::close_log() {
  retry_timer_.close();
  retry_poll_.close();
  finish_timer_.close();
  sink_->close();
}

}  // namespace prefork
