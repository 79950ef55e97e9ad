#pragma once

#include <cerrno>

namespace prefork {

// Repeats a system call while a signal interrupts it. Not for close(): Linux releases the
// descriptor even when close() reports EINTR, and a second close() could hit somebody else's.
template <class Call>
auto retry_on_eintr(Call call) {
  decltype(call()) outcome;
  do {
    outcome = call();
  } while (outcome == -1 && errno == EINTR);
  return outcome;
}

}  // namespace prefork
