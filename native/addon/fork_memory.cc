#include "addon/fork_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

namespace prefork::live_node {

namespace {

// Static, so that reading the list of mappings does not add to it.
char buffer[1 << 16];

// One line: `start-end rwxp offset dev inode   name`. Mappings of files and shared ones are forked
// anyway. madvise refuses the kernel's own ([vvar], [vdso]), which nobody can have marked.
bool include_line(char* line) {
  char* cursor = nullptr;
  const uintptr_t start = strtoul(line, &cursor, 16);
  const uintptr_t end = strtoul(cursor + 1, &cursor, 16);
  if (cursor[0] != ' ' || strlen(cursor) < 6 || cursor[4] != 'p') return true;
  strtoul(cursor + 6, &cursor, 16);
  while (*cursor == ' ') ++cursor;
  cursor += strcspn(cursor, " ");
  if (strtoul(cursor, &cursor, 10) != 0) return true;
  if (strstr(cursor, "[v") != nullptr) return true;
  return madvise(reinterpret_cast<void*>(start), end - start, MADV_DOFORK) == 0;
}

}  // namespace

std::optional<std::string> include_heap_in_fork() {
  const int maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (maps < 0) return std::string("/proc/self/maps: ") + strerror(errno);
  std::optional<std::string> failure;
  size_t held = 0;
  for (;;) {
    const ssize_t got = read(maps, buffer + held, sizeof buffer - 1 - held);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) failure = std::string("/proc/self/maps: ") + strerror(errno);
    if (got <= 0) break;
    held += static_cast<size_t>(got);
    buffer[held] = '\0';
    char* line = buffer;
    while (char* newline = strchr(line, '\n')) {
      *newline = '\0';
      if (!include_line(line)) failure = std::string("madvise of ") + line + ": " + strerror(errno);
      line = newline + 1;
    }
    held -= static_cast<size_t>(line - buffer);
    memmove(buffer, line, held);
  }
  close(maps);
  return failure;
}

}  // namespace prefork::live_node
