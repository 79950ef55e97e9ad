#pragma once

#include <sys/types.h>

#include <ctime>
#include <string>

#include "core/descriptor.h"

namespace prefork {

// Which file a socket path names.
struct SocketFile {
  dev_t device = 0;
  ino_t inode = 0;
  timespec modified = {};
  // Zero where the file system does not record it.
  timespec born = {};
};

// Does the path still name the file that it named? A file system may give a new socket the inode
// number of the one just unlinked, so the time of birth decides as well. mtime does not: anybody
// may touch a socket.
bool same_socket(const SocketFile& one, const SocketFile& other);

// Follows symbolic links, as connect() does. ENOENT also for a file that is just being removed.
Result<SocketFile> stat_socket(const std::string& path);

struct Listener {
  Descriptor socket;
  SocketFile file;
};

// Binds and listens, non-blocking, with the largest backlog there is. The path must be free. If
// listening fails after binding, the socket file is left: the next caller finds it refusing.
Result<Listener> listen_at(const std::string& path);

// The path that the socket was bound to; empty if there is none.
std::string bound_path(int socket);

// A non-blocking connection. ECONNREFUSED: nobody listens. EAGAIN: the backlog is full; there is
// no descriptor to wait on, so try again later.
Result<Descriptor> connect_to(const std::string& path);

// A non-blocking connection; EAGAIN if there is none, ECONNABORTED if its client has gone.
Result<Descriptor> accept_from(int listener);

struct SocketPair {
  Descriptor ours;    // non-blocking
  Descriptor theirs;  // blocking, as the protocol promises a script for its first call
};

Result<SocketPair> make_socket_pair();

}  // namespace prefork
