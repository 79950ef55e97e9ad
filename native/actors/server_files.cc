// The server's steps that have to do with the program's files: learning them, and seeing them
// change.

#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "actors/server.h"
#include "core/retry.h"

namespace prefork {

namespace {

constexpr std::uint64_t kFreshnessMilliseconds = 1000;
constexpr std::uint64_t kLullMilliseconds = 200;
constexpr std::uint64_t kFileListMilliseconds = 20'000;

}  // namespace

void Server::start_lull_timer() {
  // Not for as long as the call may last: until the files are listed, a change that leaves no trace
  // in any file's times would go unseen.
  lull_timer_.start(loop(), kLullMilliseconds, [this] { post(Event::kLullOverdue); });
}

void Server::stop_lull_timer() { lull_timer_.stop(); }

void Server::warm_up() {
  if (const std::optional<std::string> reason = host_.warm_up()) return fail(0, *reason);
  post(Event::kWarmedUp);
}

void Server::read_file_list() {
  std::string reason;
  const ScriptHost::FileList list = host_.start_file_list(
      {listener_.get(), watcher_stdin_.get(), watcher_stderr_.get()}, &reason);
  if (!reason.empty()) return fail(0, reason);
  if (list.descriptor < 0) {
    files_->watch();
    return post(Event::kFilesListed);
  }
  file_list_ = Descriptor(list.descriptor);
  file_list_writer_ = list.writer;
  file_list_timer_.start(loop(), kFileListMilliseconds,
                         [this] { fail(ETIMEDOUT, "wait for the list of the program's files"); });
  const int started =
      file_list_poll_.start_reading(loop(), file_list_.get(), [this] { feed_file_list(); });
  if (started != 0) fail(-started, "watch for the list of the program's files");
}

void Server::feed_file_list() {
  char bytes[16 * 1024];
  const ssize_t length =
      retry_on_eintr([&] { return read(file_list_.get(), bytes, sizeof bytes); });
  if (length < 0 && errno == EAGAIN) return;
  if (length > 0) {
    file_list_text_.append(bytes, static_cast<size_t>(length));
    return;
  }
  file_list_poll_.close();
  file_list_timer_.close();
  file_list_.reset();
  // Its end of the pipe closes when it exits, so this does not wait.
  (void)wait_status(file_list_writer_);
  // Each name ends in NUL, the whole in one more; without that the list is cut short.
  std::vector<std::string> present;
  std::vector<std::string> absent;
  const std::string_view text = file_list_text_;
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = text.find('\0', begin);
    if (end == begin) {
      files_->add_seen(present, true);
      files_->add_seen(absent, false);
      files_->watch();
      file_list_text_ = {};
      return post(Event::kFilesListed);
    }
    if (end == std::string_view::npos) break;
    std::vector<std::string>& names = text[begin] == '+' ? present : absent;
    names.emplace_back(text.substr(begin + 1, end - begin - 1));
    begin = end + 1;
  }
  // A server that does not know its files could serve a stale program for ever.
  fail(0, "the list of the program's files is incomplete");
}

void Server::start_freshness_timer() {
  freshness_timer_.start(loop(), kFreshnessMilliseconds, [this] { post(Event::kFreshnessDue); });
}

void Server::stop_freshness_timer() { freshness_timer_.stop(); }

void Server::check_freshness() {
  if (const std::optional<std::string> file = files_->changed()) {
    stale_file_ = *file;
    return post(Event::kStale, {{"file", *file}});
  }
  post(Event::kFresh);
}

}  // namespace prefork
