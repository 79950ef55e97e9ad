#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>

#include "core/local_socket.h"
#include "core/wire.h"
#include "core_test.h"

namespace test {

using namespace prefork;

// Two connected sockets, neither of them blocking.
struct Ends {
  Descriptor near;
  Descriptor far;
};

inline Ends connected() {
  auto pair = make_socket_pair();
  CHECK(set_nonblocking(pair.value().theirs.get(), true).ok());
  return Ends{std::move(pair.value().ours), std::move(pair.value().theirs)};
}

inline void put(const Ends& ends, std::string_view bytes) {
  CHECK(send(ends.near.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
        static_cast<ssize_t>(bytes.size()));
}

inline std::string with_length(std::string_view text) {
  const WireInteger length = encode_integer(static_cast<uint32_t>(text.size()));
  return std::string(length.data(), length.size()) + std::string(text);
}

}  // namespace test
