#include <fcntl.h>
#include <sys/stat.h>

#include <vector>

#include "core/descriptor.h"
#include "core/retry.h"
#include "core_test.h"

using namespace prefork;

namespace {

bool is_open(int fd) { return fcntl(fd, F_GETFD) != -1; }
bool closes_on_exec(int fd) { return fcntl(fd, F_GETFD) == FD_CLOEXEC; }

}  // namespace

TEST(a_failure_reads_as_what_was_tried_and_why_not) {
  CHECK_SAME((Failure{ENOENT, "open lock file /x/y"}).message(),
             "open lock file /x/y: No such file or directory");
  CHECK_SAME((Failure{0, "give -U"}).message(), "give -U");
}

TEST(a_result_holds_a_value_or_a_failure) {
  Result<std::string> good(std::string("yes"));
  Result<std::string> bad(Failure{EIO, "try"});
  CHECK(good.ok() && good.value() == "yes");
  CHECK(!bad.ok() && bad.failure().error == EIO);
  CHECK(Result<void>().ok());
  CHECK(!Result<void>(Failure{EIO, "try"}).ok());
}

TEST(a_descriptor_has_one_owner_and_is_closed_once) {
  auto pipe = make_pipe();
  CHECK(pipe.ok());
  const int number = pipe.value().reading_end.get();
  Descriptor taken = std::move(pipe.value().reading_end);
  CHECK(!pipe.value().reading_end.valid() && taken.get() == number);
  CHECK(closes_on_exec(number));
  CHECK(taken.close().ok() && !is_open(number));
  CHECK(taken.close().ok());
  Descriptor wrong(number);
  CHECK(wrong.close().failure().error == EBADF);

  const int writing = pipe.value().writing_end.release();
  CHECK(is_open(writing));
  errno = ENOTTY;
  { const Descriptor scoped(writing); }
  CHECK(errno == ENOTTY);
  CHECK(!is_open(writing));
}

TEST(flags_are_set_and_cleared) {
  auto pipe = make_pipe();
  const int fd = pipe.value().reading_end.get();
  CHECK(set_nonblocking(fd, true).ok() && (fcntl(fd, F_GETFL) & O_NONBLOCK));
  CHECK(set_nonblocking(fd, false).ok() && !(fcntl(fd, F_GETFL) & O_NONBLOCK));
  CHECK(set_close_on_exec(fd, false).ok() && !closes_on_exec(fd));
  CHECK(set_close_on_exec(fd, true).ok() && closes_on_exec(fd));
  CHECK(set_nonblocking(-1, true).failure().error == EBADF);
  CHECK(set_close_on_exec(-1, true).failure().error == EBADF);
  CHECK(duplicate(-1).failure().error == EBADF);
}

TEST(a_descriptor_can_be_placed_even_where_it_is) {
  auto pipe = make_pipe();
  const int fd = pipe.value().reading_end.get();
  CHECK(place_at(fd, fd).ok() && !closes_on_exec(fd));
  auto copy = duplicate(fd);
  CHECK(copy.ok() && closes_on_exec(copy.value().get()) && copy.value().get() > 2);
  const int target = copy.value().get();
  CHECK(place_at(pipe.value().writing_end.get(), target).ok());
  CHECK(!closes_on_exec(target) && write(target, "x", 1) == 1);
  CHECK(place_at(-1, target).failure().error == EBADF);
}

TEST(closed_standard_descriptors_become_dev_null) {
  const int status = test::in_child([] {
    close(0);
    close(2);
    if (!ensure_standard_descriptors().ok()) return 1;
    struct stat null, in, out, err;
    stat("/dev/null", &null);
    if (fstat(0, &in) || fstat(1, &out) || fstat(2, &err)) return 2;
    if (in.st_rdev != null.st_rdev || err.st_rdev != null.st_rdev) return 3;
    return closes_on_exec(0) || closes_on_exec(2) ? 4 : 0;
  });
  CHECK(status == 0);
  auto null = open_null(O_RDONLY);
  char byte;
  CHECK(null.ok() && read(null.value().get(), &byte, 1) == 0);
}

TEST(out_of_descriptors_is_a_failure) {
  const int status = test::in_child([] {
    std::vector<Descriptor> all;
    for (;;) {
      auto pipe = make_pipe();
      if (!pipe.ok()) return pipe.failure().error == EMFILE ? 0 : 1;
      all.push_back(std::move(pipe.value().reading_end));
      all.push_back(std::move(pipe.value().writing_end));
    }
  });
  CHECK(status == 0);
}

TEST(an_interrupted_call_is_repeated) {
  int calls = 0;
  const int outcome = retry_on_eintr([&] {
    errno = EINTR;
    return ++calls < 3 ? -1 : 7;
  });
  CHECK(outcome == 7 && calls == 3);
}
