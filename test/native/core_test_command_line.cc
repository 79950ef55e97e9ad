
#include <vector>

#include "core/command_line.h"
#include "core_test.h"

using namespace prefork;

namespace {

// A command line in one string, or the beginning of its failure.
std::string parsed(const std::vector<std::string>& words) {
  auto outcome = parse_command_line(words);
  if (!outcome.ok()) return "! " + outcome.failure().what;
  const CommandLine& line = outcome.value();
  if (line.mode == Mode::kHelp) return "help";
  std::string text = line.mode == Mode::kRun ? "run" : line.mode == Mode::kKill ? "kill" : "fresh";
  for (const KeyPart& part : line.key_parts) {
    text += std::string(" ") + part.kind + "[" + part.text + "]";
  }
  if (line.ident) text += " g[" + *line.ident + "]";
  text += " " + line.interpreter;
  if (line.script) text += " | " + *line.script;
  for (const std::string& argument : line.arguments) text += " [" + argument + "]";
  return text;
}

bool refused(const std::vector<std::string>& words, const std::string& saying) {
  const std::string outcome = parsed(words);
  if (outcome.find("! ") == 0 && outcome.find(saying) != std::string::npos &&
      outcome.find("(see prefork-interp --help)") != std::string::npos) {
    return true;
  }
  test::check_same(outcome, "! ... " + saying, "refusal", __FILE__, __LINE__);
  return false;
}

}  // namespace

TEST(separate_words_are_a_command_line) {
  CHECK_SAME(parsed({"-U", "perl"}), "run perl");
  CHECK_SAME(parsed({"-U", "perl", "x"}), "run perl | x");
  CHECK_SAME(parsed({"-U", "perl", "x", "-f", "", "--"}), "run perl | x [-f] [] [--]");
  CHECK_SAME(parsed({"-U", "perl", "--", "x"}), "run perl | -- [x]");
  CHECK_SAME(parsed({"-U", "--", "-perl", "x"}), "run -perl | x");
  CHECK_SAME(parsed({"-U", "-", "x"}), "run - | x");
  CHECK_SAME(parsed({"-U", "perl", "x,y z"}), "run perl | x,y z");
  CHECK_SAME(parsed({"-U", "perl", ""}), "run perl | ");
}

TEST(options_may_be_bundled_and_hold_their_values) {
  CHECK_SAME(parsed({"-Uf", "perl"}), "fresh perl");
  CHECK_SAME(parsed({"-UUfEHOME", "perl"}), "fresh E[HOME] perl");
  CHECK_SAME(parsed({"-UE", "FOO", "perl"}), "run E[FOO] perl");
  CHECK_SAME(parsed({"-U", "-G", "-f", "perl"}), "run G[-f] perl");
  CHECK_SAME(parsed({"-U", "-G", "", "-E", "", "perl"}), "run G[] E[] perl");
  CHECK_SAME(parsed({"-U", "-E=A", "-Gb", "-EC", "perl"}), "run E[=A] G[b] E[C] perl");
  CHECK_SAME(parsed({"-Ga", "-U", "-g", "one", "-gtwo", "perl"}), "run G[a] g[two] perl");
  CHECK_SAME(parsed({"-U", "-G", "a b,c", "perl"}), "run G[a b,c] perl");
}

TEST(the_last_mode_counts_and_help_ends_it_all) {
  CHECK_SAME(parsed({"-U", "-f", "--kill", "perl"}), "kill perl");
  CHECK_SAME(parsed({"-U", "--kill", "-f", "perl"}), "fresh perl");
  CHECK_SAME(parsed({"--help"}), "help");
  CHECK_SAME(parsed({"-U", "--help", "--nonsense"}), "help");
  CHECK_SAME(parsed({"-U --help perl", "x"}), "help");
  CHECK_SAME(parsed({"-U", "perl", "--help"}), "run perl | --help");
}

TEST(a_combined_first_word_is_split) {
  CHECK_SAME(parsed({"-U,perl", "x", "y"}), "run perl | x [y]");
  CHECK_SAME(parsed({"-U perl", "x", "y"}), "run perl | x [y]");
  CHECK_SAME(parsed({"-U -f -EA -Gb /usr/bin/perl", "x"}), "fresh E[A] G[b] /usr/bin/perl | x");
  CHECK_SAME(parsed({"-U,-f,--kill,perl", "x"}), "kill perl | x");
  // A space anywhere makes the comma an ordinary character.
  CHECK_SAME(parsed({"-U -Ga,b perl", "x"}), "run G[a,b] perl | x");
  // Everything from the interpreter on is its name.
  CHECK_SAME(parsed({"-U /opt/my perl", "x"}), "run /opt/my perl | x");
  CHECK_SAME(parsed({"-U,a,b", "x"}), "run a,b | x");
  CHECK_SAME(parsed({"-U  -f   perl", "x"}), "fresh perl | x");
  CHECK_SAME(parsed({"-U -- perl", "x"}), "run perl | x");
  CHECK_SAME(parsed({"-U perl", "--kill", "-f"}), "run perl | --kill [-f]");
}

TEST(a_wrong_command_line_says_what_to_do) {
  CHECK(refused({"perl", "x"}, "give -U"));
  CHECK(refused({",perl", "x"}, "give -U"));
  CHECK(refused({"-Ga,b", "-U", "perl"}, "give -U"));
  CHECK(refused({}, "name the interpreter"));
  CHECK(refused({"-U"}, "name the interpreter"));
  CHECK(refused({"-U", "--"}, "name the interpreter"));
  CHECK(refused({"-U", "", "x"}, "name the interpreter"));
  CHECK(refused({"-U,", "x"}, "name the interpreter"));
  CHECK(refused({"-U -f", "perl", "x"}, "name the interpreter"));
  CHECK(refused({"-U perl"}, "need a script"));
  CHECK(refused({"-U", "-z", "perl"}, "there is no option -z"));
  CHECK(refused({"-Uz", "perl"}, "there is no option -z"));
  CHECK(refused({"-U,--kill perl", "x"}, "there is no option -,"));
  CHECK(refused({"--kil", "perl"}, "there is no option --kil"));
  CHECK(refused({"--kill=1", "perl"}, "option --kill takes no value"));
  CHECK(refused({"--help="}, "option --help takes no value"));
  CHECK(refused({"-U", "-E"}, "write -E VALUE"));
  CHECK(refused({"-UG"}, "write -G VALUE"));
  CHECK(refused({"-U -G a perl", "x"}, "write -GVALUE"));
  CHECK(refused({"-U", "-g", "", "perl"}, "-g is empty"));
  CHECK(refused({"-U", "-ga/b", "perl"}, "leave out the slash in a/b"));
  CHECK(refused({"-U -- -f perl", "x"}, "right after --"));
}

TEST(the_help_page_names_every_option_and_variable) {
  const std::string page = usage_text();
  for (const char* name : {"-U", "-f", "--kill", "-E VAR", "-G STRING", "-g IDENT", "--help",
                           "PREFORK_INTERP_OFF", "PREFORK_INTERP_RUN_DIR", "PREFORK_INTERP_STRICT",
                           "PREFORK_INTERP_TIMEOUT", "#!/usr/bin/prefork-interp"}) {
    CHECK(page.find(name) != std::string::npos);
  }
  CHECK(page.back() == '\n');
}
