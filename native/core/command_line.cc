#include "core/command_line.h"

#include <string_view>

namespace prefork {

namespace {

constexpr const char* kSeeHelp = " (see prefork-interp --help)";

bool is_option(std::string_view word) { return word.size() > 1 && word[0] == '-'; }

// A command line taken apart into words, whichever of its three forms it had.
struct Words {
  std::vector<std::string> options;  // ends where the first other word, or the list, ends
  std::vector<std::string> others;
  bool combined = false;
};

// The kernel hands everything behind the interpreter in a #! line over as one argument. It is split
// at spaces if it holds one, else at commas, up to the first word that is no option; from there on
// it is the interpreter, be there separators in it or not.
Words split_combined(const std::vector<std::string>& words) {
  Words parts;
  parts.combined = true;
  const std::string& joined = words[0];
  const char separator = joined.find(' ') != std::string::npos ? ' ' : ',';
  size_t start = 0;
  while ((start = joined.find_first_not_of(separator, start)) != std::string::npos) {
    const size_t end = joined.find(separator, start);
    const std::string word = joined.substr(start, end - start);
    if (word[0] != '-') {
      parts.others.push_back(joined.substr(start));
      break;
    }
    parts.options.push_back(word);
    start = end;
  }
  if (!parts.others.empty()) {
    parts.others.insert(parts.others.end(), words.begin() + 1, words.end());
  }
  return parts;
}

class Parser {
 public:
  explicit Parser(const std::vector<std::string>& words) {
    const bool combined = !words.empty() && words[0].size() > 1 && words[0][0] == '-' &&
                          words[0].find_first_of(" ,") != std::string::npos;
    if (combined) {
      words_ = split_combined(words);
    } else {
      words_.options = words;
    }
  }

  Result<CommandLine> parse() {
    auto read = read_options();
    if (!read.ok()) return read.failure();
    if (help_) return std::move(line_);
    auto taken = take_operands();
    if (!taken.ok()) return taken.failure();
    if (!unlaundered_) {
      return usage("give -U: it says that the script gets all arguments and the whole environment");
    }
    return std::move(line_);
  }

 private:
  static Failure usage(std::string sentence) { return Failure{0, sentence + kSeeHelp}; }

  Result<void> read_options() {
    while (next_ < words_.options.size() && !help_) {
      const std::string& word = words_.options[next_];
      if (!is_option(word)) break;
      next_++;
      if (word == "--") break;
      auto read = word[1] == '-' ? read_long(word) : read_bundle(word);
      if (!read.ok()) return read.failure();
    }
    return {};
  }

  Result<void> read_long(const std::string& word) {
    const std::string name = word.substr(0, word.find('='));
    if (name != "--kill" && name != "--help") return usage("there is no option " + word);
    if (name != word) return usage("option " + name + " takes no value: leave out what follows it");
    help_ = name == "--help";
    line_.mode = help_ ? Mode::kHelp : Mode::kKill;
    return {};
  }

  // -U and -f may be bundled, with at most one option with a value at the end: -UfEHOME.
  Result<void> read_bundle(const std::string& word) {
    for (size_t at = 1; at < word.size(); at++) {
      const char letter = word[at];
      if (letter == 'U') {
        unlaundered_ = true;
      } else if (letter == 'f') {
        line_.mode = Mode::kFresh;
      } else if (letter == 'E' || letter == 'G' || letter == 'g') {
        return read_value(letter, word.substr(at + 1));
      } else {
        return usage(std::string("there is no option -") + letter);
      }
    }
    return {};
  }

  Result<void> read_value(char letter, std::string value) {
    if (value.empty()) {
      const std::string option = std::string("-") + letter;
      if (words_.combined) {
        return usage("option " + option + " needs its value attached in a #! line: write " +
                     option + "VALUE");
      }
      if (next_ == words_.options.size()) {
        return usage("option " + option + " needs a value: write " + option + " VALUE");
      }
      value = words_.options[next_++];
    }
    if (letter != 'g') {
      line_.key_parts.push_back(KeyPart{letter, std::move(value)});
      return {};
    }
    if (value.empty()) return usage("the value of -g is empty: give a name for the server");
    if (value.find('/') != std::string::npos) {
      return usage("the value of -g becomes part of a file name: leave out the slash in " + value);
    }
    line_.ident = std::move(value);
    return {};
  }

  Result<void> take_operands() {
    if (words_.combined) {
      if (next_ < words_.options.size()) {
        return usage("write the interpreter right after -- in a #! line");
      }
    } else {
      words_.others.assign(words_.options.begin() + static_cast<std::ptrdiff_t>(next_),
                           words_.options.end());
    }
    const std::vector<std::string>& others = words_.others;
    if (others.empty() || others[0].empty()) {
      return usage("name the interpreter to run, after the options");
    }
    if (words_.combined && others.size() < 2) {
      return usage("options in one word, as in a #! line, need a script after them");
    }
    line_.interpreter = others[0];
    if (others.size() > 1) line_.script = others[1];
    for (size_t i = 2; i < others.size(); i++) line_.arguments.push_back(others[i]);
    return {};
  }

  Words words_;
  size_t next_ = 0;
  bool unlaundered_ = false;
  bool help_ = false;
  CommandLine line_;
};

}  // namespace

Result<CommandLine> parse_command_line(const std::vector<std::string>& words) {
  return Parser(words).parse();
}

}  // namespace prefork
