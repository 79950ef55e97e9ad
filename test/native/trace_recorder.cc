// Listens at a datagram socket and writes what arrives to a file, one line a datagram.
//
//   trace_recorder SOCKET FILE
//
// Goes into the background once the socket stands and prints the pid of what remains. On SIGTERM it
// takes what has arrived until then, and ends.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>

namespace {

volatile sig_atomic_t is_told_to_end = 0;

[[noreturn]] void give_up(const char* what) {
  fprintf(stderr, "trace_recorder: %s: %s\n", what, strerror(errno));
  exit(1);
}

int listen_at(const char* path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address.sun_path) give_up("path too long");
  strcpy(address.sun_path, path);
  const int listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (listener < 0) give_up("socket");
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) give_up("bind");
  return listener;
}

void go_into_background() {
  const pid_t pid = fork();
  if (pid < 0) give_up("fork");
  if (pid > 0) {
    printf("%d\n", pid);
    exit(0);
  }
  setsid();
  // The queue is short: who sends while it is full has lost the record. Not everybody may do it.
  (void)setpriority(PRIO_PROCESS, 0, -15);
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int number = 0; number < 3; ++number) dup2(null, number);
}

void end_on_sigterm() {
  struct sigaction action = {};
  action.sa_handler = [](int) { is_told_to_end = 1; };
  sigaction(SIGTERM, &action, nullptr);
}

void record(int listener, FILE* file) {
  char datagram[65536];
  for (;;) {
    // Sleeps only where nothing is left to read, and writes before it does.
    ssize_t length = recv(listener, datagram, sizeof datagram, MSG_DONTWAIT);
    if (length < 0 && errno == EAGAIN) {
      fflush(file);
      if (is_told_to_end) return;
      length = recv(listener, datagram, sizeof datagram, 0);
    }
    if (length < 0) continue;
    fwrite(datagram, 1, static_cast<size_t>(length), file);
    fputc('\n', file);
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) {
    fputs("usage: trace_recorder SOCKET FILE\n", stderr);
    return 2;
  }
  const int listener = listen_at(words[1]);
  FILE* file = fopen(words[2], "we");
  if (file == nullptr) give_up(words[2]);
  go_into_background();
  end_on_sigterm();
  record(listener, file);
  unlink(words[1]);
  fclose(file);
  return 0;
}
