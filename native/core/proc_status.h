// What the kernel tells of a process in the text files of /proc.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace prefork {

// The rest of the line that begins with `label`, in the text of a /proc/…/status; empty if there is
// no such line.
std::string status_field(const char* text, const char* label);

// The mask for new files of a process, without setting it as umask() does; nothing if it has gone.
std::optional<mode_t> mask_of(pid_t process);

// The same of this process, without a look into /proc, which takes the kernel a tenth of a
// millisecond; but for a moment no mask applies, so no other thread may be making a file.
mode_t own_mask();

// The names of all threads of this process but the main one, in the order of their start.
std::vector<std::string> other_thread_names();

}  // namespace prefork
