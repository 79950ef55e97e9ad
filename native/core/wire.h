#pragma once

// What passes between client and monitor on one connection:
//
//   monitor -> client   greeting: "PFI\n", 4-byte length, that many bytes of extra data (none from
//                       ours: see send_greeting_with_mark())
//   client -> monitor   request: one zero byte; three times one byte with one descriptor attached
//                       (standard input, output, error); 4-byte length, message
//   client -> monitor   any number of signal frames, if the greeting bore the mark of a monitor
//                       that takes them (our own extension)
//   monitor -> client   wait status, 4 bytes
//
//   monitor -> understudy, on one of their own: a request of the same form (see wire_prompt.h)
//
// All integers are big-endian.

#include "core/wire_greeting.h"
#include "core/wire_message.h"
#include "core/wire_prompt.h"
#include "core/wire_request_reader.h"
#include "core/wire_request_writer.h"
#include "core/wire_signal.h"
#include "core/wire_status.h"
