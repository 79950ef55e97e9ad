#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "conmon/byte_queue.h"
#include "conmon/log_clock.h"
#include "conmon/small_file.h"
#include "core/descriptor.h"

namespace prefork {

// The socket in a bundle at which clients attach: packets (SOCK_SEQPACKET), non-blocking, so that
// no client can keep anybody waiting.
class AttachSocket {
 public:
  AttachSocket() = default;
  AttachSocket(const AttachSocket&) = delete;
  AttachSocket& operator=(const AttachSocket&) = delete;

  // Makes `<bundle>/attach`. However long the bundle's path is: it is bound by way of a descriptor.
  Result<void> open(const std::string& bundle);
  // Makes `<directory>/<name>` a link to the bundle, to be removed by remove().
  Result<void> link(const std::string& directory, const std::string& name,
                    const std::string& bundle);
  int get() const { return socket_.get(); }
  // Nothing if there is none, or if it has gone already.
  Result<std::optional<Descriptor>> accept();
  // Takes no more clients.
  void close() { socket_.reset(); }
  // Removes socket and link from the file system.
  void remove();

 private:
  Descriptor socket_;
  OwnFile file_;
  OwnFile link_;
};

// What a client has still to be sent: packets of at most 8,192 bytes of output, each with a byte
// before it that says which output it is.
class PacketQueue {
 public:
  enum class Outcome { kSent, kLeft, kGone };

  // Adds output. Nothing is sent.
  void add(Source source, std::string_view output);
  // Sends as much as the connection takes without waiting.
  Outcome send(int connection);
  std::size_t size() const { return bytes_.size(); }

 private:
  ByteQueue bytes_;  // packet after packet, each with its length before it
};

// The next packet, whole, however large it is. Outcomes: bytes; 0: the client writes no more; a
// Failure with EAGAIN: nothing is there.
Result<std::size_t> receive_packet(int connection, std::string& packet);

}  // namespace prefork
