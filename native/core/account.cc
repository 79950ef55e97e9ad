#include "core/account.h"

#include <pwd.h>
#include <spawn.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "core/descriptor.h"
#include "core/process.h"
#include "core/retry.h"

namespace prefork {

namespace {

struct CloseFile {
  void operator()(FILE* file) const { fclose(file); }
};
using File = std::unique_ptr<FILE, CloseFile>;

// The first entry of the user, of lines like those of /etc/passwd.
std::optional<std::string> home_in(FILE* lines, uid_t user) {
  while (const passwd* entry = fgetpwent(lines)) {
    if (entry->pw_uid == user) return std::string(entry->pw_dir);
  }
  return std::nullopt;
}

// getent(1) asks every source of accounts that the system is set up for, a directory service say.
Result<pid_t> start_getent(uid_t user, int output) {
  std::string name = "getent";
  std::string database = "passwd";
  std::string key = std::to_string(user);
  char* words[] = {name.data(), database.data(), key.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t child = -1;
  const int error = posix_spawnp(&child, words[0], &actions, nullptr, words, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return Failure{error, "run getent"};
  return child;
}

std::string read_all(int fd) {
  std::string text;
  char part[1024];
  ssize_t length = 0;
  while ((length = retry_on_eintr([&] { return read(fd, part, sizeof part); })) > 0) {
    text.append(part, static_cast<size_t>(length));
  }
  return text;
}

Result<std::optional<std::string>> ask_getent(uid_t user) {
  Result<Pipe> made = make_pipe();
  if (!made.ok()) return made.failure();
  Pipe pipe = std::move(made).value();
  const Result<pid_t> child = start_getent(user, pipe.writing_end.get());
  if (!child.ok()) return child.failure();
  pipe.writing_end.reset();
  std::string answer = read_all(pipe.reading_end.get());
  (void)wait_status(child.value());
  // The C library takes apart only what it can go back in.
  const File lines(fmemopen(answer.data(), answer.size(), "r"));
  return lines ? home_in(lines.get(), user) : std::nullopt;
}

}  // namespace

Result<std::string> home_of(uid_t user, const std::string& passwords) {
  if (const File file(fopen(passwords.c_str(), "re")); file) {
    if (auto home = home_in(file.get(), user)) return *home;
  }
  auto asked = ask_getent(user);
  const std::string what = "find the home directory of user " + std::to_string(user);
  if (!asked.ok()) return Failure{asked.failure().error, what + ": " + asked.failure().what};
  if (!asked.value()) return Failure{0, what + ": there is no such account"};
  return *asked.value();
}

}  // namespace prefork
