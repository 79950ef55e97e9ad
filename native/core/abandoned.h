#pragma once

#include <functional>
#include <string>

#include "core/local_socket.h"

namespace prefork {

// Removes the socket that a server has left, and the lock beside it, if the socket is still
// `ours`. Does nothing while somebody else holds the lock: whoever holds it is about to replace or
// remove the socket himself, and one that he has just made must not be taken from him.
void remove_abandoned(const std::string& socket_path, const std::string& lock_path,
                      const std::function<bool(const SocketFile&)>& ours);

}  // namespace prefork
