#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <string>

// A test runner of a few lines: TEST(name) { CHECK(...); } in any file that is linked in, TAP on
// standard output, exit status 1 if a check failed.

namespace test {

struct Case {
  const char* name;
  void (*body)();
  Case* next;
  Case(const char* case_name, void (*case_body)());
};

void check(bool holds, const char* what, const char* file, int line);
void check_same(const std::string& got, const std::string& wanted, const char* what,
                const char* file, int line);

// An empty directory (mode 0700), removed with all that is in it at the end of the scope.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string operator/(const std::string& name) const { return path + "/" + name; }
  std::string path;
};

void write_file(const std::string& path);
bool exists(const std::string& path);
mode_t mode_of(const std::string& path);
int reap(pid_t child);

// Runs `body` in a child and gives its wait status; what it returns is the child's exit code.
template <class Body>
int in_child(Body body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  return reap(child);
}

}  // namespace test

#define TEST(name)                            \
  static void name();                         \
  static test::Case name##_case(#name, name); \
  static void name()

#define CHECK(condition) test::check((condition), #condition, __FILE__, __LINE__)
#define CHECK_SAME(got, wanted) test::check_same((got), (wanted), #got, __FILE__, __LINE__)
