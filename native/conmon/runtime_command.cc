#include "conmon/runtime_command.h"

#include <unistd.h>

#include <cerrno>

namespace prefork {

namespace {

using Words = std::vector<std::string>;

void add(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

Words creating(const ContainerOptions& options, const RuntimePaths& paths) {
  Words words = {options.restore_path ? "restore" : "create", "--bundle", paths.bundle,
                 "--pid-file", paths.pid_file};
  if (options.no_pivot) words.emplace_back("--no-pivot");
  if (options.no_new_keyring) words.emplace_back("--no-new-keyring");
  if (options.restore_path) {
    add(words, {"--detach", "--image-path", *options.restore_path, "--work-path", paths.bundle});
  }
  return words;
}

Words executing(const ContainerOptions& options, const RuntimePaths& paths) {
  return {"exec",    "--pid-file", paths.pid_file, "--process", *options.exec_process_spec,
          "--detach"};
}

}  // namespace

std::vector<std::string> runtime_command(const ContainerOptions& options,
                                         const RuntimePaths& paths) {
  Words words;
  if (options.systemd_cgroup && !options.exec) words.emplace_back("--systemd-cgroup");
  add(words, options.runtime_arguments);
  add(words, options.exec ? executing(options, paths) : creating(options, paths));
  add(words, options.runtime_options);
  if (!paths.console_socket.empty()) add(words, {"--console-socket", paths.console_socket});
  words.push_back(*options.container_id);
  if (options.is_early()) {
    // The early version's runtime is a piece of shell: a command and options of its own. The words
    // behind it are handed over as they are.
    words.insert(words.begin(), {"/bin/sh", "-c", "exec " + *options.runtime + " \"$@\"", "sh"});
  } else {
    words.insert(words.begin(), *options.runtime);
  }
  return words;
}

int execute_command(const std::vector<std::string>& words) {
  std::vector<char*> list;
  for (const std::string& word : words) list.push_back(const_cast<char*>(word.c_str()));
  list.push_back(nullptr);
  execv(list[0], list.data());
  return errno;
}

}  // namespace prefork
