#pragma once

#include <sys/types.h>
#include <sys/un.h>

#include <ctime>
#include <deque>
#include <string>
#include <string_view>

#include "core/descriptor.h"

namespace prefork {

// The way to whoever listens at the datagram socket `inspect.sock` in the run directory. The kernel
// queues no more than a handful of datagrams; what does not go out at once is kept for a while, and
// lost if that becomes too much.
class ListenerLink {
 public:
  void set_directory(const std::string& directory);

  bool is_open() const { return socket_.valid(); }

  // Whether anybody listens. If nobody is known to, it looks for a listener: one system call that
  // fails if there is none. A socket that nobody reads any more is remembered and looked at no
  // closer until it is replaced.
  bool find_listener();

  // Sends the datagram, or keeps it for a later attempt. Closes itself if the listener has gone.
  void send(std::string datagram);

  // Tries again with what has been kept. Gives a listener that is behind some hundred microseconds
  // to catch up; one that does not, gets no more until it does.
  void push();

  // In the child of a fork: what has been kept is the parent's to send.
  void forget() { kept_.clear(); }

  void close();

 private:
  sockaddr_un address_ = {};  // family 0: the directory is not known
  void send_kept();

  Descriptor socket_;
  std::deque<std::string> kept_;  // in order
  bool is_stuck_ = false;         // time was given to the listener in vain
  // The socket file that was found dead; no inode: none.
  ino_t dead_inode_ = 0;
  timespec dead_since_ = {};
};

}  // namespace prefork
