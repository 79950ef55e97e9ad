// What the container monitor says of itself: on standard error and, if asked, in syslog.
#pragma once

#include <optional>
#include <string>

namespace prefork {

enum class MessageLevel { kError, kWarning, kInfo, kDebug, kTrace };

/// "error", "warn", "INFO", …; nothing for what is no level.
std::optional<MessageLevel> parse_message_level(const std::string& name);

class Messages {
 public:
  Messages() = default;
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;

  /// Says nothing less urgent than this from now on.
  void set_level(MessageLevel level) { level_ = level; }
  /// From now on also to syslog, each line with "conmon" and `label` in front. `errors_only`:
  /// nothing else.
  void use_syslog(std::string label, bool errors_only);

  void error(const std::string& text) { say(MessageLevel::kError, text); }
  void warn(const std::string& text) { say(MessageLevel::kWarning, text); }
  void info(const std::string& text) { say(MessageLevel::kInfo, text); }
  void debug(const std::string& text) { say(MessageLevel::kDebug, text); }
  void trace(const std::string& text) { say(MessageLevel::kTrace, text); }
  /// A line as it is, with nothing in front.
  static void say_plainly(const std::string& line);

 private:
  void say(MessageLevel level, const std::string& text);

  MessageLevel level_ = MessageLevel::kWarning;
  std::optional<MessageLevel> syslog_level_;
  std::string label_;
};

}  // namespace prefork
