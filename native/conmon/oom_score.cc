#include "conmon/oom_score.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "conmon/small_file.h"
#include "core/descriptor.h"

namespace prefork {

namespace {

constexpr char kFile[] = "/proc/self/oom_score_adj";

Result<void> set(const std::string& score) {
  const Descriptor file(open(kFile, O_WRONLY | O_CLOEXEC));
  // The kernel takes a number whole or not at all.
  if (!file.valid() || write(file.get(), score.data(), score.size()) < 0) {
    return Failure{errno, std::string("failed to write to ") + kFile};
  }
  return {};
}

}  // namespace

Result<void> OomScore::lower() {
  const Result<std::string> score = read_small_file(kFile);
  if (!score.ok()) return score.failure();
  Result<void> lowered = set("-1000");
  if (lowered.ok()) before_ = score.value();
  return lowered;
}

void OomScore::restore() const {
  if (before_) (void)set(*before_);
}

}  // namespace prefork
