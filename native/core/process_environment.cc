#include "core/process_environment.h"

#include <unistd.h>

#include <cstring>

namespace prefork {

void replace_environment(const std::vector<std::string>& variables) {
  auto** strings = new char*[variables.size() + 1];
  size_t count = 0;
  for (const std::string& variable : variables) strings[count++] = strdup(variable.c_str());
  strings[count] = nullptr;
  environ = strings;
}

}  // namespace prefork
