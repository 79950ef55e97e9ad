#include "conmon/log_clock.h"

#include <cstdio>

namespace prefork {

std::string_view name_of(Source source) { return source == Source::kOutput ? "stdout" : "stderr"; }

void LogClock::read() { clock_gettime(CLOCK_REALTIME, &now_); }

std::string_view LogClock::local() {
  if (local_.second != now_.tv_sec) {
    tm parts = {};
    localtime_r(&now_.tv_sec, &parts);
    const long offset = parts.tm_gmtoff < 0 ? -parts.tm_gmtoff : parts.tm_gmtoff;
    const std::size_t head =
        std::strftime(local_.bytes, sizeof local_.bytes, "%Y-%m-%dT%H:%M:%S.", &parts);
    const int tail =
        std::snprintf(local_.bytes + head, sizeof local_.bytes - head, "000000000%c%02ld:%02ld",
                      parts.tm_gmtoff < 0 ? '-' : '+', offset / 3600, offset / 60 % 60);
    local_.fraction = head;
    local_.size = head + static_cast<std::size_t>(tail);
    local_.second = now_.tv_sec;
  }
  return with_fraction(local_);
}

std::string_view LogClock::universal() {
  if (universal_.second != now_.tv_sec) {
    tm parts = {};
    gmtime_r(&now_.tv_sec, &parts);
    universal_.size = std::strftime(universal_.bytes, sizeof universal_.bytes,
                                    "%Y-%m-%dT%H:%M:%S.000000000Z", &parts);
    universal_.fraction = universal_.size - sizeof("000000000Z") + 1;
    universal_.second = now_.tv_sec;
  }
  return with_fraction(universal_);
}

std::string_view LogClock::with_fraction(Text& text) const {
  long rest = now_.tv_nsec;
  for (std::size_t digit = 9; digit > 0; --digit) {
    text.bytes[text.fraction + digit - 1] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  return {text.bytes, text.size};
}

}  // namespace prefork
