#pragma once

#include <string>

#include "core/descriptor.h"
#include "core/local_socket.h"

namespace prefork {

struct DatagramSocket {
  Descriptor socket;  // blocking
  SocketFile file;
};

// Binds a datagram socket (0600) that the path names from now on. One whose owner has died is
// replaced; EADDRINUSE if a living process receives there.
Result<DatagramSocket> receive_datagrams_at(const std::string& path);

}  // namespace prefork
