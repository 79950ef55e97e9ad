#pragma once

#include <cstddef>
#include <string_view>

#include "conmon/log_clock.h"
#include "core/result.h"

namespace prefork {

// Where one log goes. Output is added first and written afterwards, so that what could not be
// written stays, and can be tried again.
class LogSink {
 public:
  enum class Outcome {
    kWritten,       // everything
    kSizeReached,   // what is left would make the log larger than it may be
    kTotalReached,  // as much is logged as may be in all
    kFailed,        // what is left was not taken: see failure()
  };

  virtual ~LogSink() = default;
  virtual void add(Source source, std::string_view chunk) = 0;
  // Adds what was kept back of lines without an end.
  virtual void complete_lines() = 0;
  virtual Outcome write() = 0;
  virtual std::size_t pending() const = 0;  // bytes
  // What becomes writable when the log may take more; -1: nothing tells.
  virtual int room_descriptor() const { return -1; }
  // Drops the newest records until no more than `most` bytes are pending; how many bytes went.
  virtual std::size_t drop_beyond(std::size_t most) = 0;

  virtual bool rotates() const { return false; }
  virtual Result<void> rotate() { return {}; }
  virtual Result<void> replace() { return {}; }
  // Lets the log grow by another limit's worth.
  virtual void raise_limit() {}
  // Sees to it that everything is on disk.
  virtual Result<void> sync() { return {}; }
  virtual void close() {}

  // Why write() failed.
  const Failure& failure() const { return failure_; }

 protected:
  Failure failure_;
};

}  // namespace prefork
