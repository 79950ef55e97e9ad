#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/local_socket.h"
#include "core_test.h"

using namespace prefork;
using test::mode_of;
using test::Scratch;

TEST(a_socket_is_told_from_its_successor) {
  const Scratch scratch;
  const std::string path = scratch / "s1";
  CHECK(connect_to(path).failure().error == ENOENT);
  auto listener = listen_at(path);
  CHECK(listener.ok() && mode_of(path) == 0600);
  CHECK(listen_at(path).failure().error == EADDRINUSE);
  CHECK(same_socket(listener.value().file, stat_socket(path).value()));
  CHECK(listener.value().file.modified.tv_sec > 0);
  chmod(path.c_str(), 0700);
  utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
  CHECK(same_socket(listener.value().file, stat_socket(path).value()));
  unlink(path.c_str());
  CHECK(stat_socket(path).failure().error == ENOENT);
  auto successor = listen_at(path);
  CHECK(!same_socket(listener.value().file, successor.value().file));
}

// What the path still leads to between the kernel's word of a removal and the removal itself.
TEST(a_socket_without_a_name_is_gone) {
  const Scratch scratch;
  const std::string path = scratch / "s1";
  auto listener = listen_at(path);
  const Descriptor file(open(path.c_str(), O_PATH | O_CLOEXEC));
  const std::string still_leads_there = "/proc/self/fd/" + std::to_string(file.get());
  CHECK(same_socket(listener.value().file, stat_socket(still_leads_there).value()));
  unlink(path.c_str());
  CHECK(stat_socket(still_leads_there).failure().error == ENOENT);
}

TEST(sockets_connect_accept_and_refuse) {
  const Scratch scratch;
  const std::string path = scratch / "s1";
  auto listener = listen_at(path);
  CHECK(accept_from(listener.value().socket.get()).failure().error == EAGAIN);
  auto client = connect_to(path);
  auto server = accept_from(listener.value().socket.get());
  CHECK(client.ok() && server.ok());
  for (const int fd : {client.value().get(), server.value().get()}) {
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) && fcntl(fd, F_GETFD) == FD_CLOEXEC);
  }
  listener.value().socket.reset();
  CHECK(connect_to(path).failure().error == ECONNREFUSED);
  CHECK(connect_to(std::string(200, 'x')).failure().error == ENAMETOOLONG);
  auto pair = make_socket_pair();
  CHECK(fcntl(pair.value().ours.get(), F_GETFL) & O_NONBLOCK);
  CHECK(!(fcntl(pair.value().theirs.get(), F_GETFL) & O_NONBLOCK));
}

TEST(a_full_backlog_is_told_from_a_refusal) {
  const Scratch scratch;
  const std::string path = scratch / "s1";
  auto listener = listen_at(path);
  listen(listener.value().socket.get(), 0);
  auto first = connect_to(path);
  CHECK(first.ok());
  CHECK(connect_to(path).failure().error == EAGAIN);
}
