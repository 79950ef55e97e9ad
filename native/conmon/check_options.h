// Whether the options of the container monitor make sense together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conmon/options.h"

namespace prefork {

enum class LogDriver { kFile, kEarlyFile, kJsonFile, kJournal, kNone, kPassthrough };

struct LogDestination {
  LogDriver driver;
  std::string path;
};

struct Complaint {
  std::string text;
  bool is_bare = false;  // begins with the program's name already
};

/// What --log-path asks for: of several files with the same driver only the last one.
struct LogDestinations {
  std::vector<LogDestination> list;
  std::optional<Complaint> complaint;
};

LogDestinations parse_log_destinations(const ContainerOptions& options);

/// Looks at everything but the log destinations, in the documented order; stops at the first thing
/// that is wrong. Does not look at what comes of `--log-path`.
std::optional<Complaint> check_options(const ContainerOptions& options);

/// Looks at what the log destinations ask of the other options.
std::optional<Complaint> check_log_options(const ContainerOptions& options,
                                           const std::vector<LogDestination>& destinations);

}  // namespace prefork
