// Pieces of JSON text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace prefork {

// Appends `value` as a JSON string, quotes included. A byte that is not UTF-8 becomes U+FFFD.
void append_json(std::string* text, std::string_view value);

// The same without the quotes.
void append_escaped(std::string* text, std::string_view value);

// Appends `,"<name>":`. The name is taken as it is.
void append_json_name(std::string* text, std::string_view name);

// How many bytes at the end of `text` are the beginning of a UTF-8 character whose rest may come;
// 0 to 3.
std::size_t unfinished_character(std::string_view text);

}  // namespace prefork
