#include "actors/fork_proof.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "core/retry.h"

namespace prefork {

namespace {

// An ordinary proof takes some milliseconds of processor time.
constexpr std::uint64_t kPatienceMilliseconds = 5000;

constexpr char kFailure[] = "this Node does not survive a fork: the child of the self-test ";

}  // namespace

void ForkProofReader::await(Loop& loop, ForkProof proof,
                            std::function<void(std::optional<std::string>)> proved) {
  proof_ = std::move(proof);
  proved_ = std::move(proved);
  const int started = poll_.start_reading(loop, proof_.verdict.get(), [this] { read_verdict(); });
  if (started != 0) return conclude(std::string("watch the self-test: ") + uv_strerror(started));
  timer_.start(loop, kPatienceMilliseconds, [this] {
    // It has ended by itself only if it has written its verdict, or has closed the pipe.
    kill(proof_.process, SIGKILL);
    conclude(std::string(kFailure) + "did not come to its end");
  });
}

void ForkProofReader::read_verdict() {
  char byte = 0;
  const ssize_t length = retry_on_eintr([&] { return read(proof_.verdict.get(), &byte, 1); });
  if (length < 0 && errno == EAGAIN) return;
  if (length == 1) return conclude(std::nullopt);
  conclude(std::string(kFailure) + "died");
}

void ForkProofReader::conclude(std::optional<std::string> failure) {
  const auto proved = std::move(proved_);
  poll_.close();
  timer_.close();
  proof_.verdict.reset();
  proved(std::move(failure));
}

}  // namespace prefork
