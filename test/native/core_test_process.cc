#include <poll.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "core/environment.h"
#include "core/process.h"
#include "core/syslog_sink.h"
#include "core_test.h"

using namespace prefork;

namespace {

std::string complaint(std::string_view text) {
  auto parsed = parse_setup_variable(text);
  return parsed.ok() ? "none" : parsed.failure().what;
}

bool is_timeout(std::string_view text, uint64_t milliseconds) {
  auto parsed = parse_timeout_milliseconds(text);
  return parsed.ok() && parsed.value() == milliseconds;
}

}  // namespace

TEST(a_process_is_watched_and_reaped) {
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  auto watch = open_pidfd(child);
  CHECK(watch.ok() && !wait_status_now(child).value());
  pollfd ready = {watch.value().get(), POLLIN, 0};
  CHECK(poll(&ready, 1, 0) == 0);
  kill(child, SIGTERM);
  CHECK(poll(&ready, 1, 10000) == 1);
  auto reaped = wait_status_now(-1);
  CHECK(reaped.ok() && reaped.value() && reaped.value()->pid == child);
  const int status = reaped.value()->status;
  CHECK(was_killed(status) && killing_signal(status) == SIGTERM && !dumped_core(status));
  CHECK(!exited(status));
  CHECK(wait_status(child).failure().error == ECHILD);
  CHECK(wait_status_now(child).failure().error == ECHILD);
  CHECK(open_pidfd(child).failure().error == ESRCH);
}

TEST(an_exit_code_is_told) {
  const pid_t child = fork();
  if (child == 0) _exit(7);
  const int status = wait_status(child).value();
  CHECK(exited(status) && exit_code(status) == 7 && !was_killed(status));
}

TEST(signals_have_names) {
  CHECK_SAME(signal_name(SIGTERM), "SIGTERM");
  CHECK_SAME(signal_name(SIGPIPE), "SIGPIPE");
  CHECK_SAME(signal_name(SIGRTMIN), "SIGRTMIN");
  CHECK_SAME(signal_name(SIGRTMIN + 2), "SIGRTMIN+2");
  CHECK_SAME(signal_name(99), "signal 99");
}

TEST(a_signal_ignored_and_blocked_still_ends_the_process) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGKILL}) {
    const int status = test::in_child([number] {
      signal(number, SIG_IGN);
      const SignalsBlocked blocked;
      (void)raise_default(number);
      return 1;
    });
    CHECK(was_killed(status) && killing_signal(status) == number);
  }
  // Its default action is to be ignored.
  CHECK_SAME(raise_default(SIGURG).failure().what, "still running after raising SIGURG");
  CHECK(raise_default(0).failure().error == EINVAL);
}

TEST(signals_are_blocked_for_a_scope) {
  sigset_t now;
  {
    const SignalsBlocked blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &now);
    CHECK(sigismember(&now, SIGTERM) == 1 && sigismember(&blocked.before(), SIGTERM) == 0);
  }
  pthread_sigmask(SIG_SETMASK, nullptr, &now);
  CHECK(sigismember(&now, SIGTERM) == 0);
}

TEST(facilities_have_names) {
  CHECK(parse_facility("LOG_USER").value() == LOG_USER);
  CHECK(parse_facility("user").value() == LOG_USER);
  CHECK(parse_facility("log_Local3").value() == LOG_LOCAL3);
  CHECK(!parse_facility("").value());
  CHECK(!parse_facility("LOG_").ok());
  CHECK_SAME(parse_facility("nothing").failure().what,
             "there is no syslog facility nothing: give one such as user, daemon or local0, or an "
             "empty string for none");
}

TEST(a_log_may_be_closed_or_nowhere) {
  SyslogSink sink;
  sink.log(LOG_INFO, "not open: dropped");
  sink.open(std::nullopt, "script");
  sink.log(LOG_INFO, "nowhere: dropped");
  sink.open(LOG_USER, "core_test");
  sink.log(LOG_DEBUG, "%s is no format");
  sink.close();
  sink.close();
}

