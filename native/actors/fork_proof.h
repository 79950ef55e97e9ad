// The proof that a fork of this interpreter lives, as those see it who depend on it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

#include "core/descriptor.h"
#include "core/loop.h"

namespace prefork {

/// A process that does once what any fork will have to live through, and then writes a byte for
/// each of those who wait for it: the first monitor, which greets nobody before, and the server.
struct ForkProof {
  Descriptor verdict;  // reading end of a pipe, non-blocking
  pid_t process = -1;  // may have ended already; is nobody's child for long
};

class ForkProofReader {
 public:
  /// Calls `proved` once, with what is wrong if anything is; some seconds later at most, after
  /// which the process is killed.
  void await(Loop& loop, ForkProof proof,
             std::function<void(std::optional<std::string> failure)> proved);

 private:
  void read_verdict();
  void conclude(std::optional<std::string> failure);

  ForkProof proof_;
  Poll poll_;
  Timer timer_;
  std::function<void(std::optional<std::string>)> proved_;
};

}  // namespace prefork
