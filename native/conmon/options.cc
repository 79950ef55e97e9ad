#include "conmon/options.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <variant>

namespace prefork {

namespace {

using Flag = bool ContainerOptions::*;
using Text = std::optional<std::string> ContainerOptions::*;
using Texts = std::vector<std::string> ContainerOptions::*;
using Number = int ContainerOptions::*;
using LongNumber = std::int64_t ContainerOptions::*;

struct Option {
  const char* name;
  char letter;  // 0: none
  std::variant<Flag, Text, Texts, Number, LongNumber> where;
  const char* help;  // nullptr: not shown
};

using O = ContainerOptions;

constexpr Option kOptions[] = {
    {"api-version", 0, &O::has_api, "use the newer messages to the caller"},
    {"bundle", 'b', &O::bundle, "directory of the container's bundle"},
    {"cid", 'c', &O::container_id, "id of the container"},
    {"conmon-pidfile", 'P', &O::monitor_pid_file, "file for the pid of the monitor"},
    {"container-pidfile", 'p', &O::container_pid_file, "file for the pid of the container"},
    {"pidfile", 0, &O::container_pid_file, nullptr},
    {"cuuid", 'u', &O::container_uuid, "name of the container in the socket directory"},
    {"exec", 'e', &O::exec, "run a process in a running container"},
    {"exec-attach", 0, &O::exec_attach, "start that process once the caller is attached"},
    {"exec-process-spec", 0, &O::exec_process_spec, "file that describes that process"},
    {"exit-command", 0, &O::exit_command, "program to run when the container has ended"},
    {"exit-command-arg", 0, &O::exit_command_arguments, "argument for it (repeatable)"},
    {"exit-delay", 0, &O::exit_delay, "seconds to wait before it"},
    {"exit-dir", 0, &O::exit_directory, "directory for the file with the exit status"},
    {"full-attach", 0, &O::full_attach, "make the attach socket in the bundle alone"},
    {"leave-stdin-open", 0, &O::leave_input_open, "keep standard input open when a client leaves"},
    {"log-allowlist-dir", 0, &O::log_allowed_directories, "where missing logs may be made anew"},
    {"log-global-size-max", 0, &O::log_global_size_max, "most bytes to log in all"},
    {"log-label", 0, &O::log_labels, "LABEL=VALUE for each record (repeatable)"},
    {"log-level", 0, &O::log_level, "error, warning, info, debug or trace"},
    {"log-max-files", 0, &O::log_max_files, "how many old logs to keep"},
    {"log-path", 'l', &O::log_paths, "DRIVER:PATH, or PATH (repeatable)"},
    {"log-rotate", 0, &O::log_rotate, "keep old logs when the size limit is reached"},
    {"log-size-max", 0, &O::log_size_max, "most bytes in one log file"},
    {"log-tag", 0, &O::log_tag, "tag for each record"},
    {"name", 'n', &O::name, "name of the container"},
    {"no-container-partial-message", 0, &O::no_partial_message, "do not mark partial lines"},
    {"no-new-keyring", 0, &O::no_new_keyring, "passed to the runtime"},
    {"no-pivot", 0, &O::no_pivot, "passed to the runtime"},
    {"no-sync-log", 0, &O::no_sync_log, "do not see the log onto the disk at the end"},
    {"persist-dir", '0', &O::persist_directory, "directory for exit status and OOM mark"},
    {"replace-listen-pid", 0, &O::replace_listen_pid, "make LISTEN_PID the runtime's pid"},
    {"restore", 0, &O::restore_path, "restore the container from this checkpoint"},
    {"restore-arg", 0, &O::runtime_options, nullptr},
    {"runtime", 'r', &O::runtime, "path of the OCI runtime"},
    {"runtime-arg", 0, &O::runtime_arguments, "argument before the runtime's command (repeatable)"},
    {"runtime-opt", 0, &O::runtime_options, "option of the runtime's command (repeatable)"},
    {"sdnotify-socket", 0, &O::notify_socket, "the host's socket for readiness messages"},
    {"seccomp-notify-plugins", 0, &O::seccomp_notify_plugins, nullptr},
    {"seccomp-notify-socket", 0, &O::seccomp_notify_socket, nullptr},
    {"socket-dir-path", 0, &O::socket_directory, "directory of links to bundles"},
    {"stdin", 'i', &O::standard_input, "give the container a standard input"},
    {"sync", 0, &O::stay_in_foreground, "stay in the foreground"},
    {"syslog", 0, &O::syslog, "log own messages to syslog, too"},
    {"systemd-cgroup", 's', &O::systemd_cgroup, "passed to the runtime"},
    {"terminal", 't', &O::terminal, "give the container a terminal"},
    {"timeout", 'T', &O::timeout, "seconds after which the container is killed"},
    {"version", 0, &O::version, "print the version"},
    {"help", 'h', &O::help, "print this"},
};

const Option* find_option(std::string_view name) {
  for (const Option& option : kOptions) {
    if (name == option.name) return &option;
  }
  return nullptr;
}

const Option* find_option(char letter) {
  for (const Option& option : kOptions) {
    if (option.letter != 0 && letter == option.letter) return &option;
  }
  return nullptr;
}

bool takes_value(const Option& option) { return !std::holds_alternative<Flag>(option.where); }

template <class Integer>
Result<Integer> parse_integer(const char* value, const std::string& spelt) {
  errno = 0;
  char* end = nullptr;
  const long long parsed = std::strtoll(value, &end, 0);
  const std::string quoted = std::string("“") + value + "”";
  if (*value == 0 || *end != 0) {
    return Failure{0, "Cannot parse integer value " + quoted + " for " + spelt};
  }
  const auto narrowed = static_cast<Integer>(parsed);
  if (errno == ERANGE || narrowed != parsed) {
    return Failure{0, "Integer value " + quoted + " for " + spelt + " out of range"};
  }
  return narrowed;
}

/// The words, one after the other.
class Reader {
 public:
  Reader(int count, const char* const* words) : count_(count), words_(words) {}

