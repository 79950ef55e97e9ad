#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "core/json.h"
#include "core/listener_link.h"
#include "core_test.h"

using namespace prefork;

namespace {

std::string json(std::string_view value) {
  std::string text;
  append_json(&text, value);
  return text;
}

// A datagram socket at `inspect.sock` in the directory.
int listen_in(const std::string& directory) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  strcpy(address.sun_path, (directory + "/inspect.sock").c_str());
  const int listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  CHECK(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  return listener;
}

std::string received(int listener) {
  char bytes[8192];
  const ssize_t length = recv(listener, bytes, sizeof bytes, MSG_DONTWAIT);
  return std::string(bytes, length < 0 ? 0 : static_cast<size_t>(length));
}

}  // namespace

TEST(a_json_string_is_valid_whatever_the_bytes) {
  CHECK_SAME(json(""), R"("")");
  CHECK_SAME(json("plain/path-1"), R"("plain/path-1")");
  CHECK_SAME(json("a\"b\\c\n\x01\x7f"), R"("a\"b\\c\n\u0001\u007f")");
  CHECK_SAME(json("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
             "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
  const std::string replacement = "\xef\xbf\xbd";
  CHECK_SAME(json("a\xff"), "\"a" + replacement + "\"");
  CHECK_SAME(json("\xc3"), "\"" + replacement + "\"");
  CHECK_SAME(json("\xc0\x80x"), "\"" + replacement + replacement + "x\"");
  CHECK_SAME(json("\xed\xa0\x80"), "\"" + replacement + replacement + replacement + "\"");
  CHECK_SAME(json("\xf4\x90\x80\x80"),
             "\"" + replacement + replacement + replacement + replacement + "\"");
}

TEST(a_listener_is_found_as_soon_as_it_is_there_and_forgotten_when_it_has_gone) {
  const test::Scratch scratch;
  const std::string& directory = scratch.path;
  ListenerLink link;
  CHECK(!link.find_listener());
  link.set_directory(std::string(200, 'x'));
  CHECK(!link.find_listener());
  link.set_directory(directory);
  CHECK(!link.find_listener() && !link.is_open());

  const int first = listen_in(directory);
  CHECK(link.find_listener() && link.is_open());
  link.send("one");
  CHECK_SAME(received(first), "one");
  close(first);
  CHECK(link.find_listener());  // it cannot know yet
  link.send("two");
  CHECK(!link.is_open());
  CHECK(!link.find_listener() && !link.find_listener());  // the socket file is still there

  CHECK(unlink((directory + "/inspect.sock").c_str()) == 0);
  const int second = listen_in(directory);
  CHECK(link.find_listener());
  link.send("three");
  CHECK_SAME(received(second), "three");
  CHECK_SAME(received(second), "");
  close(second);
}

TEST(what_a_listener_has_no_room_for_is_kept_in_order_and_within_bounds) {
  const test::Scratch scratch;
  const std::string& directory = scratch.path;
  const int listener = listen_in(directory);
  ListenerLink link;
  link.set_directory(directory);
  CHECK(link.find_listener());
  constexpr int kMany = 2000;
  for (int number = 0; number < kMany; ++number) link.send(std::to_string(number));
  link.push();  // returns although nobody reads
  int expected = 0;
  for (std::string next = received(listener); !next.empty(); next = received(listener)) {
    CHECK_SAME(next, std::to_string(expected++));
  }
  link.send("after");  // first what was kept
  CHECK_SAME(received(listener), std::to_string(expected));
  link.forget();
  while (!received(listener).empty()) continue;
  link.push();
  CHECK_SAME(received(listener), "");
  CHECK(expected < kMany);
  close(listener);
}

TEST(a_file_that_is_no_socket_is_no_listener) {
  const test::Scratch scratch;
  const std::string& directory = scratch.path;
  test::write_file(scratch / "inspect.sock");
  ListenerLink link;
  link.set_directory(directory);
  CHECK(!link.find_listener());
}

TEST(a_socket_of_another_user_is_no_listener) {
  const test::Scratch scratch;
  const int listener = listen_in(scratch.path);
  ListenerLink link;
  link.set_directory(scratch.path);
  // Only root can give a file away; for all others there is nothing to look at.
  const bool is_given_away = chown((scratch / "inspect.sock").c_str(), getuid() + 1, -1) == 0;
  CHECK(link.find_listener() != is_given_away);
  close(listener);
}
