#pragma once

#include <sys/types.h>

#include <string>

#include "core/result.h"

namespace prefork {

// The home directory that the password database has for the user. Fails with error 0 where it has
// none. Not by getpwuid(): its modules are libraries of the very C library that is in use, which a
// program that is linked statically has not.
Result<std::string> home_of(uid_t user, const std::string& passwords = "/etc/passwd");

}  // namespace prefork
