#include "core/failure.h"

#include <cstring>

namespace prefork {

std::string Failure::message() const {
  if (error == 0) return what;
  return what + ": " + strerror(error);
}

}  // namespace prefork
