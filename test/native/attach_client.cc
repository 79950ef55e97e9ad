// A client of a container's attach socket.
//
//   attach_client SOCKET                 standard input to the container, its output to standard
//   output
//                                        and standard error; ends when the container has ended
//   attach_client SOCKET output          the same without standard input
//   attach_client SOCKET slow COUNT      the same, with a pause after each of the first COUNT
//   packets attach_client SOCKET stuck           connects, says "attached", and reads nothing
//   attach_client SOCKET cycles COUNT    connects and leaves, COUNT times
//   attach_client SOCKET packet SIZE     sends one packet of SIZE bytes, half-closes, then as
//   "output"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

int attach(const char* path) {
  const int file = open(path, O_PATH);
  const int connection = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d", file);
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    std::perror("attach_client: connect");
    std::exit(1);
  }
  close(file);
  return connection;
}

void say_attached() { (void)!write(STDERR_FILENO, "attached\n", 9); }

// False at the end.
bool show_packet(int connection) {
  static char packet[8193];
  const ssize_t size = recv(connection, packet, sizeof packet, 0);
  if (size <= 0) return false;
  for (ssize_t done = 1; done < size;) {
    const int stream = packet[0] == 2 ? STDOUT_FILENO : STDERR_FILENO;
    const ssize_t written = write(stream, packet + done, static_cast<size_t>(size - done));
    if (written <= 0) return false;
    done += written;
  }
  return true;
}

void talk(int connection, bool reads_input) {
  pollfd watched[2] = {{connection, POLLIN, 0}, {reads_input ? STDIN_FILENO : -1, POLLIN, 0}};
  for (;;) {
    poll(watched, 2, -1);
    if (watched[0].revents != 0 && !show_packet(connection)) return;
    if (watched[1].revents == 0) continue;
    char bytes[32768];
    const ssize_t size = read(STDIN_FILENO, bytes, sizeof bytes);
    if (size > 0) {
      (void)!send(connection, bytes, static_cast<size_t>(size), MSG_NOSIGNAL);
    } else {
      shutdown(connection, SHUT_WR);
      watched[1].fd = -1;
    }
  }
}

void send_packet(int connection, std::size_t size) {
  const int room = 1 << 24;
  setsockopt(connection, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
  const std::vector<char> packet(size, 'x');
  if (send(connection, packet.data(), size, 0) != static_cast<ssize_t>(size)) {
    std::perror("attach_client: send");
    std::exit(1);
  }
  shutdown(connection, SHUT_WR);
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return 2;
  const std::string mode = count > 2 ? words[2] : "input";
  const long number = count > 3 ? std::atol(words[3]) : 0;
  if (mode == "cycles") {
    for (long cycle = 0; cycle < number; ++cycle) close(attach(words[1]));
    return 0;
  }
  const int connection = attach(words[1]);
  say_attached();
  if (mode == "stuck") {
    for (;;) pause();
  }
  if (mode == "packet") send_packet(connection, static_cast<std::size_t>(number));
  if (mode == "slow") {
    for (long packet = 0; packet < number && show_packet(connection); ++packet) usleep(5000);
  }
  talk(connection, mode == "input");
  return 0;
}
