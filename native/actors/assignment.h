// What an executor has to do, and for whom.
#pragma once

#include <sys/types.h>

#include "actors/actor_trace.h"
#include "core/descriptor.h"
#include "core/wire.h"

namespace prefork {

struct Assignment {
  RequestReader request;  // as received: its descriptors and marks
  Message message;        // of it, decoded
  Descriptor execterm;    // the end of the pipe that the executor's death closes
  pid_t monitor = -1;
  pid_t client = 0;         // 0: not known
  bool is_revived = false;  // the interpreter's event loop is this process's own already
  TraceFacts facts;
};

/// The understudy of a monitor: a child that waits for an assignment.
struct UnderstudyLink {
  pid_t pid = -1;
  Descriptor prompt;    // non-blocking; the request goes there
  Descriptor execterm;  // the reading end
};

}  // namespace prefork
