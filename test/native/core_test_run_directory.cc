#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>

#include "core/identity.h"
#include "core/local_socket.h"
#include "core/lock.h"
#include "core/run_directory.h"
#include "core/tidy.h"
#include "core_test.h"

using namespace prefork;
using test::exists;
using test::Scratch;

namespace {

RunDirectoryRules rules_in(const Scratch& scratch) {
  RunDirectoryRules rules;
  rules.user = getuid();
  rules.user_directories = scratch / "run";
  rules.home = scratch / "home";
  rules.node_name = "node.example.org";
  mkdir(rules.user_directories.c_str(), 0755);
  mkdir(rules.home->c_str(), 0755);
  return rules;
}

mode_t mode_of(const std::string& path) {
  struct stat status = {};
  stat(path.c_str(), &status);
  return status.st_mode & 07777;
}

std::string number(int i) { return std::to_string(1000 + i); }

// A socket with a lock, last used `age` seconds ago.
void make_server(const Scratch& scratch, const std::string& ident, int age) {
  CHECK(listen_at(scratch / ("s" + ident)).ok());
  test::write_file(scratch / ("l" + ident));
  const timespec times[] = {{1'700'000'000 - age, 0}, {0, UTIME_OMIT}};
  utimensat(AT_FDCWD, (scratch / ("s" + ident)).c_str(), times, AT_SYMLINK_NOFOLLOW);
}

}  // namespace

TEST(the_login_session_s_directory_comes_first) {
  const Scratch scratch;
  const RunDirectoryRules rules = rules_in(scratch);
  const std::string mine = rules.user_directories + "/" + std::to_string(getuid());
  mkdir(mine.c_str(), 0700);
  auto found = find_run_directory(rules);
  CHECK(found.ok() && found.value().warning.empty());
  CHECK_SAME(found.value().path, mine + "/prefork-interp");
  CHECK(mode_of(found.value().path) == 0700);
  CHECK(find_run_directory(rules).ok());
  CHECK_SAME(found.value().socket_path("ab"), mine + "/prefork-interp/sab");
  CHECK_SAME(found.value().lock_path("ab"), mine + "/prefork-interp/lab");
  CHECK(!exists(scratch / "home/.prefork-interp"));
}

TEST(without_a_session_the_home_directory_serves) {
  const Scratch scratch;
  RunDirectoryRules rules = rules_in(scratch);
  auto found = find_run_directory(rules);
  CHECK(found.ok() && found.value().warning.empty());
  CHECK_SAME(found.value().path, scratch / "home/.prefork-interp/node");
  CHECK(mode_of(scratch / "home/.prefork-interp") == 0700);
  CHECK(mode_of(found.value().path) == 0700);
  rules.node_name = "abcdefghijklmnopqrstuvwxyz0123456789.org";
  CHECK_SAME(find_run_directory(rules).value().path,
             scratch / "home/.prefork-interp/abcdefghijklmnopqrstuvwxyz012345");
}

TEST(an_unsuitable_session_directory_is_passed_over_with_a_warning) {
  const Scratch scratch;
  const RunDirectoryRules rules = rules_in(scratch);
  const std::string mine = rules.user_directories + "/" + std::to_string(getuid());
  const auto warning = [&] {
    auto found = find_run_directory(rules);
    CHECK(found.ok());
    CHECK_SAME(found.value().path, scratch / "home/.prefork-interp/node");
    return found.value().warning;
  };
  const std::string instead = "; using ~/.prefork-interp instead";
  mkdir(mine.c_str(), 0700);
  chmod(mine.c_str(), 0710);
  CHECK_SAME(warning(), mine + " is open to group or others" + instead);
  rmdir(mine.c_str());
  CHECK(symlink("/tmp", mine.c_str()) == 0);
  CHECK_SAME(warning(), mine + " is not a directory" + instead);
  unlink(mine.c_str());
  if (getuid() != 0) return;
  mkdir(mine.c_str(), 0700);
  CHECK(chown(mine.c_str(), 1, 1) == 0);
  CHECK_SAME(warning(), mine + " belongs to user 1, not to user 0" + instead);
}

TEST(a_usual_place_that_others_can_write_to_is_refused) {
  const Scratch scratch;
  const RunDirectoryRules rules = rules_in(scratch);
  const std::string path = find_run_directory(rules).value().path;
  chmod(path.c_str(), 0755);
  CHECK(find_run_directory(rules).ok());
  chmod(path.c_str(), 0770);
  CHECK_SAME(
      find_run_directory(rules).failure().what,
      "run directory " + path +
          " is open to group or others: remove it, or set PREFORK_INTERP_RUN_DIR to another");
  RunDirectoryRules homeless = rules;
  homeless.home = scratch / "nowhere";
  CHECK(find_run_directory(homeless).failure().error == ENOENT);
}

TEST(a_chosen_directory_must_be_private) {
  const Scratch scratch;
  RunDirectoryRules rules = rules_in(scratch);
  const std::string name = "run directory PREFORK_INTERP_RUN_DIR=";
  const std::string advice = ": give a directory of your own with mode 0700";
  rules.chosen = scratch / "chosen";
  auto found = find_run_directory(rules);
  CHECK(found.ok());
  CHECK_SAME(found.value().path, rules.chosen);
  CHECK(mode_of(rules.chosen) == 0700);
  chmod(rules.chosen.c_str(), 0701);
  CHECK_SAME(find_run_directory(rules).failure().what,
             name + rules.chosen + " is open to group or others" + advice);
  rules.chosen = scratch / "file";
  test::write_file(rules.chosen);
  CHECK_SAME(find_run_directory(rules).failure().what,
             name + rules.chosen + " is not a directory" + advice);
  rules.chosen = scratch / "no/where";
  CHECK(find_run_directory(rules).failure().error == ENOENT);
  rules.chosen = "relative";
  CHECK_SAME(find_run_directory(rules).failure().what,
             name + "relative is relative: give a path from the root");
  rules.chosen = scratch / "chosen";
  chmod(rules.chosen.c_str(), 0700);
  rules.user = getuid() + 1;
  CHECK(find_run_directory(rules).failure().what.find(" belongs to user ") != std::string::npos);
}

TEST(the_rules_come_from_the_process) {
  setenv("PREFORK_INTERP_RUN_DIR", "/x/y", 1);
  CHECK_SAME(run_directory_rules().chosen, "/x/y");
  unsetenv("PREFORK_INTERP_RUN_DIR");
  CHECK(run_directory_rules().chosen.empty() && run_directory_rules().user == getuid());
}

TEST(the_ident_leaves_ten_bytes_of_the_path_to_spare) {
  CHECK(ident_room(std::string(24, 'd')) == 72);
  CHECK(longest_ident(std::string(24, 'd')).value() == 64);
  CHECK(longest_ident(std::string(32, 'd')).value() == 64);
  CHECK(longest_ident(std::string(33, 'd')).value() == 63);
  CHECK(longest_ident(std::string(63, 'd')).value() == 33);
  CHECK(!longest_ident(std::string(64, 'd')).ok());
  CHECK(ident_room(std::string(96, 'd')) == 0 && ident_room(std::string(500, 'd')) == 0);
}

TEST(the_identity_is_the_hash_or_what_was_given) {
  CommandLine line;
  line.interpreter = "perl";
  const std::string hash = identity_hash(line).value();
  CHECK(hash.size() == 64 && hash.find_first_not_of("0123456789abcdef") == std::string::npos);
  const std::string longer(60, 'd');
  CHECK_SAME(socket_ident(line, longer).value(), hash.substr(0, 36));
  CHECK(!socket_ident(line, std::string(64, 'd')).ok());
  line.ident = "mine";
  CHECK_SAME(socket_ident(line, std::string(64, 'd')).value(), "mine");
  line.ident = std::string(37, 'g');
  CHECK_SAME(socket_ident(line, longer).failure().what, "-g " + *line.ident +
                                                            " is too long for a socket in " +
                                                            longer + ": at most 36 characters fit");
}

TEST(everything_that_tells_servers_apart_changes_the_hash) {
  CommandLine line;
  line.interpreter = "perl";
  const std::string plain = identity_hash(line).value();
  CHECK_SAME(identity_hash(line).value(), plain);
  line.script = "";
  const std::string empty_script = identity_hash(line).value();
  CHECK(empty_script != plain);
  line.script.reset();
  line.key_parts = {{'G', "a"}, {'G', "b"}};
  const std::string ab = identity_hash(line).value();
  line.key_parts = {{'G', "b"}, {'G', "a"}};
  CHECK(identity_hash(line).value() != ab);
  line.key_parts = {{'E', "CORE_TEST_VARIABLE"}};
  const std::string unset = identity_hash(line).value();
  setenv("CORE_TEST_VARIABLE", "", 1);
  CHECK(identity_hash(line).value() != unset);
  unsetenv("CORE_TEST_VARIABLE");
  CHECK_SAME(identity_hash(line).value(), unset);
}

TEST(a_socket_is_told_from_its_successor) {
  const Scratch scratch;
  const std::string path = scratch / "s1";
  CHECK(connect_to(path).failure().error == ENOENT);
  auto listener = listen_at(path);
  CHECK(listener.ok() && mode_of(path) == 0600);
  CHECK(listen_at(path).failure().error == EADDRINUSE);
  CHECK(same_socket(listener.value().file, stat_socket(path).value()));
  CHECK(listener.value().file.modified.tv_sec > 0);
  chmod(path.c_str(), 0700);
  utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
  CHECK(same_socket(listener.value().file, stat_socket(path).value()));
  unlink(path.c_str());
  CHECK(stat_socket(path).failure().error == ENOENT);
  auto successor = listen_at(path);
  CHECK(!same_socket(listener.value().file, successor.value().file));
}

TEST(sockets_connect_accept_and_refuse) {
  const Scratch scratch;
  const std::string path = scratch / "s1";
  auto listener = listen_at(path);
  CHECK(accept_from(listener.value().socket.get()).failure().error == EAGAIN);
  auto client = connect_to(path);
  auto server = accept_from(listener.value().socket.get());
  CHECK(client.ok() && server.ok());
  for (const int fd : {client.value().get(), server.value().get()}) {
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) && fcntl(fd, F_GETFD) == FD_CLOEXEC);
  }
  listener.value().socket.reset();
  CHECK(connect_to(path).failure().error == ECONNREFUSED);
  CHECK(connect_to(std::string(200, 'x')).failure().error == ENAMETOOLONG);
  auto pair = make_socket_pair();
  CHECK(fcntl(pair.value().ours.get(), F_GETFL) & O_NONBLOCK);
  CHECK(!(fcntl(pair.value().theirs.get(), F_GETFL) & O_NONBLOCK));
}

TEST(a_full_backlog_is_told_from_a_refusal) {
  const Scratch scratch;
  const std::string path = scratch / "s1";
  auto listener = listen_at(path);
  listen(listener.value().socket.get(), 0);
  auto first = connect_to(path);
  CHECK(first.ok());
  CHECK(connect_to(path).failure().error == EAGAIN);
}

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
