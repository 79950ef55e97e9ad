// Runs charts in another way than by their compiled tables.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "engine/machine.h"

namespace prefork {

class ChartEngine {
 public:
  /// As the records of the trace call it.
  [[nodiscard]] virtual const char* name() const = 0;

  /// A run of the chart over the host's actions and guards. Chart and host outlive it.
  virtual std::unique_ptr<engine::Machine> make_machine(const engine::Chart& chart,
                                                        engine::Host& host) = 0;

  /// Forks the process in which it has been at work. -1 and errno, or a text in `failure`.
  virtual pid_t fork(std::string* failure) = 0;

 protected:
  ~ChartEngine() = default;
};

}  // namespace prefork
