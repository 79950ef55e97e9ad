#include "conmon/sync_message.h"

#include <unistd.h>

#include "core/json.h"
#include "core/retry.h"

namespace prefork {

namespace {

constexpr std::string_view kCut = "\\n[...]\\n";

// The escaped forms of the beginning and the end of `text`, with a mark between them; at most
// `room` bytes. Text is cut before it is escaped, so no escape and no character is torn.
std::string shortened(std::string_view text, std::size_t room) {
  std::string whole;
  append_escaped(&whole, text);
  if (whole.size() <= room) return whole;
  const std::size_t half = (room - kCut.size()) / 2;
  // Escaping makes no text shorter.
  for (std::size_t keep = half;; keep -= keep / 8 + 1) {
    std::string_view head = text.substr(0, keep);
    head.remove_suffix(unfinished_character(head));
    std::string_view tail = text.substr(text.size() - keep);
    while (!tail.empty() && (static_cast<unsigned char>(tail[0]) & 0xc0) == 0x80) {
      tail.remove_prefix(1);
    }
    std::string first;
    append_escaped(&first, head);
    std::string last;
    append_escaped(&last, tail);
    if (first.size() <= half && last.size() <= half) return first + std::string(kCut) + last;
  }
}

}  // namespace

std::string sync_message(std::string_view key, int value, std::string_view text) {
  std::string line = "{\"" + std::string(key) + "\": " + std::to_string(value);
  if (!text.empty()) {
    line += ", \"message\": \"";
    line += shortened(text, kLongestSyncMessage - line.size() - sizeof("\"}"));
    line += '"';
  }
  return line + "}\n";
}

void SyncPipe::send(const std::string& line) {
  if (!pipe_.valid()) return;
  const ssize_t written =
      retry_on_eintr([&] { return write(pipe_.get(), line.data(), line.size()); });
  if (written != static_cast<ssize_t>(line.size())) pipe_.reset();
}

}  // namespace prefork
