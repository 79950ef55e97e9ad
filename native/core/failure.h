#pragma once

#include <string>

namespace prefork {

// Why something could not be done: an errno value, or 0 where no system call is to blame, and what
// was tried. Build it as `Failure{errno, "open " + path}`: a braced list is evaluated from the
// left, so errno is read before the string's allocation can change it.
struct Failure {
  int error = 0;
  std::string what;

  // "<what>: <strerror>", or just what for error 0.
  std::string message() const;
};

}  // namespace prefork