TEST(variables_are_read) {
  CHECK(!get_variable("CORE_TEST_VARIABLE") && !is_switched_on("CORE_TEST_VARIABLE"));
  setenv("CORE_TEST_VARIABLE", "1", 1);
  CHECK(get_variable("CORE_TEST_VARIABLE") == "1" && is_switched_on("CORE_TEST_VARIABLE"));
  for (const char* off : {"", "0"}) {
    setenv("CORE_TEST_VARIABLE", off, 1);
    CHECK(!is_switched_on("CORE_TEST_VARIABLE"));
  }
  unsetenv("CORE_TEST_VARIABLE");
}

TEST(a_timeout_is_seconds_above_zero) {
  CHECK(is_timeout("1", 1000) && is_timeout("0.5", 500) && is_timeout("2.25", 2250));
  CHECK(is_timeout("0.0001", 1) && is_timeout("1.9999", 1999) && is_timeout("007", 7000));
  CHECK(is_timeout("315576000000", 315'576'000'000'000));
  for (const char* bad : {"", "0", "0.0", "-1", "+1", "1.", ".5", "1e3", "1s", " 1", "inf", "0x1",
                          "1.2.3", "315576000001", "99999999999999999999"}) {
    CHECK(!parse_timeout_milliseconds(bad).ok());
  }
  CHECK_SAME(parse_timeout_milliseconds("soon").failure().what,
             "PREFORK_INTERP_TIMEOUT=soon is no time: give seconds above zero, such as 10 or 0.5");
}

TEST(the_setup_variable_goes_there_and_back) {
  SetupVariable setup;
  setup.started.tv_sec = 1700000000;
  setup.started.tv_nsec = 42;
  setup.listener = 5;
  setup.call = 6;
  setup.watcher_stdin = 7;
  setup.watcher_stderr = 8;
  const std::string text = encode_setup_variable(setup);
  CHECK_SAME(text, "v1,1700000000.000000042 5,6,7,8");
  for (const std::string& more : {std::string(), std::string(" further words"), std::string(",9,x"),
                                  std::string(" \0\xff,\n", 5)}) {
    auto parsed = parse_setup_variable(text + more);
    CHECK(parsed.ok());
    CHECK_SAME(encode_setup_variable(parsed.value()), text);
  }
  CHECK_SAME(complaint("v1,1700000000.000000042,new 5,6,7,8"), "none");
  CHECK_SAME(complaint("v1,-1.000000000 0,1,2,3"), "none");
}

TEST(a_malformed_setup_variable_says_what_is_wrong) {
  const std::string time = "PREFORK_INTERP: no time of the form SECONDS.NNNNNNNNN after v1";
  CHECK_SAME(complaint(""),
             "PREFORK_INTERP: protocol version '' instead of v1: prefork-interp and this library "
             "do not match");
  CHECK(complaint("v2,1.000000000 1,2,3,4").find("version 'v2'") != std::string::npos);
  for (const char* bad : {"v1 1,2,3,4", "v1,1 1,2,3,4", "v1,1.5 1,2,3,4", "v1,.000000000 1,2,3,4",
                          "v1,1.00000000x 1,2,3,4", "v1,1.-00000000 1,2,3,4",
                          "v1,99999999999999999999.000000000 1,2,3,4", "v1,x.000000000 1,2,3,4"}) {
    CHECK_SAME(complaint(bad), time);
  }
  const std::string start = "v1,1.000000000";
  CHECK_SAME(complaint(start), "PREFORK_INTERP: the list of descriptors is missing");
  CHECK_SAME(complaint(start + " 1,2,3"), "PREFORK_INTERP: no descriptor for the watcher's stderr");
  CHECK_SAME(complaint(start + "  1,2,3,4"),
             "PREFORK_INTERP: '' is no descriptor for the listening socket");
  CHECK_SAME(complaint(start + " 1,-2,3,4"),
             "PREFORK_INTERP: '-2' is no descriptor for the first call");
  CHECK_SAME(complaint(start + " 1,2,99999999999,4"),
             "PREFORK_INTERP: '99999999999' is no descriptor for the watcher's stdin");
}