  Result<ContainerOptions> read() {
    for (next_ = 1; next_ < count_ && !options_.help;) {
      const char* word = words_[next_++];
      if (std::strcmp(word, "--") == 0) break;
      if (word[0] != '-' || word[1] == 0) continue;  // stands for nothing, and is passed over
      const Result<void> taken = word[1] == '-' ? take_long(word + 2) : take_letters(word);
      if (!taken.ok()) return taken.failure();
    }
    return std::move(options_);
  }

 private:
  Result<void> take_long(const char* word) {
    const char* equals = std::strchr(word, '=');
    const std::string name = equals == nullptr ? word : std::string(word, equals);
    const Option* option = find_option(name);
    if (option == nullptr) return Failure{0, "Unknown option --" + std::string(word)};
    if (!takes_value(*option)) return set(*option, nullptr, "");
    const std::string spelt = "--" + name;
    if (equals != nullptr) return set(*option, equals + 1, spelt);
    if (next_ == count_) return Failure{0, "Missing argument for " + spelt};
    return set(*option, words_[next_++], spelt);
  }

  // Letters in one word; one of them at most takes a value, and that is the next word: nothing can
  // be glued to a letter.
  Result<void> take_letters(const char* word) {
    bool value_taken = false;
    for (const char* letter = word + 1; *letter != 0 && !options_.help; ++letter) {
      const Option* option = *letter == '?' ? find_option('h') : find_option(*letter);
      if (option == nullptr) return Failure{0, std::string("Unknown option ") + word};
      const std::string spelt = std::string("-") + *letter;
      const char* value = nullptr;
      if (takes_value(*option)) {
        if (value_taken) return Failure{0, "Error parsing option " + spelt};
        if (next_ == count_) return Failure{0, "Missing argument for " + spelt};
        value = words_[next_++];
        value_taken = true;
      }
      const Result<void> done = set(*option, value, spelt);
      if (!done.ok()) return done;
    }
    return {};
  }

  Result<void> set(const Option& option, const char* value, const std::string& spelt) {
    if (const Flag* flag = std::get_if<Flag>(&option.where)) {
      options_.*(*flag) = true;
    } else if (const Text* text = std::get_if<Text>(&option.where)) {
      options_.*(*text) = value;
    } else if (const Texts* texts = std::get_if<Texts>(&option.where)) {
      (options_.*(*texts)).emplace_back(value);
    } else if (const Number* number = std::get_if<Number>(&option.where)) {
      const Result<int> parsed = parse_integer<int>(value, spelt);
      if (!parsed.ok()) return parsed.failure();
      options_.*(*number) = parsed.value();
    } else {
      const Result<std::int64_t> parsed = parse_integer<std::int64_t>(value, spelt);
      if (!parsed.ok()) return parsed.failure();
      options_.*(std::get<LongNumber>(option.where)) = parsed.value();
    }
    return {};
  }

  int count_;
  const char* const* words_;
  int next_ = 1;
  ContainerOptions options_;
};

}  // namespace

Result<ContainerOptions> parse_container_options(int count, const char* const* words) {
  return Reader(count, words).read();
}

std::string container_help() {
  std::string text =
      "Usage: conmon [OPTION...]\n\n"
      "Starts a container with an OCI runtime, keeps its output and tells how it ended.\n\n";
  for (const Option& option : kOptions) {
    if (option.help == nullptr) continue;
    std::string line =
        option.letter == 0 ? "      --" : std::string("  -") + option.letter + ", --";
    line += option.name;
    if (takes_value(option)) line += "=VALUE";
    if (line.size() < 37) line.resize(37, ' ');
    text += line + " " + option.help + "\n";
  }
  return text +
         "\nLog drivers: k8s-file, json-file, journald, passthrough, none (also off, null).\n";
}

}  // namespace prefork
