// Measures how long commands run, from just before they are started until they have been reaped.
//
//   time_runs rounds ROUNDS INPUT  STEP , STEP ...
//   time_runs crowd CLIENTS SECONDS INPUT  COMMAND ...
//
// A STEP is `run COMMAND...`, which is measured, or `before COMMAND...`, which is not and precedes
// the next measured one. Each round runs every command once, one after the other, beginning with
// another one each time: what else the machine does then falls on all alike. A line of output is
// the index of a measured command and its nanoseconds. A crowd keeps so many commands running at a
// time; its output is how many ended, and the nanoseconds that it took. Standard input of each is
// INPUT, standard output /dev/null. A command that fails ends the measurement.

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

extern char** environ;

namespace {

using Nanoseconds = std::int64_t;
using Words = std::vector<char*>;  // with the null that ends it

struct Step {
  std::vector<Words> before;
  Words run;
};

[[noreturn]] void give_up(const char* what, const char* which) {
  std::fprintf(stderr, "time_runs: %s: %s\n", what, which);
  std::exit(1);
}

Nanoseconds now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return Nanoseconds{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

class Starter {
 public:
  explicit Starter(const char* input) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, input, O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  }

  pid_t start(const Words& words) const {
    pid_t pid = -1;
    const int error = posix_spawnp(&pid, words[0], &actions_, nullptr, words.data(), environ);
    if (error != 0) give_up(words[0], std::strerror(error));
    return pid;
  }

  Nanoseconds run(const Words& words) const {
    const Nanoseconds start_time = now();
    const pid_t pid = start(words);
    int status = 0;
    waitpid(pid, &status, 0);
    const Nanoseconds duration = now() - start_time;
    if (status != 0) give_up("the command failed", words[0]);
    return duration;
  }

 private:
  posix_spawn_file_actions_t actions_;
};

Words words_between(char** begin, char** end) {
  Words words(begin, end);
  words.push_back(nullptr);
  return words;
}

std::vector<Step> read_steps(char** word, char** end) {
  std::vector<Step> steps;
  Step step;
  while (word < end) {
    char** stop = word;
    while (stop < end && std::strcmp(*stop, ",") != 0) ++stop;
    const Words words = words_between(word + 1, stop);
    if (std::strcmp(*word, "before") == 0) {
      step.before.push_back(words);
    } else if (std::strcmp(*word, "run") == 0) {
      step.run = words;
      steps.push_back(step);
      step = Step();
    } else {
      give_up("neither run nor before", *word);
    }
    word = stop + 1;
  }
  return steps;
}

void time_rounds(const Starter& starter, size_t rounds, const std::vector<Step>& steps) {
  for (size_t round = 0; round < rounds; ++round) {
    for (size_t turn = 0; turn < steps.size(); ++turn) {
      const size_t index = (round + turn) % steps.size();
      for (const Words& words : steps[index].before) starter.run(words);
      const Nanoseconds duration = starter.run(steps[index].run);
      std::printf("%zu %lld\n", index, static_cast<long long>(duration));
    }
  }
}

void time_crowd(const Starter& starter, int clients, double seconds, const Words& words) {
  const Nanoseconds start_time = now();
  const Nanoseconds end_time = start_time + static_cast<Nanoseconds>(seconds * 1e9);
  for (int client = 0; client < clients; ++client) starter.start(words);
  long long ended = 0;
  for (int running = clients; running > 0; --running) {
    int status = 0;
    waitpid(-1, &status, 0);
    if (status != 0) give_up("the command failed", words[0]);
    ++ended;
    if (now() < end_time) {
      starter.start(words);
      ++running;
    }
  }
  std::printf("%lld %lld\n", ended, static_cast<long long>(now() - start_time));
}

}  // namespace

int main(int count, char** words) {
  if (count < 5) give_up("usage", "see the head of its source");
  if (std::strcmp(words[1], "rounds") == 0) {
    time_rounds(Starter(words[3]), std::strtoul(words[2], nullptr, 10),
                read_steps(words + 4, words + count));
  } else {
    time_crowd(Starter(words[4]), std::atoi(words[2]), std::atof(words[3]),
               words_between(words + 5, words + count));
  }
}
