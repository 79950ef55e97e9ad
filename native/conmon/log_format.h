// How output is written down: the formats of log files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conmon/byte_queue.h"
#include "conmon/log_clock.h"

namespace prefork {

class LogFormat {
 public:
  virtual ~LogFormat() = default;

  /// Appends the records for a chunk of output. Does not keep `chunk`.
  virtual void append(ByteQueue& records, Source source, std::string_view chunk,
                      LogClock& clock) = 0;

  /// Appends what was kept of lines that have no end yet.
  virtual void finish(ByteQueue& records, LogClock& clock) = 0;

  /// Whether every record ends with a newline and holds no other, so that a file of them can be cut
  /// behind any newline.
  virtual bool has_whole_records() const { return true; }
};

/// `TIME STREAM F|P CONTENT`: F for a line, P for a piece of one.
class K8sFormat final : public LogFormat {
 public:
  void append(ByteQueue& records, Source source, std::string_view chunk, LogClock& clock) override;
  void finish(ByteQueue&, LogClock&) override {}
};

/// The early version's: `TIME STREAM CONTENT`, where a piece of a line leaves the line open, and
/// another stream's output ends it.
class EarlyFormat final : public LogFormat {
 public:
  void append(ByteQueue& records, Source source, std::string_view chunk, LogClock& clock) override;
  void finish(ByteQueue&, LogClock&) override {}
  bool has_whole_records() const override { return false; }

 private:
  bool is_line_open_ = false;
  Source open_source_ = Source::kOutput;
};

/// One JSON object a line: log, stream, attrs (tag and labels, if there are any), time. A long line
/// is several objects, of which only the last one's text ends with a newline.
class JsonFormat final : public LogFormat {
 public:
  JsonFormat(const std::string* tag, const std::vector<std::string>& labels);
  void append(ByteQueue& records, Source source, std::string_view chunk, LogClock& clock) override;
  void finish(ByteQueue& records, LogClock& clock) override;

 private:
  void add_record(ByteQueue& records, Source source, std::string_view text, LogClock& clock);

  std::string attributes_;  // ready to stand behind the stream's name
  std::string open_[2];     // for each source the piece of a line that has no end yet
  std::string record_;
};

}  // namespace prefork
