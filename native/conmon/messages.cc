#include "conmon/messages.h"

#include <strings.h>
#include <syslog.h>
#include <unistd.h>

#include <utility>

#include "core/retry.h"

namespace prefork {

namespace {

struct LevelName {
  const char* name;
  MessageLevel level;
};

constexpr LevelName kLevels[] = {
    {"error", MessageLevel::kError},     {"fatal", MessageLevel::kError},
    {"panic", MessageLevel::kError},     {"warn", MessageLevel::kWarning},
    {"warning", MessageLevel::kWarning}, {"info", MessageLevel::kInfo},
    {"debug", MessageLevel::kDebug},     {"trace", MessageLevel::kTrace},
};

struct LevelWords {
  char letter;
  const char* in_syslog;
};

// In the order of MessageLevel.
constexpr LevelWords kWords[] = {
    {'e', "error"}, {'w', "nwarn"}, {'i', "ninfo"}, {'d', "ndebug"}, {'d', "ntrace"}};

}  // namespace

std::optional<MessageLevel> parse_message_level(const std::string& name) {
  for (const LevelName& known : kLevels) {
    if (strcasecmp(name.c_str(), known.name) == 0) return known.level;
  }
  return std::nullopt;
}

void Messages::use_syslog(std::string label, bool errors_only) {
  label_ = std::move(label);
  syslog_level_ = errors_only ? MessageLevel::kError : level_;
  openlog("conmon", 0, LOG_USER);
}

void Messages::say_plainly(const std::string& line) {
  const std::string text = line + "\n";
  (void)!retry_on_eintr([&] { return write(STDERR_FILENO, text.data(), text.size()); });
}

void Messages::say(MessageLevel level, const std::string& text) {
  if (level > level_) return;
  const LevelWords& words = kWords[static_cast<int>(level)];
  say_plainly(std::string("[conmon:") + words.letter + "]: " + text);
  if (syslog_level_ && level <= *syslog_level_) {
    const int priority = level == MessageLevel::kError ? LOG_ERR : LOG_INFO;
    syslog(priority, "conmon %s <%s>: %s", label_.c_str(), words.in_syslog, text.c_str());
  }
}

}  // namespace prefork
