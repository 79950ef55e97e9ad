#include "addon/throwaway.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "addon/revive.h"

namespace prefork::live_node {

namespace {

constexpr unsigned kLifeSeconds = 10;

void end_in_time() {
  signal(SIGALRM, SIG_DFL);
  sigset_t alarm_signal;
  sigemptyset(&alarm_signal);
  sigaddset(&alarm_signal, SIGALRM);
  sigprocmask(SIG_UNBLOCK, &alarm_signal, nullptr);
  alarm(kLifeSeconds);
}

void let_go_of_stdio() {
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return;
  for (int number = 0; number < 3; ++number) dup2(null, number);
}

}  // namespace

pid_t fork_throwaway(std::string* failure, std::chrono::milliseconds patience) {
  const pid_t child = fork_from_live_node(failure, patience);
  if (child != 0) return child;
  end_in_time();
  let_go_of_stdio();
  if (revive()) _exit(1);
  return 0;
}

}  // namespace prefork::live_node
