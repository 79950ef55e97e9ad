#include "core/json.h"

#include <algorithm>
#include <cstdio>

namespace prefork {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// How many bytes of continuation a leading byte of UTF-8 asks for; -1: it is none.
int continuations(unsigned char lead) {
  if (lead < 0x80) return 0;
  if (lead >= 0xc2 && lead < 0xe0) return 1;
  if (lead >= 0xe0 && lead < 0xf0) return 2;
  if (lead >= 0xf0 && lead < 0xf5) return 3;
  return -1;
}

// Whether three or four bytes that begin so are too long for what they encode, a surrogate, or
// beyond the last code point.
bool is_forbidden(unsigned char lead, unsigned char next) {
  return (lead == 0xe0 && next < 0xa0) || (lead == 0xed && next > 0x9f) ||
         (lead == 0xf0 && next < 0x90) || (lead == 0xf4 && next > 0x8f);
}

// The length of the character that `rest` begins with; 0 if it is not one of UTF-8.
size_t character_length(std::string_view rest) {
  const auto byte = [&](size_t index) { return static_cast<unsigned char>(rest[index]); };
  const int more = continuations(byte(0));
  if (more < 0 || rest.size() <= static_cast<size_t>(more)) return 0;
  for (int index = 1; index <= more; ++index) {
    if ((byte(static_cast<size_t>(index)) & 0xc0) != 0x80) return 0;
  }
  if (more > 1 && is_forbidden(byte(0), byte(1))) return 0;
  return static_cast<size_t>(more) + 1;
}

// How many bytes there are before the first that does not stand for itself, or may not.
size_t plain_length(std::string_view value) {
  const auto is_special = [](unsigned char byte) {
    return byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\';
  };
  return static_cast<size_t>(std::find_if(value.begin(), value.end(), is_special) - value.begin());
}

// Appends what stands for the first character; returns its length.
size_t append_special(std::string* text, std::string_view value) {
  const char first = value.front();
  if (first == '"' || first == '\\') {
    *text += '\\';
    *text += first;
    return 1;
  }
  if (static_cast<unsigned char>(first) < 0x20) {
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(first));
    *text += escape;
    return 1;
  }
  const size_t length = character_length(value);
  *text += length == 0 ? kReplacement : value.substr(0, length);
  return length == 0 ? 1 : length;
}

}  // namespace

void append_json(std::string* text, std::string_view value) {
  *text += '"';
  while (!value.empty()) {
    const size_t plain = plain_length(value);
    *text += value.substr(0, plain);
    value.remove_prefix(plain);
    if (!value.empty()) value.remove_prefix(append_special(text, value));
  }
  *text += '"';
}

void append_json_name(std::string* text, std::string_view name) {
  *text += ",\"";
  *text += name;
  *text += "\":";
}

}  // namespace prefork
