#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "core/local_socket.h"
#include "core/wire.h"
#include "core_test.h"

using namespace prefork;

namespace {

struct Ends {
  Descriptor near;
  Descriptor far;
};

Ends connected() {
  auto pair = make_socket_pair();
  CHECK(set_nonblocking(pair.value().theirs.get(), true).ok());
  return Ends{std::move(pair.value().ours), std::move(pair.value().theirs)};
}

void put(const Ends& ends, std::string_view bytes) {
  CHECK(send(ends.near.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
        static_cast<ssize_t>(bytes.size()));
}

std::string with_length(std::string_view text) {
  const WireInteger length = encode_integer(static_cast<uint32_t>(text.size()));
  return std::string(length.data(), length.size()) + std::string(text);
}

WireOutcome greeting_from(std::string_view bytes, bool close_after, Failure* failure = nullptr) {
  Ends ends = connected();
  put(ends, bytes);
  if (close_after) ends.near.reset();
  GreetingReader reader;
  const WireOutcome outcome = reader.feed(ends.far.get());
  if (failure != nullptr) *failure = reader.failure();
  return outcome;
}

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

// All steps of a request, as long as they are complete.
WireOutcome read_request(RequestReader* reader, int fd, int* step) {
  for (; *step < 6; (*step)++) {
    const WireOutcome outcome = *step == 0   ? reader->read_signalling_byte(fd)
                                : *step == 4 ? reader->read_length(fd)
                                : *step == 5
                                    ? reader->read_message(fd)
                                    : reader->read_descriptor(fd, static_cast<size_t>(*step - 1));
    if (outcome != WireOutcome::kComplete) return outcome;
  }
  return WireOutcome::kComplete;
}

}  // namespace

TEST(a_greeting_is_read_byte_by_byte_and_no_further) {
  CHECK_SAME(encode_greeting(""), std::string("PFI\n\0\0\0\0", 8));
  CHECK_SAME(encode_greeting("ab"), std::string("PFI\n\0\0\0\2ab", 10));
  Ends ends = connected();
  GreetingReader reader;
  const std::string bytes = encode_greeting("extra");
  for (const char& byte : bytes) {
    CHECK(reader.feed(ends.far.get()) == WireOutcome::kIncomplete);
    put(ends, std::string_view(&byte, 1));
  }
  put(ends, "Z");
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kComplete);
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kComplete);
  CHECK(reader.extra_data() == "extra" && reader.started());
  char next = 0;
  CHECK(read(ends.far.get(), &next, 1) == 1 && next == 'Z');
}

TEST(a_greeting_may_end_early_or_be_something_else) {
  Failure failure;
  CHECK(greeting_from("", true) == WireOutcome::kEndOfFile);
  CHECK(greeting_from("PF", true) == WireOutcome::kEndOfFile);
  CHECK(greeting_from(std::string_view("PFI\n\0\0\0\3ab", 10), true) == WireOutcome::kEndOfFile);
  CHECK(greeting_from("HTTP/1.1", false, &failure) == WireOutcome::kGarbage);
  CHECK_SAME(failure.what, "unexpected greeting 0x48545450 from the server");
  CHECK(greeting_from("X", false) == WireOutcome::kGarbage);
  CHECK(greeting_from(std::string_view("PFI\n\0\1\0\0", 8), false) == WireOutcome::kIncomplete);
  CHECK(greeting_from(std::string_view("PFI\n\0\1\0\1", 8), false) == WireOutcome::kGarbage);
  CHECK(greeting_from(std::string_view("PFI\n\xff\xff\xff\xff", 8), false, &failure) ==
        WireOutcome::kGarbage);
  GreetingReader reader;
  CHECK(reader.feed(-1) == WireOutcome::kFailed && reader.failure().error == EBADF);
}

TEST(a_connection_reset_is_an_end_of_file) {
  Ends ends = connected();
  CHECK(send(ends.far.get(), "unread", 6, 0) == 6);
  ends.near.reset();
  GreetingReader reader;
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kEndOfFile && !reader.started());
}

