// Prints the socket path that a command line of prefork-interp leads to: the test compares it with
// the original's.

#include <cstdio>

#include "core/identity.h"
#include "core/run_directory.h"

using namespace prefork;

static int complain(const Failure& failure) {
  fprintf(stderr, "%s\n", failure.message().c_str());
  return 127;
}

int main(int argc, char** argv) {
  auto line = parse_command_line(std::vector<std::string>(argv + 1, argv + argc));
  if (!line.ok()) return complain(line.failure());
  auto directory = find_run_directory(run_directory_rules());
  if (!directory.ok()) return complain(directory.failure());
  auto ident = socket_ident(line.value(), directory.value().path);
  if (!ident.ok()) return complain(ident.failure());
  puts(directory.value().socket_path(ident.value()).c_str());
  return 0;
}
