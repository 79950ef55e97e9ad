// Pieces of JSON text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace prefork {

/// Appends `text` as it stands between the quotes of a JSON string. Bytes that are no UTF-8 become
/// U+FFFD, so that what comes out is JSON whatever goes in.
void append_escaped(std::string& out, std::string_view text);

/// How many bytes at the end of `text` are the beginning of a UTF-8 character whose rest may come;
/// 0 to 3.
std::size_t unfinished_character(std::string_view text);

}  // namespace prefork
