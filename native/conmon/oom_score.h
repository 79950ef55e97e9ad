#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace prefork {

// How ready the kernel is to kill this process when memory is short.
class OomScore {
 public:
  // Makes this the last process to be killed, if that is allowed.
  Result<void> lower();
  // As it was: for what is executed in this process's place.
  void restore() const;

 private:
  std::optional<std::string> before_;
};

}  // namespace prefork
