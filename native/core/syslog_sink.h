#pragma once

#include <syslog.h>

#include <optional>
#include <string>

#include "core/result.h"

namespace prefork {

// "LOG_USER" or "user", in either case; nothing for the empty name: no syslog.
Result<std::optional<int>> parse_facility(const std::string& name);

// This process's connection to syslog, as "prefork-interp <script>".
class SyslogSink {
 public:
  SyslogSink() = default;
  ~SyslogSink() { close(); }
  // The C library keeps a pointer to the name held here.
  SyslogSink(const SyslogSink&) = delete;
  SyslogSink& operator=(const SyslogSink&) = delete;

  // Connects at once, while the socket can still be reached. Without a facility: logs nowhere.
  void open(std::optional<int> facility, const std::string& script);
  // `level` is LOG_ERR, LOG_WARNING, LOG_INFO, ... Nothing happens if not open.
  void log(int level, const std::string& text);
  void close();

 private:
  std::string name_;
  bool open_ = false;
};

}  // namespace prefork
