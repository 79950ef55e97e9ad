#include "core/syslog_sink.h"

#include <strings.h>

namespace prefork {

namespace {

struct Facility {
  const char* name;
  int value;
};

constexpr Facility kFacilities[] = {
    {"auth", LOG_AUTH},     {"authpriv", LOG_AUTHPRIV}, {"cron", LOG_CRON},
    {"daemon", LOG_DAEMON}, {"ftp", LOG_FTP},           {"kern", LOG_KERN},
    {"local0", LOG_LOCAL0}, {"local1", LOG_LOCAL1},     {"local2", LOG_LOCAL2},
    {"local3", LOG_LOCAL3}, {"local4", LOG_LOCAL4},     {"local5", LOG_LOCAL5},
    {"local6", LOG_LOCAL6}, {"local7", LOG_LOCAL7},     {"lpr", LOG_LPR},
    {"mail", LOG_MAIL},     {"news", LOG_NEWS},         {"syslog", LOG_SYSLOG},
    {"user", LOG_USER},     {"uucp", LOG_UUCP},
};

constexpr char kPrefix[] = "LOG_";
constexpr size_t kPrefixLength = sizeof(kPrefix) - 1;

}  // namespace

Result<std::optional<int>> parse_facility(const std::string& name) {
  if (name.empty()) return std::optional<int>();
  const bool prefixed = strncasecmp(name.c_str(), kPrefix, kPrefixLength) == 0;
  const char* bare = name.c_str() + (prefixed ? kPrefixLength : 0);
  for (const Facility& facility : kFacilities) {
    if (strcasecmp(bare, facility.name) == 0) return std::optional<int>(facility.value);
  }
  return Failure{0, "there is no syslog facility " + name +
                        ": give one such as user, daemon or local0, or an empty string for none"};
}

void SyslogSink::open(std::optional<int> facility, const std::string& script) {
  close();
  if (!facility) return;
  name_ = "prefork-interp " + script;
  openlog(name_.c_str(), LOG_PID | LOG_NDELAY, *facility);
  open_ = true;
}

void SyslogSink::log(int level, const std::string& text) {
  if (open_) syslog(level, "%s", text.c_str());
}

void SyslogSink::close() {
  if (!open_) return;
  closelog();
  open_ = false;
}

}  // namespace prefork
