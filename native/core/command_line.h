#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace prefork {

enum class Mode { kRun, kFresh, kKill, kHelp };

// One -E or -G: a part of the identity, in the order of the command line.
struct KeyPart {
  char kind = 'G';  // 'E': the value of the environment variable `text`; 'G': `text` itself
  std::string text;
};

struct CommandLine {
  Mode mode = Mode::kRun;
  std::vector<KeyPart> key_parts;
  std::optional<std::string> ident;  // -g
  std::string interpreter;
  std::optional<std::string> script;
  std::vector<std::string> arguments;  // what follows the script
};

// `words` is argv without the program's name. Of several modes the last counts; --help ends the
// reading. A Failure is one sentence that says what to do. Whether -g fits the run directory is
// checked by socket_ident.
Result<CommandLine> parse_command_line(const std::vector<std::string>& words);

// The page for --help, ending in a newline.
const char* usage_text();

}  // namespace prefork
