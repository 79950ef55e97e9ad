#pragma once

#include <ctime>
#include <string_view>

namespace prefork {

// Which output of the container something came from.
enum class Source { kOutput, kError };

std::string_view name_of(Source source);

// The time of a record, as text. What changes once a second at most is worked out once a second.
class LogClock {
 public:
  // Reads the clock: one reading serves all records of a chunk.
  void read();

  // "2006-01-02T15:04:05.000000000+01:00", local time; 35 bytes for years of four digits.
  std::string_view local();
  // "2006-01-02T15:04:05.000000000Z".
  std::string_view universal();

 private:
  struct Text {
    char bytes[64] = {};
    std::size_t size = 0;
    time_t second = -1;
    std::size_t fraction = 0;  // where the nine digits are
  };

  std::string_view with_fraction(Text& text) const;

  timespec now_ = {};
  Text local_;
  Text universal_;
};

}  // namespace prefork
