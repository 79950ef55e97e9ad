#include "conmon/oom_score.h"

#include <fcntl.h>
#include <unistd.h>

#include "conmon/small_file.h"
#include "core/descriptor.h"

namespace prefork {

namespace {

constexpr char kFile[] = "/proc/self/oom_score_adj";

bool set(const std::string& score) {
  const Descriptor file(open(kFile, O_WRONLY | O_CLOEXEC));
  return file.valid() &&
         write(file.get(), score.data(), score.size()) == static_cast<ssize_t>(score.size());
}

}  // namespace

void OomScore::lower() {
  const Result<std::string> score = read_small_file(kFile);
  if (score.ok() && set("-1000")) before_ = score.value();
}

void OomScore::restore() const {
  if (before_) set(*before_);
}

}  // namespace prefork
