#include "conmon/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "conmon/log_rotation.h"
#include "core/retry.h"

namespace prefork {

Result<std::unique_ptr<LogFile>> LogFile::open(std::string path, std::unique_ptr<LogFormat> format,
                                               LogFileLimits limits) {
  const int fd = retry_on_eintr(
      [&] { return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kLogMode); });
  if (fd == -1) return Failure{errno, "open log file " + path};
  Descriptor file(fd);
  struct stat status;
  if (fstat(fd, &status) != 0) return Failure{errno, "look at log file " + path};
  auto opened = std::unique_ptr<LogFile>(
      new LogFile(std::move(path), std::move(file), std::move(format), std::move(limits)));
  opened->size_ = status.st_size;
  return opened;
}

LogFile::LogFile(std::string path, Descriptor file, std::unique_ptr<LogFormat> format,
                 LogFileLimits limits)
    : path_(std::move(path)),
      file_(std::move(file)),
      format_(std::move(format)),
      limits_(std::move(limits)),
      limit_(std::max<std::int64_t>(limits_.size, 0)) {}

void LogFile::add(Source source, std::string_view chunk) {
  format_->append(records_, source, chunk, clock_);
}

void LogFile::complete_lines() { format_->finish(records_, clock_); }

LogSink::Outcome LogFile::write() {
  std::size_t count = records_.size();
  Outcome outcome = Outcome::kWritten;
  if (limit_ > 0 && size_ + static_cast<std::int64_t>(count) > limit_) {
    count =
        whole_records_within(static_cast<std::size_t>(std::max<std::int64_t>(limit_ - size_, 0)));
    // A record that is larger than a whole log goes into one of its own.
    if (count == 0 && size_ == 0) count = first_record();
    if (count < records_.size()) outcome = Outcome::kSizeReached;
  }
  if (limits_.total > 0 && written_ + static_cast<std::int64_t>(count) > limits_.total) {
    count = whole_records_within(
        static_cast<std::size_t>(std::max<std::int64_t>(limits_.total - written_, 0)));
    outcome = Outcome::kTotalReached;
  }
  const Outcome written = write_bytes(count);
  return written == Outcome::kWritten ? outcome : written;
}

std::size_t LogFile::whole_records_within(std::size_t most) const {
  const std::string_view all = records_.view();
  const void* newline = memrchr(all.data(), '\n', std::min(most, all.size()));
  if (newline == nullptr) return 0;
  return static_cast<std::size_t>(static_cast<const char*>(newline) - all.data()) + 1;
}

std::size_t LogFile::first_record() const {
  const std::string_view all = records_.view();
  const std::size_t newline = all.find('\n');
  return newline == std::string_view::npos ? all.size() : newline + 1;
}

LogSink::Outcome LogFile::write_bytes(std::size_t count) {
  while (count > 0) {
    const ssize_t taken =
        retry_on_eintr([&] { return ::write(file_.get(), records_.view().data(), count); });
    if (taken <= 0) {
      failure_ = Failure{taken < 0 ? errno : ENOSPC, "write log file " + path_};
      return Outcome::kFailed;
    }
    auto whole = static_cast<std::size_t>(taken);
    if (whole < count && format_->has_whole_records()) {
      // Most likely the disk is full. The next write would say why, but would also put the
      // beginning of a record there again.
      const std::size_t torn = whole - whole_records_within(whole);
      if (torn > 0 && take_back(torn)) {
        whole -= torn;
        count = whole;
        failure_ = Failure{ENOSPC, "write log file " + path_};
      }
    }
    size_ += static_cast<std::int64_t>(whole);
    written_ += static_cast<std::int64_t>(whole);
    records_.consume(whole);
    if (whole < static_cast<std::size_t>(taken)) return Outcome::kFailed;
    count -= whole;
  }
  return Outcome::kWritten;
}

bool LogFile::take_back(std::size_t torn) {
  struct stat status;
  if (fstat(file_.get(), &status) != 0) return false;
  return ftruncate(file_.get(), status.st_size - static_cast<off_t>(torn)) == 0;
}

std::size_t LogFile::drop_beyond(std::size_t most) {
  if (records_.size() <= most) return 0;
  const std::size_t dropped = records_.size() - whole_records_within(most);
  records_.cut(dropped);
  return dropped;
}

Result<void> LogFile::rotate() {
  return take_over(rotate_log(path_, file_.get(), limits_.kept_files, limits_.allowed_directories));
}

Result<void> LogFile::replace() { return take_over(replace_log(path_)); }

Result<void> LogFile::take_over(Result<Descriptor> file) {
  if (!file.ok()) return file.failure();
  file_ = std::move(file).value();
  size_ = 0;
  limit_ = std::max<std::int64_t>(limits_.size, 0);
  return {};
}

void LogFile::raise_limit() { limit_ = size_ + limits_.size; }

Result<void> LogFile::sync() {
  if (!limits_.syncs) return {};
  // A pipe or a device has no disk to be on.
  if (fdatasync(file_.get()) != 0 && errno != EINVAL) {
    return Failure{errno, "sync log file " + path_};
  }
  return {};
}

}  // namespace prefork
