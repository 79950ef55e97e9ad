#pragma once

#include <vector>

#include "core/result.h"

namespace prefork {

// The one owner of an open descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  // Gives the number away; the caller closes it.
  [[nodiscard]] int release();
  // Closes what is held, if anything, and takes over `fd`.
  void reset(int fd = -1);
  // Closes and says how that went; a second call does nothing.
  Result<void> close();

 private:
  int fd_ = -1;
};

struct Pipe {
  Descriptor reading_end;
  Descriptor writing_end;
};

// Both ends blocking and close-on-exec.
Result<Pipe> make_pipe();

// O_NONBLOCK belongs to the open file description: everybody who shares it sees the change.
Result<void> set_nonblocking(int fd, bool nonblocking);

Result<void> set_close_on_exec(int fd, bool close_on_exec);

// A close-on-exec duplicate, numbered 3 or above so that it never stands in for standard I/O.
Result<Descriptor> duplicate(int fd);

// Makes `target` refer to what `fd` refers to and stay open across exec. `fd` stays open.
Result<void> place_at(int fd, int target);

// /dev/null, close-on-exec; `flags` is O_RDONLY, O_WRONLY or O_RDWR.
Result<Descriptor> open_null(int flags);

// Opens /dev/null at each of 0, 1, 2 that is closed. A socket of ours would otherwise take that
// number and then be read from, or written over, as standard I/O.
Result<void> ensure_standard_descriptors();

// What the process got from its caller, that is, everything that is not close-on-exec: ours all is,
// and the caller's cannot be.
std::vector<int> inherited_descriptors();

// Closes those beyond 0, 1, 2. A process that lives on unseen would
// otherwise keep, say, a pipe open at whose other end somebody waits for the end.
void close_inherited_descriptors();

}  // namespace prefork
