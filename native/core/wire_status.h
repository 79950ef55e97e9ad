#pragma once

#include "core/wire_io.h"

namespace prefork {

WireInteger encode_status(int wait_status);

class StatusReader {
 public:
  // Garbage if what comes is no wait status.
  WireOutcome feed(int fd);

  // As from waitpid().
  int wait_status() const { return wait_status_; }
  const Failure& failure() const { return failure_; }

 private:
  WireInteger bytes_ = {};
  size_t filled_ = 0;
  int wait_status_ = 0;
  Failure failure_;
};

class StatusWriter {
 public:
  explicit StatusWriter(int wait_status) : bytes_(encode_status(wait_status)) {}

  WireOutcome feed(int fd);

  const Failure& failure() const { return failure_; }

 private:
  WireInteger bytes_;
  size_t sent_ = 0;
  Failure failure_;
};

}  // namespace prefork
