// Stands in for an OCI runtime where a test needs speed or a failure: what it "creates" is a shell
// command, run at once.
//
//   fake_runtime [ANYTHING] create|exec --pid-file FILE [--console-socket PATH] ... ID
//
//   FK_LOG      file that its arguments are appended to, one a line, an empty line at the end
//   FK_FAIL     said on standard error instead of creating anything; exit status 1
//   FK_NO_PID   set: writes no pid file
//   FK_NO_TTY   set: sends no terminal
//   FK_WAIT     seconds to wait before ending
//   FK_LINGER   seconds that a child of its own keeps its standard streams open
//   FK_CMD      the command

#include <fcntl.h>
#include <pty.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utmp.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

const char* value_behind(char** words, const char* name) {
  for (; *words != nullptr; ++words) {
    if (std::strcmp(*words, name) == 0) return words[1];
  }
  return nullptr;
}

void log_words(char** words) {
  const char* path = std::getenv("FK_LOG");
  if (path == nullptr) return;
  std::string text;
  for (; *words != nullptr; ++words) text += std::string(*words) + "\n";
  text += "\n";
  const int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
  (void)!write(file, text.data(), text.size());
  close(file);
}

void send_terminal(const char* path, int terminal) {
  const int connection = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    std::perror("fake_runtime: connect to console socket");
    std::exit(1);
  }
  char name[] = "/dev/ptmx";
  iovec part = {name, sizeof name - 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof terminal)] = {};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof terminal);
  std::memcpy(CMSG_DATA(header), &terminal, sizeof terminal);
  sendmsg(connection, &message, 0);
  close(connection);
}

[[noreturn]] void run_command(int terminal) {
  setsid();
  if (terminal >= 0) login_tty(terminal);
  execl("/bin/sh", "sh", "-c", std::getenv("FK_CMD"), nullptr);
  _exit(127);
}

unsigned seconds(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? 0 : static_cast<unsigned>(std::atoi(text));
}

}  // namespace

int main(int, char** words) {
  log_words(words);
  if (const unsigned lingering = seconds("FK_LINGER"); lingering > 0 && fork() == 0) {
    sleep(lingering);
    _exit(0);
  }
  if (const char* reason = std::getenv("FK_FAIL")) {
    (void)!write(STDERR_FILENO, reason, std::strlen(reason));
    return 1;
  }
  const char* console = value_behind(words, "--console-socket");
  int master = -1;
  int slave = -1;
  if (console != nullptr && openpty(&master, &slave, nullptr, nullptr, nullptr) != 0) return 1;
  const pid_t child = fork();
  if (child == 0) run_command(slave);
  const char* pid_file = value_behind(words, "--pid-file");
  if (pid_file != nullptr && std::getenv("FK_NO_PID") == nullptr) {
    FILE* file = std::fopen(pid_file, "w");
    if (file == nullptr) return 1;
    std::fprintf(file, "%d", child);
    std::fclose(file);
  }
  if (console != nullptr && std::getenv("FK_NO_TTY") == nullptr) send_terminal(console, master);
  sleep(seconds("FK_WAIT"));
  return 0;
}
