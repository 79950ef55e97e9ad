#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>

#include "core/identity.h"
#include "core/run_directory.h"
#include "core_test.h"

using namespace prefork;
using test::exists;
using test::mode_of;
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
