#include "core/file_watches.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <utility>

#include "core/retry.h"

namespace prefork {

namespace {

constexpr uint32_t kOwnEvents = IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB;
constexpr uint32_t kNameEvents = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
// A file has its own watch beside that of its folder: the folder's would be silent about what is
// written by another hard link, and loud about every other file that is written there.
// IN_CLOSE_WRITE is for those who write through a mapping, of which there is no event.
constexpr uint32_t kWholeEvents = kOwnEvents | IN_MODIFY | IN_CLOSE_WRITE;

// Servers could do without their instances, of which a user has 128 as a rule; their watchers could
// not. So nobody takes one unless so many are left.
constexpr int kSpareInstances = 64;

bool spare_instances() {
  Descriptor spare[kSpareInstances];
  for (Descriptor& one : spare) {
    one.reset(inotify_init1(IN_CLOEXEC));
    if (!one.valid()) return false;
  }
  return true;
}

// Those whose every change goes through this kernel. Elsewhere another machine may write, or a
// process behind the mount; and an overlay's lower layers have lives of their own.
bool is_local(const struct statfs& system) {
  switch (static_cast<unsigned long>(system.f_type)) {
    case EXT4_SUPER_MAGIC:  // also ext2 and ext3
    case XFS_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC:
    case 0x2fc12fc1:  // ZFS
    case 0xca451a4e:  // bcachefs
    case TMPFS_MAGIC:
    case RAMFS_MAGIC:
    case SQUASHFS_MAGIC:
    case EROFS_SUPER_MAGIC_V1:
    case ISOFS_SUPER_MAGIC:
    case MSDOS_SUPER_MAGIC:
    case EXFAT_SUPER_MAGIC:
      return true;
    default:
      return false;
  }
}

}  // namespace

void FileWatches::open() {
  if (!spare_instances()) return;
  events_.reset(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  // What is mounted over a folder hides it without an event.
  mounts_.reset(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
  if (!mounts_.valid()) go_blind();
}

void FileWatches::let_go() {
  events_.reset();
  mounts_.reset();
}

void FileWatches::watch_name(const std::string& folder, const std::string& name) {
  Watched* watched = watch(folder, kOwnEvents | kNameEvents);
  if (watched != nullptr) watched->names.insert(name);
}

void FileWatches::watch_whole(const std::string& path) {
  Watched* watched = watch(path, kWholeEvents | kNameEvents);
  if (watched != nullptr) watched->all = true;
}

bool FileWatches::disturbed() {
  if (!sees()) return true;
  // Both are asked, so that neither answer is left over for the next time.
  const bool moved = mounts_changed();
  const bool happened = drain();
  if (moved) devices_.clear();
  if (moved || happened) folders_.clear();
  return moved || happened;
}

FileWatches::Watched* FileWatches::watch(const std::string& path, uint32_t events) {
  if (!sees()) return nullptr;
  const auto known = folders_.find(path);
  if (known != folders_.end() && (events & IN_MODIFY) == 0) return &watched_[known->second];
  if (!reports_changes(path)) {
    go_blind();
    return nullptr;
  }
  // IN_MASK_ADD: the same folder may be watched for its names and as a whole.
  const int number =
      inotify_add_watch(events_.get(), path.c_str(), events | IN_MASK_ADD | IN_DONT_FOLLOW);
  if (number < 0) {
    // What has gone meanwhile has told its folder. Everything else, a limit or a folder that may be
    // passed but not read, leaves something unseen.
    if (errno != ENOENT && errno != ENOTDIR) go_blind();
    return nullptr;
  }
  folders_[path] = number;
  return &watched_[number];
}

bool FileWatches::reports_changes(const std::string& path) {
  struct stat status = {};
  if (lstat(path.c_str(), &status) != 0) return true;  // nothing to watch, which add_watch will say
  const auto known = devices_.find(status.st_dev);
  if (known != devices_.end()) return known->second;
  struct statfs system = {};
  const bool answer = statfs(path.c_str(), &system) == 0 && is_local(system);
  devices_[status.st_dev] = answer;
  return answer;
}

bool FileWatches::drain() {
  bool happened = false;
  alignas(inotify_event) char bytes[16 * 1024];
  for (;;) {
    const ssize_t length = retry_on_eintr([&] { return read(events_.get(), bytes, sizeof bytes); });
    if (length < 0 && errno == EAGAIN) return happened;
    if (length <= 0) {
      go_blind();
      return true;
    }
    for (const char* at = bytes; at < bytes + length;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      at += sizeof *event + event->len;
      const auto watched = watched_.find(event->wd);
      // Without a name it is about the folder or file itself, or about the queue: it overflowed.
      if (event->len == 0 || watched == watched_.end() || watched->second.all ||
          watched->second.names.contains(event->name)) {
        happened = true;
      }
      // The number is no longer ours; the kernel does not give it to another watch.
      if ((event->mask & IN_IGNORED) != 0 && watched != watched_.end()) watched_.erase(watched);
    }
  }
}

bool FileWatches::mounts_changed() {
  pollfd mounts = {mounts_.get(), POLLPRI, 0};
  return retry_on_eintr([&] { return poll(&mounts, 1, 0); }) != 0;
}

void FileWatches::go_blind() {
  let_go();
  watched_.clear();
  folders_.clear();
}

}  // namespace prefork
