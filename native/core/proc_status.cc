#include "core/proc_status.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>

#include "core/descriptor.h"

namespace prefork {

namespace {

// The files read here are shorter.
constexpr size_t kLongest = 4096;

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

std::string read_short_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return "";
  char text[kLongest];
  const ssize_t length = read(file.get(), text, sizeof text);
  return length <= 0 ? "" : std::string(text, static_cast<size_t>(length));
}

}  // namespace

std::string status_field(const char* text, const char* label) {
  const char* found = strstr(text, label);
  if (found == nullptr) return "";
  found += strlen(label);
  return std::string(found, strcspn(found, "\n"));
}

std::optional<mode_t> mask_of(pid_t process) {
  const std::string text = read_short_file("/proc/" + std::to_string(process) + "/status");
  const std::string mask = status_field(text.c_str(), "\nUmask:\t");
  if (mask.empty()) return std::nullopt;
  return static_cast<mode_t>(strtoul(mask.c_str(), nullptr, 8));
}

mode_t own_mask() {
  const mode_t mask = umask(0);
  umask(mask);
  return mask;
}

std::vector<std::string> other_thread_names() {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, CloseDirectory> tasks(opendir("/proc/self/task"));
  while (const dirent* entry = tasks ? readdir(tasks.get()) : nullptr) {
    const int thread = atoi(entry->d_name);
    if (thread == 0 || thread == getpid()) continue;
    std::string name = read_short_file("/proc/self/task/" + std::string(entry->d_name) + "/comm");
    if (name.empty()) continue;  // it has ended meanwhile
    name.erase(name.find_last_not_of('\n') + 1);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace prefork
