#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

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
