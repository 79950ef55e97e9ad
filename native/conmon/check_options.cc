#include "conmon/check_options.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "conmon/messages.h"

namespace prefork {

namespace {

constexpr std::size_t kShortIdLength = 12;

struct DriverName {
  const char* name;
  LogDriver driver;
  bool needs_path;
};

constexpr DriverName kDrivers[] = {
    {"k8s-file", LogDriver::kFile, true},     {"json-file", LogDriver::kJsonFile, true},
    {"journald", LogDriver::kJournal, false}, {"passthrough", LogDriver::kPassthrough, false},
    {"off", LogDriver::kNone, false},         {"null", LogDriver::kNone, false},
    {"none", LogDriver::kNone, false},
};

const DriverName* find_driver(const std::string& name) {
  for (const DriverName& driver : kDrivers) {
    if (name == driver.name) return &driver;
  }
  return nullptr;
}

Complaint complain(std::string text) { return Complaint{std::move(text), false}; }
Complaint complain_barely(const std::string& text) { return Complaint{"conmon: " + text, true}; }

struct Parsed {
  LogDestination destination;
  std::optional<Complaint> complaint;
};

Parsed parse_log_path(const std::string& text, bool is_early) {
  const std::size_t colon = text.find(':');
  const std::string head = text.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : text.substr(colon + 1);
  const LogDriver file = is_early ? LogDriver::kEarlyFile : LogDriver::kFile;
  if (head.empty() && rest.empty()) return {{}, complain("log-path must not be empty")};
  if (head.empty()) return {{file, rest}, {}};
  const DriverName* driver = find_driver(head);
  if (driver != nullptr) {
    if (driver->needs_path && rest.empty()) {
      return {{}, complain(head + " requires a filename")};
    }
    return {{driver->driver, rest}, {}};
  }
  // The early version knew no drivers: everything was a path.
  if (colon == std::string::npos || is_early) return {{file, text}, {}};
  return {{}, complain("No such log driver " + head)};
}

std::optional<Complaint> check_label(const std::string& label) {
  const std::size_t equals = label.find('=');
  const auto wrong = [&](const std::string& why) {
    return complain("Container labels must be in format LABEL=VALUE (" + why + " in '" + label +
                    "')");
  };
  if (equals == 0) return wrong("no LABEL present");
  if (equals == std::string::npos || label.find('=', equals + 1) != std::string::npos) {
    return wrong("none or more than one '=' present");
  }
  const auto is_allowed = [](char letter) {
    return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || letter == '_';
  };
  if (!std::all_of(label.begin(), label.begin() + static_cast<std::ptrdiff_t>(equals),
                   is_allowed)) {
    return complain(
        "Container label names must contain only uppercase letters, numbers and underscore (in '" +
        label + "')");
  }
  return std::nullopt;
}

std::optional<Complaint> check_exec(const ContainerOptions& options) {
  if (options.exec && options.restore_path) {
    return complain("Cannot use 'exec' and 'restore' at the same time");
  }
  if (options.exec_attach && !options.exec) {
    return complain("Attach can only be specified with exec");
  }
  if (options.exec_attach && !options.has_api) {
    return complain("Attach can only be specified for a non-legacy exec session");
  }
  return std::nullopt;
}

std::optional<Complaint> check_runtime(const ContainerOptions& options) {
  if (!options.runtime) return complain("Runtime path not provided. Use --runtime");
  // The early version's runtime is a piece of shell, not a path.
  if (!options.is_early() && access(options.runtime->c_str(), X_OK) != 0) {
    return complain("Runtime path " + *options.runtime + " is not valid " + strerror(errno));
  }
  if (options.exec && !options.exec_process_spec) {
    return complain("Exec process spec path not provided. Use --exec-process-spec");
  }
  return std::nullopt;
}

}  // namespace

LogDestinations parse_log_destinations(const ContainerOptions& options) {
  LogDestinations parsed;
  for (const std::string& text : options.log_paths) {
    Parsed one = parse_log_path(text, options.is_early());
    if (one.complaint) return {{}, one.complaint};
    std::erase_if(parsed.list, [&](const LogDestination& earlier) {
      return earlier.driver == one.destination.driver;
    });
    parsed.list.push_back(std::move(one.destination));
  }
  return parsed;
}

std::optional<Complaint> check_options(const ContainerOptions& options) {
  if (options.log_max_files < 0) {
    return complain_barely("log-max-files must be non-negative, got " +
                           std::to_string(options.log_max_files));
  }
  if (options.log_rotate && options.log_max_files == 0) {
    return complain_barely("log-max-files must be at least 1 when log-rotate is enabled, got 0");
  }
  if (!options.container_id) {
    return complain_barely("Container ID not provided. Use --cid");
  }
  if (options.log_level && !parse_message_level(*options.log_level)) {
    return complain("No such log level " + *options.log_level);
  }
  if (auto wrong = check_exec(options)) return wrong;
  if (!options.container_uuid && !options.is_early() && (!options.exec || options.has_api)) {
    return complain("Container UUID not provided. Use --cuuid");
  }
  if (auto wrong = check_runtime(options)) return wrong;
  if (options.exit_delay < 0) {
    return complain("Delay before invoking exit command must be greater than or equal to 0");
  }
  if (options.log_paths.empty()) return complain("Log driver not provided. Use --log-path");
  return std::nullopt;
}

std::optional<Complaint> check_log_options(const ContainerOptions& options,
                                           const std::vector<LogDestination>& destinations) {
  const auto uses = [&](LogDriver driver) {
    return std::any_of(destinations.begin(), destinations.end(),
                       [&](const LogDestination& one) { return one.driver == driver; });
  };
  for (const std::string& label : options.log_labels) {
    if (auto wrong = check_label(label)) return wrong;
  }
  if (uses(LogDriver::kFile) || uses(LogDriver::kEarlyFile)) {
    if (options.log_tag) return complain("k8s-file doesn't support --log-tag");
    if (!options.log_labels.empty()) return complain("k8s-file doesn't support --log-label");
  }
  if (uses(LogDriver::kJournal) && options.container_id->size() <= kShortIdLength) {
    return complain("Container ID must be longer than 12 characters");
  }
  return std::nullopt;
}

}  // namespace prefork
