#pragma once

#include <string>
#include <string_view>

namespace prefork {

// Appends `value` as a JSON string, quotes included. A byte that is not UTF-8 becomes U+FFFD.
void append_json(std::string* text, std::string_view value);

// Appends `,"<name>":`. The name is taken as it is.
void append_json_name(std::string* text, std::string_view name);

}  // namespace prefork
