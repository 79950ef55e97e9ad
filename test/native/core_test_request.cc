#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "core_test_wire.h"

using namespace prefork;
using test::connected;
using test::Ends;
using test::put;
using test::with_length;

namespace {

// Sends one byte with `count` descriptors attached.
void put_descriptors(const Ends& ends, size_t count) {
  char byte = 'x';
  iovec bytes = {&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(4 * sizeof(int))] = {};
  msghdr envelope = {};
  envelope.msg_iov = &bytes;
  envelope.msg_iovlen = 1;
  envelope.msg_control = control;
  envelope.msg_controllen = CMSG_SPACE(count * sizeof(int));
  cmsghdr* header = CMSG_FIRSTHDR(&envelope);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(count * sizeof(int));
  for (size_t i = 0; i < count; i++) {
    const int fd = static_cast<int>(i % 3);
    memcpy(CMSG_DATA(header) + i * sizeof(int), &fd, sizeof(int));
  }
  CHECK(sendmsg(ends.near.get(), &envelope, 0) == 1);
}

int count_open() {
  int count = 0;
  for (int fd = 0; fd < 256; fd++) count += fcntl(fd, F_GETFD) != -1;
  return count;
}

bool same_file(int one, int other) {
  struct stat a, b;
  return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

}  // namespace

TEST(a_large_request_arrives_whole_through_a_small_buffer) {
  Ends ends = connected();
  const std::string message(7 * 1024 * 1024, '\0');
  auto pipe = make_pipe();
  RequestWriter writer({0, pipe.value().writing_end.get(), 2}, message, kOurMark);
  RequestReader reader;
  int rounds = 0;
  WireOutcome written, taken;
  do {
    written = writer.feed(ends.near.get());
    taken = reader.feed(ends.far.get());
    rounds++;
  } while ((written == WireOutcome::kIncomplete || taken == WireOutcome::kIncomplete) &&
           rounds < 100000);
  CHECK(rounds > 3);
  CHECK(written == WireOutcome::kComplete && taken == WireOutcome::kComplete);
  CHECK(reader.message() == message);
  for (size_t i = 0; i < 3; i++) CHECK(reader.descriptor_mark(i) == kOurMark);
  CHECK(fcntl(reader.descriptor(0).get(), F_GETFD) == FD_CLOEXEC);
  CHECK(same_file(reader.descriptor(1).get(), pipe.value().writing_end.get()));
  CHECK(same_file(reader.descriptor(2).get(), 2));
}

TEST(a_request_that_trickles_is_read_step_by_step) {
  Ends ends = connected();
  RequestReader reader;
  const int fd = ends.far.get();
  CHECK(reader.read_signalling_byte(fd) == WireOutcome::kIncomplete);
  put(ends, std::string_view("\0", 1));
  CHECK(reader.read_signalling_byte(fd) == WireOutcome::kComplete);
  for (size_t i = 0; i < 3; i++) {
    CHECK(reader.read_descriptor(fd, i) == WireOutcome::kIncomplete);
    put_descriptors(ends, 1);
    CHECK(reader.read_descriptor(fd, i) == WireOutcome::kComplete);
    CHECK(reader.descriptor_mark(i) == 'x');
  }
  const std::string rest = with_length(std::string_view("A=b\0\0c\0", 7));
  for (size_t i = 0; i < 4; i++) {
    CHECK(reader.read_length(fd) == WireOutcome::kIncomplete);
    put(ends, std::string_view(&rest[i], 1));
  }
  CHECK(reader.read_length(fd) == WireOutcome::kComplete);
  for (size_t i = 4; i < rest.size(); i++) {
    CHECK(reader.read_message(fd) == WireOutcome::kIncomplete);
    put(ends, std::string_view(&rest[i], 1));
  }
  CHECK(reader.read_message(fd) == WireOutcome::kComplete);
  CHECK_SAME(reader.message(), std::string("A=b\0\0c\0", 7));
}

TEST(a_malformed_request_is_garbage) {
  Ends ends = connected();
  RequestReader reader;
  put(ends, "1");
  CHECK(reader.read_signalling_byte(ends.far.get()) == WireOutcome::kGarbage);
  put(ends, "x");
  CHECK(reader.read_descriptor(ends.far.get(), 0) == WireOutcome::kGarbage);
  CHECK_SAME(reader.failure().what, "request has no descriptor for 0");
  put(ends, std::string_view("\4\0\0\1", 4));
  CHECK(reader.read_length(ends.far.get()) == WireOutcome::kGarbage);
  RequestReader empty;
  put(ends, std::string_view("\0\0\0\0", 4));
  CHECK(empty.read_length(ends.far.get()) == WireOutcome::kComplete);
  CHECK(empty.read_message(ends.far.get()) == WireOutcome::kGarbage);
  RequestReader unended;
  put(ends, with_length("abc"));
  CHECK(unended.read_length(ends.far.get()) == WireOutcome::kComplete);
  CHECK(unended.read_message(ends.far.get()) == WireOutcome::kGarbage);
}

TEST(a_request_may_end_at_any_step) {
  RequestReader reader;
  Ends ends = connected();
  ends.near.reset();
  const int fd = ends.far.get();
  CHECK(reader.read_signalling_byte(fd) == WireOutcome::kEndOfFile);
  CHECK(reader.read_descriptor(fd, 0) == WireOutcome::kEndOfFile);
  CHECK(reader.read_length(fd) == WireOutcome::kEndOfFile);
  Ends inside = connected();
  put(inside, with_length("abc").substr(0, 6));
  inside.near.reset();
  CHECK(reader.read_length(inside.far.get()) == WireOutcome::kComplete);
  CHECK(reader.read_message(inside.far.get()) == WireOutcome::kEndOfFile);
  CHECK(reader.read_descriptor(-1, 0) == WireOutcome::kFailed && reader.failure().error == EBADF);
}

TEST(surplus_descriptors_are_closed) {
  Ends ends = connected();
  put_descriptors(ends, 4);
  const int before = count_open();
  RequestReader reader;
  CHECK(reader.read_descriptor(ends.far.get(), 0) == WireOutcome::kComplete);
  CHECK(count_open() == before + 1);
}

TEST(no_room_for_a_descriptor_is_a_failure_not_garbage) {
  const int status = test::in_child([] {
    Ends ends = connected();
    put_descriptors(ends, 1);
    rlimit limit = {static_cast<rlim_t>(ends.far.get()) + 1, 4096};
    setrlimit(RLIMIT_NOFILE, &limit);
    RequestReader reader;
    if (reader.read_descriptor(ends.far.get(), 0) != WireOutcome::kFailed) return 1;
    return reader.failure().error == EMFILE ? 0 : 2;
  });
  CHECK(status == 0);
}

TEST(a_writer_notices_that_the_peer_has_gone) {
  Ends ends = connected();
  RequestWriter writer({0, 1, 2}, std::string(1024 * 1024, '\0'), kOurMark);
  CHECK(writer.feed(ends.near.get()) == WireOutcome::kIncomplete);
  ends.far.reset();
  CHECK(writer.feed(ends.near.get()) == WireOutcome::kPeerGone);
  RequestWriter late({0, 1, 2}, "x", 0);
  CHECK(late.feed(ends.near.get()) == WireOutcome::kPeerGone);
  StatusWriter status(0);
  CHECK(status.feed(ends.near.get()) == WireOutcome::kPeerGone);
  RequestWriter unsendable({0, -1, 2}, "x", 0);
  Ends fresh = connected();
  CHECK(unsendable.feed(fresh.near.get()) == WireOutcome::kFailed);
  CHECK_SAME(unsendable.failure().message(), "send descriptor -1: Bad file descriptor");
}

TEST(neither_side_blocks_on_a_blocking_socket) {
  Ends ends = connected();
  CHECK(set_nonblocking(ends.near.get(), false).ok());
  CHECK(set_nonblocking(ends.far.get(), false).ok());
  RequestReader reader;
  CHECK(reader.read_signalling_byte(ends.far.get()) == WireOutcome::kIncomplete);
  CHECK(reader.read_descriptor(ends.far.get(), 0) == WireOutcome::kIncomplete);
  RequestWriter writer({0, 1, 2}, std::string(4 * 1024 * 1024, '\0'), kOurMark);
  CHECK(writer.feed(ends.near.get()) == WireOutcome::kIncomplete);
}

TEST(a_prompt_is_the_request_and_who_the_client_is) {
  Ends call = connected();
  RequestWriter client({0, 1, 2}, encode_message({"NAME=value"}, {"argument"}), kOurMark);
  CHECK(client.feed(call.near.get()) == WireOutcome::kComplete);
  RequestReader request;
  CHECK(request.feed(call.far.get()) == WireOutcome::kComplete);

  Ends prompt = connected();
  RequestWriter writer = prompt_writer(request, 12345);
  PromptReader reader;
  CHECK(reader.feed(prompt.far.get()) == WireOutcome::kIncomplete);
  CHECK(writer.feed(prompt.near.get()) == WireOutcome::kComplete);
  CHECK(reader.feed(prompt.far.get()) == WireOutcome::kComplete);
  CHECK(reader.client() == 12345);
  CHECK(reader.request().descriptor_mark(0) == kOurMark);
  for (int fd = 0; fd < 3; fd++) {
    CHECK(same_file(reader.request().descriptor(static_cast<size_t>(fd)).get(), fd));
  }
  const Result<Message> message = decode_message(reader.message());
  CHECK(message.ok());
  CHECK(message.value().environment == std::vector<std::string>{"NAME=value"});
  CHECK(message.value().arguments == std::vector<std::string>{"argument"});
}

TEST(a_prompt_that_is_cut_off_is_an_end_of_file) {
  Ends ends = connected();
  put(ends, std::string("\0", 1));
  ends.near.reset();
  PromptReader reader;
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kEndOfFile);
  CHECK(reader.message().empty());
}
