#include "core/abandoned.h"

#include <unistd.h>

#include "core/lock.h"

namespace prefork {

void remove_abandoned(const std::string& socket_path, const std::string& lock_path,
                      const std::function<bool(const SocketFile&)>& ours) {
  // Looked at before the lock, too: where the socket has gone already, no lock file is to be made.
  const Result<SocketFile> before = stat_socket(socket_path);
  if (!before.ok() || !ours(before.value())) return;
  Result<Descriptor> lock = open_lock(lock_path);
  if (!lock.ok()) return;
  const Result<bool> taken = try_lock(lock.value().get());
  if (!taken.ok() || !taken.value()) return;
  const Result<bool> current = is_still_at(lock.value().get(), lock_path);
  if (!current.ok() || !current.value()) return;
  const Result<SocketFile> now = stat_socket(socket_path);
  if (now.ok() && ours(now.value())) unlink(socket_path.c_str());
  unlink(lock_path.c_str());
}

}  // namespace prefork
