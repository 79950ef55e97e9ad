#pragma once

#include <sys/types.h>
#include <sys/un.h>

#include <ctime>
#include <string>
#include <string_view>

#include "core/descriptor.h"

namespace prefork {

// The way to whoever listens at the datagram socket `inspect.sock` in the run directory. Nothing
// here waits: what the listener has no room for is lost.
class ListenerLink {
 public:
  void set_directory(const std::string& directory);

  bool is_open() const { return socket_.valid(); }

  // Looks for a listener: one system call that fails if there is none. A socket that nobody reads
  // any more is remembered and looked at no closer until it is replaced. False: nobody listens.
  bool open();

  // False if the datagram could not be sent. Closes itself if the listener has gone.
  bool send(std::string_view datagram);

  void close() { socket_.reset(); }

 private:
  sockaddr_un address_ = {};  // family 0: the directory is not known
  Descriptor socket_;
  // The socket file that was found dead; no inode: none.
  ino_t dead_inode_ = 0;
  timespec dead_since_ = {};
};

}  // namespace prefork
