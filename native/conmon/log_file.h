#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "conmon/log_format.h"
#include "conmon/log_sink.h"
#include "core/descriptor.h"

namespace prefork {

struct LogFileLimits {
  std::int64_t size = -1;   // bytes in one file; none if not positive
  std::int64_t total = -1;  // bytes in all; none if not positive
  bool rotates = false;
  int kept_files = 1;
  std::vector<std::string> allowed_directories;  // empty: any
  bool syncs = true;
};

// A log in a file. What a full disk takes of a record is taken back, so that the file ends with a
// whole one whenever this process is interrupted.
class LogFile final : public LogSink {
 public:
  static Result<std::unique_ptr<LogFile>> open(std::string path, std::unique_ptr<LogFormat> format,
                                               LogFileLimits limits);

  void add(Source source, std::string_view chunk) override;
  void complete_lines() override;
  Outcome write() override;
  std::size_t pending() const override { return records_.size(); }
  std::size_t drop_beyond(std::size_t most) override;
  bool rotates() const override { return limits_.rotates; }
  Result<void> rotate() override;
  Result<void> replace() override;
  void raise_limit() override;
  Result<void> sync() override;
  void close() override { file_.reset(); }

 private:
  LogFile(std::string path, Descriptor file, std::unique_ptr<LogFormat> format,
          LogFileLimits limits);

  std::size_t whole_records_within(std::size_t most) const;
  Outcome write_bytes(std::size_t count);
  std::size_t first_record() const;
  bool take_back(std::size_t torn);
  Result<void> take_over(Result<Descriptor> file);

  std::string path_;
  Descriptor file_;
  std::unique_ptr<LogFormat> format_;
  LogFileLimits limits_;
  LogClock clock_;
  ByteQueue records_;
  std::int64_t size_ = 0;     // of the file
  std::int64_t limit_ = 0;    // that the size must not exceed; 0: none
  std::int64_t written_ = 0;  // in all
};

}  // namespace prefork
