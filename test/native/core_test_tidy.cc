#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "core/local_socket.h"
#include "core/lock.h"
#include "core/tidy.h"
#include "core_test.h"

using namespace prefork;
using test::exists;
using test::mode_of;
using test::Scratch;

namespace {

std::string number(int i) { return std::to_string(1000 + i); }

// A socket with a lock, last used `age` seconds ago.
void make_server(const Scratch& scratch, const std::string& ident, int age) {
  CHECK(listen_at(scratch / ("s" + ident)).ok());
  test::write_file(scratch / ("l" + ident));
  const timespec times[] = {{1'700'000'000 - age, 0}, {0, UTIME_OMIT}};
  utimensat(AT_FDCWD, (scratch / ("s" + ident)).c_str(), times, AT_SYMLINK_NOFOLLOW);
}

}  // namespace

TEST(a_lock_excludes_until_it_is_dropped) {
  const Scratch scratch;
  const std::string path = scratch / "l1";
  auto first = open_lock(path);
  auto second = open_lock(path);
  CHECK(first.ok() && second.ok() && mode_of(path) == 0600);
  CHECK(try_lock(first.value().get()).value());
  CHECK(!try_lock(second.value().get()).value());
  CHECK(is_still_at(first.value().get(), path).value());
  unlink(path.c_str());
  CHECK(!is_still_at(first.value().get(), path).value());
  auto third = open_lock(path);
  CHECK(!is_still_at(first.value().get(), path).value());
  CHECK(is_still_at(third.value().get(), path).value());
  first.value().reset();
  CHECK(lock_blocking(second.value().get()).ok());
  CHECK(open_lock(scratch / "no/l").failure().error == ENOENT);
  CHECK(try_lock(-1).failure().error == EBADF);
  CHECK(symlink("/tmp/elsewhere", (scratch / "l2").c_str()) == 0);
  CHECK(open_lock(scratch / "l2").failure().error == ELOOP);
}

// Every process removes the lock it held, which is what makes the last step necessary: without it
// two of them are soon inside at once.
TEST(removers_never_let_two_inside) {
  const Scratch scratch;
  const std::string path = scratch / "l1";
  const std::string inside = scratch / "inside";
  const auto visit = [&] {
    for (;;) {
      auto lock = open_lock(path);
      if (!lock.ok() || !lock_blocking(lock.value().get()).ok()) return false;
      if (!is_still_at(lock.value().get(), path).value()) continue;
      const int mark = open(inside.c_str(), O_CREAT | O_EXCL | O_CLOEXEC, 0600);
      if (mark == -1) return false;
      close(mark);
      unlink(inside.c_str());
      unlink(path.c_str());
      return true;
    }
  };
  pid_t children[8];
  for (pid_t& child : children) {
    child = fork();
    if (child != 0) continue;
    for (int i = 0; i < 300; i++) {
      if (!visit()) _exit(1);
    }
    _exit(0);
  }
  for (const pid_t child : children) CHECK(test::reap(child) == 0);
}

TEST(tidying_removes_the_longest_unused_and_no_more) {
  const Scratch scratch;
  for (int i = 0; i < 150; i++) make_server(scratch, number(i), i);
  auto report = tidy_run_directory(scratch.path);
  CHECK(report.ok() && report.value().found == 150 && report.value().removed == 50);
  for (int i = 0; i < 150; i++) {
    CHECK(exists(scratch / ("s" + number(i))) == (i < 100));
    CHECK(exists(scratch / ("l" + number(i))) == (i < 100));
  }
  CHECK(tidy_run_directory(scratch.path).value().removed == 0);
}

TEST(tidying_leaves_alone_what_is_locked_or_not_ours) {
  const Scratch scratch;
  for (int i = 0; i < 12; i++) make_server(scratch, number(i), i);
  test::write_file(scratch / "lonely");  // a lock alone: unused for ever
  test::write_file(scratch / "sfile");   // not a socket
  mkdir((scratch / "sdirectory").c_str(), 0700);
  mkdir((scratch / "ldirectory2").c_str(), 0700);
  CHECK(listen_at(scratch / "sdirectory2").ok());  // its lock is a directory
  CHECK(symlink("/etc/passwd", (scratch / "llink").c_str()) == 0);
  CHECK(listen_at(scratch / "inspect.sock").ok());
  test::write_file(scratch / "other");
  auto busy = open_lock(scratch / ("l" + number(11)));
  CHECK(try_lock(busy.value().get()).value());

  auto report = tidy_run_directory(scratch.path, 10);
  CHECK(report.ok() && report.value().found == 13);
  CHECK(report.value().removed == 3 && report.value().spared == 1);
  CHECK(!exists(scratch / "lonely"));
  for (int i = 0; i < 12; i++) {
    CHECK(exists(scratch / ("s" + number(i))) == (i < 9 || i == 11));
  }
  for (const char* name :
       {"sfile", "sdirectory", "ldirectory2", "sdirectory2", "llink", "inspect.sock", "other"}) {
    CHECK(exists(scratch / name));
  }
  CHECK(!exists(scratch / "lfile") && !exists(scratch / "ldirectory"));
}

TEST(tidying_counts_a_connection_as_use) {
  const Scratch scratch;
  for (int i = 0; i < 3; i++) make_server(scratch, number(i), 100000 + i);
  unlink((scratch / ("s" + number(2))).c_str());
  auto listener = listen_at(scratch / ("s" + number(2)));
  auto client = connect_to(scratch / ("s" + number(2)));
  CHECK(client.ok());
  CHECK(tidy_run_directory(scratch.path, 2).value().removed == 1);
  CHECK(!exists(scratch / ("s" + number(1))) && exists(scratch / ("s" + number(2))));
}

TEST(nothing_to_tidy_is_fine) {
  const Scratch scratch;
  CHECK(tidy_run_directory(scratch.path).value().found == 0);
  CHECK(tidy_run_directory(scratch / "nowhere").ok());
  test::write_file(scratch / "file");
  CHECK(tidy_run_directory(scratch / "file").failure().error == ENOTDIR);
}
