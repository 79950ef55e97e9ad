#include "core/tidy.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "core/lock.h"

namespace prefork {

namespace {

// When a socket was last connected to; the epoch if there is no socket, only its lock.
using UseTime = std::pair<time_t, long>;

struct Server {
  std::string ident;
  UseTime used;
};

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

Result<std::set<std::string>> list_idents(const std::string& directory) {
  std::set<std::string> idents;
  const std::unique_ptr<DIR, CloseDirectory> listing(opendir(directory.c_str()));
  if (!listing) {
    if (errno == ENOENT) return idents;
    return Failure{errno, "open run directory " + directory};
  }
  for (;;) {
    errno = 0;
    const dirent* entry = readdir(listing.get());
    if (entry == nullptr) break;
    const char* name = entry->d_name;
    if ((name[0] == 'l' || name[0] == 's') && name[1] != '\0') idents.insert(name + 1);
  }
  if (errno != 0) return Failure{errno, "read run directory " + directory};
  return idents;
}

enum class Presence { kOurs, kAbsent, kForeign };

Presence look_at(const std::string& path, mode_t type, struct stat* status) {
  if (lstat(path.c_str(), status) == -1) {
    return errno == ENOENT ? Presence::kAbsent : Presence::kForeign;
  }
  const bool ours = (status->st_mode & S_IFMT) == type && status->st_uid == getuid();
  return ours ? Presence::kOurs : Presence::kForeign;
}

std::string socket_of(const std::string& directory, const std::string& ident) {
  return directory + "/s" + ident;
}

std::string lock_of(const std::string& directory, const std::string& ident) {
  return directory + "/l" + ident;
}

// False if socket or lock is something else, or (another tidied first) neither is there.
bool find_use(const std::string& directory, const std::string& ident, UseTime* used) {
  struct stat status;
  const Presence lock = look_at(lock_of(directory, ident), S_IFREG, &status);
  const Presence socket = look_at(socket_of(directory, ident), S_IFSOCK, &status);
  if (lock == Presence::kForeign || socket == Presence::kForeign) return false;
  if (lock == Presence::kAbsent && socket == Presence::kAbsent) return false;
  *used = socket == Presence::kOurs ? UseTime(status.st_atim.tv_sec, status.st_atim.tv_nsec)
                                    : UseTime(0, 0);
  return true;
}

Result<void> unlink_if_there(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return Failure{errno, "remove " + path};
}

// True if removed, false if the server is in use after all. Never waits for a lock: its holder is
// starting that very server, which may take as long as it likes.
Result<bool> remove_unused(const std::string& directory, const Server& server) {
  const std::string lock_path = lock_of(directory, server.ident);
  auto lock = open_lock(lock_path);
  if (!lock.ok()) return lock.failure();
  auto taken = try_lock(lock.value().get());
  if (!taken.ok() || !taken.value()) return taken;
  auto named = is_still_at(lock.value().get(), lock_path);
  if (!named.ok() || !named.value()) return named;
  // Between listing and locking somebody may have called it, or replaced the socket.
  UseTime used;
  if (!find_use(directory, server.ident, &used) || used != server.used) return false;

  // The lock goes last and under the lock: see lock.h.
  auto socket_gone = unlink_if_there(socket_of(directory, server.ident));
  if (!socket_gone.ok()) return socket_gone.failure();
  auto lock_gone = unlink_if_there(lock_path);
  if (!lock_gone.ok()) return lock_gone.failure();
  return true;
}

}  // namespace

Result<TidyReport> tidy_run_directory(const std::string& directory, size_t most) {
  auto idents = list_idents(directory);
  if (!idents.ok()) return idents.failure();
  TidyReport report;
  // The usual case, without a look at any of them.
  if (idents.value().size() <= most) {
    report.found = idents.value().size();
    return report;
  }

  std::vector<Server> servers;
  for (const std::string& ident : idents.value()) {
    Server server{ident, {}};
    if (find_use(directory, ident, &server.used)) servers.push_back(std::move(server));
  }
  report.found = servers.size();
  std::sort(servers.begin(), servers.end(),
            [](const Server& one, const Server& other) { return one.used < other.used; });
  for (const Server& server : servers) {
    if (report.found - report.removed <= most) break;
    auto removed = remove_unused(directory, server);
    if (!removed.ok()) return removed.failure();
    (removed.value() ? report.removed : report.spared)++;
  }
  return report;
}

}  // namespace prefork
