#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "core/account.h"
#include "core_test.h"

using namespace prefork;
using test::Scratch;

namespace {

constexpr uid_t kUser = 54321;

void write_text(const std::string& path, const std::string& text, mode_t mode) {
  std::ofstream(path) << text;
  chmod(path.c_str(), mode);
}

// A PATH on which there is nothing but a getent that says this.
class OwnGetent {
 public:
  explicit OwnGetent(const std::string& body) : before_(getenv("PATH")) {
    if (!body.empty()) write_text(scratch_ / "getent", "#!/bin/sh\n" + body + "\n", 0700);
    setenv("PATH", scratch_.path.c_str(), 1);
  }
  ~OwnGetent() { setenv("PATH", before_.c_str(), 1); }

 private:
  const Scratch scratch_;
  const std::string before_;
};

}  // namespace

TEST(the_home_of_an_account_in_the_file) {
  const Scratch scratch;
  const std::string passwords = scratch / "passwd";
  write_text(passwords,
             "a:x:1:1::/a:/bin/sh\n# no account\nb:x:54321:1:B,,:/home/b:\nb2:x:54321:1::/no:\n",
             0600);
  const OwnGetent none("");
  CHECK_SAME(home_of(kUser, passwords).value(), "/home/b");
}

TEST(the_home_of_an_account_from_elsewhere) {
  const OwnGetent getent("test \"$*\" = 'passwd 54321' && echo 'c:*:54321:1::/far/c:/bin/sh'");
  CHECK_SAME(home_of(kUser, "/nowhere/passwd").value(), "/far/c");
}

TEST(an_account_that_nobody_knows) {
  const OwnGetent getent("exit 2");
  const Failure failure = home_of(kUser, "/nowhere/passwd").failure();
  CHECK_SAME(failure.message(), "find the home directory of user 54321: there is no such account");
}

TEST(nobody_to_ask_for_an_account) {
  const OwnGetent none("");
  const Failure failure = home_of(kUser, "/nowhere/passwd").failure();
  CHECK_SAME(failure.message(),
             "find the home directory of user 54321: run getent: No such file or directory");
}
