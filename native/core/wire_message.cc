#include "core/wire_message.h"

namespace prefork {

namespace {

void append_string(std::string* message, std::string_view text) {
  message->append(text);
  message->push_back('\0');
}

void append_setting(std::string* message, std::string_view setting) {
  if (setting.find('=') != std::string_view::npos) append_string(message, setting);
}

void append_arguments(std::string* message, const std::vector<std::string>& arguments) {
  append_string(message, "");
  for (const std::string& argument : arguments) append_string(message, argument);
}

// The string up to the next NUL, which must be there; `rest` then starts behind it.
std::string_view take_string(std::string_view* rest) {
  const size_t end = rest->find('\0');
  const std::string_view text = rest->substr(0, end);
  rest->remove_prefix(end + 1);
  return text;
}

}  // namespace

std::string encode_message(const std::vector<std::string>& environment,
                           const std::vector<std::string>& arguments) {
  std::string message;
  for (const std::string& setting : environment) append_setting(&message, setting);
  append_arguments(&message, arguments);
  return message;
}

std::string encode_message(const char* const* environment,
                           const std::vector<std::string>& arguments) {
  std::string message;
  for (; environment != nullptr && *environment != nullptr; environment++) {
    append_setting(&message, *environment);
  }
  append_arguments(&message, arguments);
  return message;
}

Result<Message> decode_message(std::string_view bytes) {
  if (bytes.empty() || bytes.back() != '\0') {
    return Failure{0, "request message does not end in NUL"};
  }
  Message message;
  for (;;) {
    if (bytes.empty()) {
      return Failure{0, "request message has no empty string after the environment"};
    }
    const std::string_view setting = take_string(&bytes);
    if (setting.empty()) break;
    if (setting.find('=') == std::string_view::npos) {
      return Failure{0, "request message has an environment string without '='"};
    }
    message.environment.emplace_back(setting);
  }
  while (!bytes.empty()) message.arguments.emplace_back(take_string(&bytes));
  return message;
}

}  // namespace prefork
