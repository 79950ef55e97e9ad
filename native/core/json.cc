#include "core/json.h"

#include <cstdint>
#include <cstdio>

namespace prefork {

namespace {

constexpr char kReplacement[] = "\xef\xbf\xbd";

unsigned char byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

// How long the character that begins with this byte is; 0 for one that cannot begin any.
std::size_t length_of_character(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  if (first >= 0xf0 && first < 0xf5) return 4;
  return 0;
}

// Whether `second` may follow `first`: rules out overlong forms, surrogates and what is too large.
bool may_follow(unsigned char first, unsigned char second) {
  switch (first) {
    case 0xe0:
      return second >= 0xa0 && second < 0xc0;
    case 0xed:
      return second >= 0x80 && second < 0xa0;
    case 0xf0:
      return second >= 0x90 && second < 0xc0;
    case 0xf4:
      return second >= 0x80 && second < 0x90;
    default:
      return second >= 0x80 && second < 0xc0;
  }
}

// The length of the well-formed character at the start of `text`; 0 if there is none.
std::size_t well_formed_length(std::string_view text) {
  const std::size_t length = length_of_character(byte_at(text, 0));
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t index = 1; index < length; ++index) {
    const unsigned char byte = byte_at(text, index);
    const bool is_right =
        index == 1 ? may_follow(byte_at(text, 0), byte) : (byte >= 0x80 && byte < 0xc0);
    if (!is_right) return 0;
  }
  return length;
}

const char* short_escape(char letter) {
  switch (letter) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    default:
      return nullptr;
  }
}

bool is_plain(unsigned char byte) {
  return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

}  // namespace

void append_escaped(std::string* out, std::string_view text) {
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(byte_at(text, plain))) ++plain;
    out->append(text, 0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    std::size_t taken = 1;
    if (byte_at(text, 0) >= 0x80) {
      const std::size_t length = well_formed_length(text);
      if (length == 0) {
        *out += kReplacement;
      } else {
        out->append(text, 0, length);
        taken = length;
      }
    } else if (const char* escape = short_escape(text[0])) {
      *out += escape;
    } else {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", byte_at(text, 0));
      *out += escaped;
    }
    text.remove_prefix(taken);
  }
}

std::size_t unfinished_character(std::string_view text) {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const unsigned char byte = byte_at(text, text.size() - back);
    if (byte >= 0x80 && byte < 0xc0) continue;  // not a first byte
    return length_of_character(byte) > back ? back : 0;
  }
  return 0;
}

void append_json(std::string* text, std::string_view value) {
  *text += '"';
  append_escaped(text, value);
  *text += '"';
}

void append_json_name(std::string* text, std::string_view name) {
  *text += ",\"";
  *text += name;
  *text += "\":";
}

}  // namespace prefork
