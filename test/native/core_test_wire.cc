#include "core_test_wire.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <vector>

using namespace prefork;
using test::connected;
using test::Ends;
using test::put;

namespace {

WireOutcome greeting_from(std::string_view bytes, bool close_after, Failure* failure = nullptr) {
  Ends ends = connected();
  put(ends, bytes);
  if (close_after) ends.near.reset();
  GreetingReader reader;
  const WireOutcome outcome = reader.feed(ends.far.get());
  if (failure != nullptr) *failure = reader.failure();
  return outcome;
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

TEST(a_greeting_bears_the_mark_of_its_sender_without_a_word_more) {
  Ends ends = connected();
  GreetingReader reader;
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kIncomplete && !reader.is_marked());
  Failure failure;
  CHECK(send_greeting_with_mark(ends.near.get(), &failure) == WireOutcome::kComplete);
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kComplete && reader.is_marked());
  CHECK(reader.extra_data().empty());

  CHECK(send_greeting_with_mark(ends.near.get(), &failure) == WireOutcome::kComplete);
  char bytes[16];
  CHECK(read(ends.far.get(), bytes, sizeof(bytes)) == 8);

  put(ends, encode_greeting("signals"));
  GreetingReader unmarked;
  CHECK(unmarked.feed(ends.far.get()) == WireOutcome::kComplete && !unmarked.is_marked());
  ends.far.reset();
  CHECK(send_greeting_with_mark(ends.near.get(), &failure) == WireOutcome::kPeerGone);
}

TEST(a_connection_reset_is_an_end_of_file) {
  Ends ends = connected();
  CHECK(send(ends.far.get(), "unread", 6, 0) == 6);
  ends.near.reset();
  GreetingReader reader;
  CHECK(reader.feed(ends.far.get()) == WireOutcome::kEndOfFile && !reader.started());
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
