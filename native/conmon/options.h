// The command line of the container monitor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace prefork {

struct ContainerOptions {
  std::optional<std::string> container_id;
  std::optional<std::string> container_uuid;
  std::optional<std::string> name;
  std::optional<std::string> runtime;
  std::optional<std::string> bundle;
  std::optional<std::string> container_pid_file;
  std::optional<std::string> monitor_pid_file;

  bool exec = false;
  bool exec_attach = false;
  std::optional<std::string> exec_process_spec;
  std::optional<std::string> restore_path;
  bool has_api = false;  // the newer form of messages, as --api-version asks for

  bool terminal = false;
  bool standard_input = false;
  bool leave_input_open = false;

  std::vector<std::string> log_paths;
  std::int64_t log_size_max = -1;         // bytes; none if not positive
  std::int64_t log_global_size_max = -1;  // bytes; none if not positive
  bool log_rotate = false;
  int log_max_files = 1;
  std::vector<std::string> log_allowed_directories;
  std::optional<std::string> log_tag;
  std::vector<std::string> log_labels;
  bool no_partial_message = false;
  bool no_sync_log = false;
  std::optional<std::string> log_level;
  bool syslog = false;

  std::optional<std::string> exit_directory;
  std::optional<std::string> persist_directory;
  std::optional<std::string> exit_command;
  std::vector<std::string> exit_command_arguments;
  int exit_delay = 0;  // seconds
  int timeout = 0;     // seconds; none if not positive

  std::optional<std::string> socket_directory;
  bool full_attach = false;
  std::optional<std::string> notify_socket;
  bool replace_listen_pid = false;
  bool stay_in_foreground = false;

  bool systemd_cgroup = false;
  bool no_pivot = false;
  bool no_new_keyring = false;
  std::vector<std::string> runtime_arguments;
  std::vector<std::string> runtime_options;

  // Options of the plugin interface that was given up: taken, and without effect.
  std::optional<std::string> seccomp_notify_socket;
  std::optional<std::string> seccomp_notify_plugins;

  bool version = false;
  bool help = false;

  // As the early version was called: no --cuuid, but all that it needed. Log lines, runtime command
  // and end are then those of the early version, in the foreground.
  bool is_early() const { return !container_uuid && container_id && runtime && !log_paths.empty(); }
  bool stays_in_foreground() const { return stay_in_foreground || is_early(); }
};

/// Takes the words apart. --help ends the reading where it stands. The failure's text is the reason
/// alone, as in "Unknown option --x".
Result<ContainerOptions> parse_container_options(int count, const char* const* words);

/// What --help prints.
std::string container_help();

}  // namespace prefork