TEST(a_large_request_arrives_whole_through_a_small_buffer) {
  Ends ends = connected();
  const std::string message(7 * 1024 * 1024, '\0');
  auto pipe = make_pipe();
  RequestWriter writer({0, pipe.value().writing_end.get(), 2}, message, kOurMark);
  RequestReader reader;
  int step = 0;
  int rounds = 0;
  WireOutcome written, taken;
  do {
    written = writer.feed(ends.near.get());
    taken = read_request(&reader, ends.far.get(), &step);
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

TEST(a_message_keeps_environment_and_arguments) {
  const std::string bytes = encode_message(std::vector<std::string>{"A=1", "B=", "=x", "C==\n"},
                                           std::vector<std::string>{"", "-x", "ä b"});
  CHECK_SAME(bytes, std::string("A=1\0B=\0=x\0C==\n\0\0\0-x\0\xc3\xa4 b\0", 25));
  auto message = decode_message(bytes);
  CHECK(message.ok());
  CHECK((message.value().environment == std::vector<std::string>{"A=1", "B=", "=x", "C==\n"}));
  CHECK((message.value().arguments == std::vector<std::string>{"", "-x", "ä b"}));

  const char* odd[] = {"A=1", "", "nothing", "B=2", nullptr};
  CHECK_SAME(encode_message(odd, {}), std::string("A=1\0B=2\0\0", 9));
  CHECK_SAME(encode_message(static_cast<const char* const*>(nullptr), {}), std::string("\0", 1));
}

TEST(a_malformed_message_says_what_is_wrong) {
  CHECK_SAME(decode_message("").failure().what, "request message does not end in NUL");
  CHECK_SAME(decode_message("A=b").failure().what, "request message does not end in NUL");
  CHECK_SAME(decode_message(std::string_view("A=b\0", 4)).failure().what,
             "request message has no empty string after the environment");
  CHECK_SAME(decode_message(std::string_view("A=b\0C\0\0", 7)).failure().what,
             "request message has an environment string without '='");
  CHECK(decode_message(std::string_view("\0", 1)).value().arguments.empty());
}

TEST(a_status_arrives_as_it_was) {
  for (const int status : {0, 0x0100, 0x8b, 9, 0x7fffffff}) {
    Ends ends = connected();
    StatusReader reader;
    CHECK(reader.feed(ends.far.get()) == WireOutcome::kIncomplete);
    StatusWriter writer(status);
    CHECK(writer.feed(ends.near.get()) == WireOutcome::kComplete);
    CHECK(writer.feed(ends.near.get()) == WireOutcome::kComplete);
    CHECK(reader.feed(ends.far.get()) == WireOutcome::kComplete);
    CHECK(reader.wait_status() == status);
    char surplus;
    CHECK(recv(ends.far.get(), &surplus, 1, 0) == -1);
  }
  Ends ends = connected();
  put(ends, "\x80\x01");
  StatusReader reader;
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kIncomplete);
  put(ends, "\x02\x03");
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kGarbage);
  CHECK_SAME(reader.failure().what, "wait status 2147549699 does not fit in an int");
  Ends gone = connected();
  put(gone, "ab");
  gone.near.reset();
  StatusReader cut;
  CHECK(cut.feed(gone.far.get()) == WireOutcome::kEndOfFile);
}

TEST(signal_frames_follow_one_another) {
  Ends ends = connected();
  SignalReader reader;
  Failure failure;
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kIncomplete);
  CHECK(send_signal(ends.near.get(), {SIGTERM, SignalScope::kProcess}, &failure) ==
        WireOutcome::kComplete);
  put(ends, "\x02");
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kComplete);
  CHECK(reader.frame().number == SIGTERM && reader.frame().scope == SignalScope::kProcess);
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kIncomplete);
  put(ends, "g");
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kComplete);
  CHECK(reader.frame().number == SIGINT && reader.frame().scope == SignalScope::kGroup);
  for (const std::string_view bad : {std::string_view("\0p", 2), std::string_view("\x41p", 2),
                                     std::string_view("\xffp", 2), std::string_view("\x02x", 2)}) {
    put(ends, bad);
    CHECK(reader.feed(ends.far.get()) == WireOutcome::kGarbage);
  }
  put(ends, "\x02");
  ends.near.reset();
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kEndOfFile);
}

TEST(a_signal_to_a_client_that_reads_nothing_is_not_cut) {
  Ends ends = connected();
  Failure failure;
  int sent = 0;
  while (send_signal(ends.near.get(), {SIGHUP, SignalScope::kGroup}, &failure) ==
         WireOutcome::kComplete) {
    sent++;
  }
  SignalReader reader;
  int taken = 0;
  while (reader.feed(ends.far.get()) == WireOutcome::kComplete) taken++;
  CHECK(sent > 100 && taken == sent);
}
