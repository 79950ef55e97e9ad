#include "core/environment.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace prefork {

namespace {

constexpr size_t kFractionDigits = 9;
// Ten thousand years, far below where milliseconds overflow.
constexpr uint64_t kLongestTimeoutSeconds = 315'576'000'000;

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The whole of `text` as a decimal number.
template <class Number>
bool parse_number(std::string_view text, Number* number) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *number);
  return error == std::errc() && stop == end;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

Failure malformed(const std::string& what) { return Failure{0, "PREFORK_INTERP: " + what}; }

bool parse_started(std::string_view text, timespec* started) {
  const size_t point = text.find('.');
  if (point == std::string_view::npos) return false;
  const std::string_view fraction = text.substr(point + 1);
  return fraction.size() == kFractionDigits && all_digits(fraction) &&
         parse_number(text.substr(0, point), &started->tv_sec) &&
         parse_number(fraction, &started->tv_nsec);
}

bool parse_descriptor(std::string_view text, int* fd) {
  return all_digits(text) && parse_number(text, fd);
}

bool is_listening(int fd, const struct stat&) {
  int listening = 0;
  socklen_t size = sizeof(listening);
  return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

bool is_connection(int fd, const struct stat& status) {
  return S_ISSOCK(status.st_mode) && !is_listening(fd, status);
}

// Either kind of pipe: sockets serve as such, too.
bool is_pipe(int, const struct stat& status) {
  return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
}

}  // namespace

std::optional<std::string> get_variable(const char* name) {
  const char* value = getenv(name);
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

bool is_switched_on(const char* name) {
  const std::string value = get_variable(name).value_or("");
  return !value.empty() && value != "0";
}

Result<uint64_t> parse_timeout_milliseconds(std::string_view text) {
  const Failure failure{0, "PREFORK_INTERP_TIMEOUT=" + std::string(text) +
                               " is no time: give seconds above zero, such as 10 or 0.5"};
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "0" : text.substr(point + 1);
  uint64_t seconds = 0;
  if (!all_digits(whole) || !all_digits(fraction) || !parse_number(whole, &seconds) ||
      seconds > kLongestTimeoutSeconds) {
    return failure;
  }
  std::string thousandths(fraction.substr(0, 3));
  thousandths.resize(3, '0');
  uint64_t milliseconds = 0;
  parse_number(thousandths, &milliseconds);
  milliseconds += seconds * 1000;
  if (milliseconds > 0) return milliseconds;
  const bool above_zero = fraction.find_first_not_of('0') != std::string_view::npos;
  if (!above_zero) return failure;
  return uint64_t{1};
}

std::string encode_setup_variable(const SetupVariable& setup) {
  char text[128];
  snprintf(text, sizeof(text), "v1,%" PRIdMAX ".%09ld %d,%d,%d,%d",
           static_cast<intmax_t>(setup.started.tv_sec), setup.started.tv_nsec, setup.listener,
           setup.call, setup.watcher_stdin, setup.watcher_stderr);
  return text;
}

Result<SetupVariable> parse_setup_variable(std::string_view text) {
  const auto words = split(text, ' ');
  const auto version = split(words[0], ',');
  if (version[0] != "v1") {
    return malformed("protocol version '" + std::string(version[0]) +
                     "' instead of v1: prefork-interp and this library do not match");
  }
  SetupVariable setup;
  if (version.size() < 2 || !parse_started(version[1], &setup.started)) {
    return malformed("no time of the form SECONDS.NNNNNNNNN after v1");
  }
  if (words.size() < 2) return malformed("the list of descriptors is missing");
  const auto items = split(words[1], ',');
  const struct {
    const char* name;
    int* fd;
  } slots[] = {{"listening socket", &setup.listener},
               {"first call", &setup.call},
               {"watcher's stdin", &setup.watcher_stdin},
               {"watcher's stderr", &setup.watcher_stderr}};
  for (size_t i = 0; i < std::size(slots); i++) {
    if (i >= items.size()) return malformed(std::string("no descriptor for the ") + slots[i].name);
    if (!parse_descriptor(items[i], slots[i].fd)) {
      return malformed("'" + std::string(items[i]) + "' is no descriptor for the " + slots[i].name);
    }
  }
  return setup;
}

Result<void> check_setup_descriptors(const SetupVariable& setup) {
  const struct {
    int fd;
    const char* wanted;
    bool (*is_wanted)(int fd, const struct stat& status);
  } slots[] = {{setup.listener, "a listening socket", is_listening},
               {setup.call, "a connection", is_connection},
               {setup.watcher_stdin, "a pipe", is_pipe},
               {setup.watcher_stderr, "a pipe", is_pipe}};
  for (const auto& slot : slots) {
    const std::string named = "descriptor " + std::to_string(slot.fd) + ", named by PREFORK_INTERP";
    struct stat status;
    if (fstat(slot.fd, &status) != 0) return Failure{errno, named};
    if (!slot.is_wanted(slot.fd, status)) {
      return Failure{0, named + ", is not " + slot.wanted +
                            ": only prefork-interp may set this variable, for the script alone"};
    }
  }
  return {};
}

}  // namespace prefork
