#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace prefork {

// What a call hands to the executor. `arguments` are without interpreter and script, except from
// clients that send those too: see RequestReader::descriptor_mark.
struct Message {
  std::vector<std::string> environment;  // NAME=value
  std::vector<std::string> arguments;
};

// Strings of `environment` without '=' are left out: the kernel lets any string through there, an
// empty one would end the list early, and the receiver rejects the others.
std::string encode_message(const std::vector<std::string>& environment,
                           const std::vector<std::string>& arguments);

// The same from `environ`, without a copy in between.
std::string encode_message(const char* const* environment,
                           const std::vector<std::string>& arguments);

Result<Message> decode_message(std::string_view bytes);

}  // namespace prefork
