#include "actors/oom.h"

#include <cerrno>

#include "conmon/small_file.h"

namespace prefork {

void Oom::start_watch() {
  const Result<void> opened = watch_.open(container_);
  if (!opened.ok()) {
    remember(opened.failure());
    return post(Event::kNoWatch);
  }
  const int started =
      poll_.start_reading(loop(), watch_.get(), [this] { post(Event::kMemoryEvent); });
  if (started != 0) {
    remember(Failure{-started, "watch memory"});
    return post(Event::kNoWatch);
  }
  post(Event::kWatchStarted);
}

void Oom::report_no_watch() {
  const std::string text = "a lack of memory will not be noticed: " + failure().message();
  // A container that has already ended has no cgroup any more.
  failure().error == ENOENT ? messages_.debug(text) : messages_.warn(text);
}

void Oom::report_cgroup_gone() {
  messages_.debug("Cgroup appears to have been removed, stopping OOM monitoring");
}

void Oom::read_event() {
  switch (watch_.read()) {
    case MemoryWatch::News::kOutOfMemory:
      return post(Event::kOutOfMemory);
    case MemoryWatch::News::kNothingNew:
      return post(Event::kNothingNew);
    case MemoryWatch::News::kCgroupGone:
      return post(Event::kCgroupGone);
  }
}

void Oom::record_out_of_memory() {
  messages_.info("the container has run out of memory");
  for (const std::string& mark : marks_) {
    if (const auto made = touch_file(mark); !made.ok()) messages_.warn(made.failure().message());
  }
}

void Oom::stop_watch() {
  poll_.close();
  watch_.close();
}

}  // namespace prefork
