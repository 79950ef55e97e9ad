#pragma once

#include <string>
#include <vector>

namespace prefork {

// Makes `variables`, each NAME=value, the environment of this process, as the kernel's own would
// be: strings that name a variable twice are kept as they are. The memory stays with the process.
void replace_environment(const std::vector<std::string>& variables);

}  // namespace prefork
