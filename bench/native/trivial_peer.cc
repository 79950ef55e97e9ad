// Answers every call at a socket with "it ended well", without running anything: what a call costs
// beyond that is the client's own.
//
//   trivial_peer SOCKET

#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "core/local_socket.h"
#include "core/wire.h"

namespace {

using prefork::WireOutcome;

template <class Step>
bool finish(int fd, short events, Step step) {
  for (;;) {
    const WireOutcome outcome = step();
    if (outcome != WireOutcome::kIncomplete) return outcome == WireOutcome::kComplete;
    pollfd waiting = {fd, events, 0};
    poll(&waiting, 1, -1);
  }
}

void answer(int call) {
  prefork::Failure failure;
  prefork::RequestReader request;
  prefork::StatusWriter status(0);
  const bool answered =
      finish(call, POLLOUT, [&] { return prefork::send_greeting_with_mark(call, &failure); }) &&
      finish(call, POLLIN, [&] { return request.read_signalling_byte(call); }) &&
      finish(call, POLLIN, [&] { return request.read_descriptor(call, 0); }) &&
      finish(call, POLLIN, [&] { return request.read_descriptor(call, 1); }) &&
      finish(call, POLLIN, [&] { return request.read_descriptor(call, 2); }) &&
      finish(call, POLLIN, [&] { return request.read_length(call); }) &&
      finish(call, POLLIN, [&] { return request.read_message(call); }) &&
      finish(call, POLLOUT, [&] { return status.feed(call); });
  if (!answered) std::fprintf(stderr, "trivial_peer: the client went away\n");
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  const auto listener = prefork::listen_at(words[1]);
  if (!listener.ok()) {
    std::fprintf(stderr, "trivial_peer: %s\n", listener.failure().message().c_str());
    return 1;
  }
  for (;;) {
    pollfd waiting = {listener.value().socket.get(), POLLIN, 0};
    poll(&waiting, 1, -1);
    const auto call = prefork::accept_from(listener.value().socket.get());
    if (call.ok()) answer(call.value().get());
  }
}
