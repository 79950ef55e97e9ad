#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/datagram_socket.h"
#include "core_test.h"

using namespace prefork;
using test::mode_of;
using test::Scratch;
using test::write_file;

TEST(one_receiver_at_a_time_has_a_path) {
  const Scratch scratch;
  const std::string path = scratch / "inspect.sock";
  auto first = receive_datagrams_at(path);
  CHECK(first.ok() && mode_of(path) == 0600);
  CHECK(receive_datagrams_at(path).failure().error == EADDRINUSE);
  // Its owner dies; the path is left.
  first.value().socket.reset();
  auto second = receive_datagrams_at(path);
  CHECK(second.ok());
  CHECK(same_socket(second.value().file, stat_socket(path).value()));
}

TEST(a_receiver_takes_no_place_of_something_else) {
  const Scratch scratch;
  const std::string path = scratch / "file";
  write_file(path);
  CHECK(!receive_datagrams_at(path).ok());
  CHECK(test::exists(path));
  CHECK(receive_datagrams_at(scratch / "no/folder").failure().error == ENOENT);
  const std::string long_name(200, 'x');
  CHECK(receive_datagrams_at(scratch / long_name).failure().error == ENAMETOOLONG);
}

// How many datagrams of as many senders wait until somebody reads them; up to 100.
static int waiting_at(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  memcpy(address.sun_path, path.data(), path.size());
  int count = 0;
  for (; count < 100; ++count) {
    const Descriptor sender(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (sendto(sender.get(), "x", 1, MSG_DONTWAIT, generic, sizeof address) != 1) break;
  }
  return count;
}

TEST(a_receiver_has_room_where_there_are_namespaces) {
  const bool has_namespaces =
      test::in_child([] {
        return unshare(CLONE_NEWNET) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 ? 0 : 1;
      }) == 0;
  const Scratch scratch;
  const std::string path = scratch / "inspect.sock";
  auto receiver = receive_datagrams_at(path);
  CHECK(receiver.ok() && fcntl(receiver.value().socket.get(), F_GETFD) == FD_CLOEXEC);
  CHECK(waiting_at(path) >= (has_namespaces ? 100 : 1));
  char word = 0;
  CHECK(recv(receiver.value().socket.get(), &word, 1, MSG_DONTWAIT) == 1 && word == 'x');
}
