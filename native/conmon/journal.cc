#include "conmon/journal.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "core/retry.h"

namespace prefork {

namespace {

constexpr char kSocketPath[] = "/run/systemd/journal/socket";
constexpr std::size_t kLongestPiece = 8191;
constexpr std::size_t kShortIdLength = 12;

// A field in the journal's own protocol. A value that may hold a newline is preceded by its length.
void add_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  if (value.find('\n') == std::string_view::npos) {
    out += '=';
  } else {
    out += '\n';
    std::uint64_t size = value.size();
    for (int byte = 0; byte < 8; ++byte, size >>= 8) out += static_cast<char>(size & 0xff);
  }
  out += value;
  out += '\n';
}

// "<3>text" as kernel messages have it: the digit, and the text behind it.
bool takes_priority(std::string_view& text, char& priority) {
  if (text.size() < 3 || text[0] != '<' || text[2] != '>') return false;
  if (text[1] < '0' || text[1] > '7') return false;
  priority = text[1];
  text.remove_prefix(3);
  return true;
}

}  // namespace

Journal::Journal(const JournalFields& fields) : marks_partial_(fields.marks_partial) {
  const std::string short_id = fields.container_id.substr(0, kShortIdLength);
  add_field(fields_, "CONTAINER_ID_FULL", fields.container_id);
  add_field(fields_, "CONTAINER_ID", short_id);
  if (fields.tag != nullptr) add_field(fields_, "CONTAINER_TAG", *fields.tag);
  if (fields.name != nullptr) add_field(fields_, "CONTAINER_NAME", *fields.name);
  const std::string& name = fields.name != nullptr ? *fields.name : short_id;
  add_field(fields_, "SYSLOG_IDENTIFIER", fields.tag != nullptr ? *fields.tag : name);
  for (const std::string& label : fields.labels) {
    const std::size_t equals = label.find('=');
    add_field(fields_, label.substr(0, equals), label.substr(equals + 1));
  }
}

Result<void> Journal::open() {
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd == -1) return Failure{errno, "make socket for the journal"};
  socket_.reset(fd);
  return {};
}

void Journal::add(Source source, std::string_view chunk) {
  Line& line = lines_[static_cast<int>(source)];
  while (!chunk.empty()) {
    const std::string_view fitting = chunk.substr(0, kLongestPiece - line.text.size());
    const std::size_t newline = fitting.find('\n');
    const bool ended = newline != std::string_view::npos;
    const std::size_t taken = ended ? newline + 1 : fitting.size();
    line.text += fitting.substr(0, taken);
    chunk.remove_prefix(taken);
    if (ended || line.text.size() == kLongestPiece) add_entry(source, line, !ended);
  }
}

void Journal::complete_lines() {
  for (const Source source : {Source::kOutput, Source::kError}) {
    Line& line = lines_[static_cast<int>(source)];
    if (!line.text.empty()) add_entry(source, line, true);
  }
}

void Journal::add_entry(Source source, Line& line, bool is_partial) {
  std::string_view text = line.text;
  char priority = source == Source::kOutput ? '6' : '3';
  if (!line.continues) takes_priority(text, priority);
  std::string entry;
  add_field(entry, "MESSAGE", text);
  add_field(entry, "PRIORITY", std::string_view(&priority, 1));
  entry += fields_;
  if (is_partial && marks_partial_) add_field(entry, "CONTAINER_PARTIAL_MESSAGE", "true");
  pending_ += entry.size();
  entries_.push_back(std::move(entry));
  line.text.clear();
  line.continues = is_partial;
}

bool Journal::connect() {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, kSocketPath, sizeof kSocketPath);
  return retry_on_eintr([&] {
           return ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                            sizeof address);
         }) == 0;
}

ssize_t Journal::send_first() {
  const std::string& entry = entries_.front();
  return retry_on_eintr(
      [&] { return send(socket_.get(), entry.data(), entry.size(), MSG_NOSIGNAL); });
}

LogSink::Outcome Journal::write() {
  while (!entries_.empty()) {
    ssize_t sent = send_first();
    // Not connected yet, or the journal has been started anew. Connected, and not only addressed,
    // it can be waited for.
    if (sent < 0 && (errno == ENOTCONN || errno == ECONNREFUSED) && connect()) sent = send_first();
    if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM)) {
      failure_ = Failure{errno, "write to the journal"};
      return Outcome::kFailed;
    }
    pending_ -= entries_.front().size();
    entries_.pop_front();
  }
  return Outcome::kWritten;
}

std::size_t Journal::drop_beyond(std::size_t most) {
  std::size_t dropped = 0;
  while (pending_ > most) {
    dropped += entries_.back().size();
    pending_ -= entries_.back().size();
    entries_.pop_back();
  }
  return dropped;
}

}  // namespace prefork
