#include "actors/stream.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/retry.h"

namespace prefork {

namespace {

constexpr std::uint64_t kHangUpMilliseconds = 100;

// What a terminal holds back is less than this.
constexpr std::size_t kTerminalRest = std::size_t{1} << 20;

// Shared by all streams: a chunk is passed on before the next one is read. A page that no chunk has
// reached costs nothing.
char buffer[std::size_t{1} << 18];

}  // namespace

void Stream::watch_output() {
  const int started =
      poll_.start_reading(loop(), output_.get(), [this] { post(Event::kOutputWaiting); });
  if (started != 0) remember(Failure{-started, "watch the container's output"});
}

void Stream::read_output() {
  const ssize_t count = retry_on_eintr([&] { return read(output_.get(), buffer, sizeof buffer); });
  if (count > 0) {
    rest_read_ += static_cast<std::size_t>(count);
    listeners_.take(source_, {buffer, static_cast<std::size_t>(count)});
    return post(Event::kOutputTaken);
  }
  if (count < 0 && errno == EAGAIN) return post(Event::kNothingThere);
  // From a terminal that nobody has open at its other side.
  if (count < 0 && errno == EIO) return post(Event::kHungUp);
  post(Event::kOutputEnded);
}

void Stream::measure_rest() {
  // Whatever was written before the container ended fits into the pipe. What comes later is
  // somebody else's, and may never end.
  const int capacity = fcntl(output_.get(), F_GETPIPE_SZ);
  rest_ = capacity > 0 ? static_cast<std::size_t>(capacity) : kTerminalRest;
  rest_read_ = 0;
}

void Stream::start_hang_up_timer() {
  hang_up_timer_.start(loop(), kHangUpMilliseconds, [this] { post(Event::kTryAgain); });
}

void Stream::close_output() {
  hang_up_timer_.close();
  output_.reset();
}

}  // namespace prefork
