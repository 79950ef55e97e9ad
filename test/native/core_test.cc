#include "core_test.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>

namespace test {

namespace {

Case* first_case = nullptr;
int failures = 0;

void print_comment(const std::string& text) {
  printf("#   ");
  for (const char c : text) printf(c >= ' ' && c <= '~' ? "%c" : "\\x%02x", c & 0xff);
  printf("\n");
}

}  // namespace

Case::Case(const char* case_name, void (*case_body)())
    : name(case_name), body(case_body), next(first_case) {
  first_case = this;
}

void check(bool holds, const char* what, const char* file, int line) {
  if (holds) return;
  failures++;
  printf("# %s:%d: %s\n", file, line, what);
}

void check_same(const std::string& got, const std::string& wanted, const char* what,
                const char* file, int line) {
  if (got == wanted) return;
  check(false, what, file, line);
  print_comment("got    " + got);
  print_comment("wanted " + wanted);
}

Scratch::Scratch() {
  char name[] = "/tmp/core_test.XXXXXX";
  if (mkdtemp(name) == nullptr) abort();
  path = name;
}

Scratch::~Scratch() {
  nftw(
      path.c_str(), [](const char* name, const struct stat*, int, FTW*) { return remove(name); },
      16, FTW_DEPTH | FTW_PHYS);
}

void write_file(const std::string& path) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd == -1) abort();
  close(fd);
}

bool exists(const std::string& path) {
  struct stat status;
  return lstat(path.c_str(), &status) == 0;
}

mode_t mode_of(const std::string& path) {
  struct stat status = {};
  stat(path.c_str(), &status);
  return status.st_mode & 07777;
}

int reap(pid_t child) {
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

}  // namespace test

int main() {
  // Children that fork from a test must not print what their parent has buffered.
  setvbuf(stdout, nullptr, _IONBF, 0);
  int count = 0;
  int failed = 0;
  for (const test::Case* one = test::first_case; one != nullptr; one = one->next) {
    const int before = test::failures;
    one->body();
    const bool passed = test::failures == before;
    printf("%s %d - %s\n", passed ? "ok" : "not ok", ++count, one->name);
    if (!passed) failed++;
  }
  printf("1..%d\n# %d passed, %d failed\n", count, count - failed, failed);
  return failed == 0 ? 0 : 1;
}
