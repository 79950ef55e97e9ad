#include "conmon/log_format.h"

#include <algorithm>
#include <cstring>

#include "core/json.h"

namespace prefork {

namespace {

// The most that one record holds of a line: what readers of these formats are made for.
constexpr std::size_t kLongestPiece = 8192;
constexpr std::size_t kLongestJsonPiece = 16384;

/// The first line of `text`, its newline included, or as much of it as there is.
std::string_view first_line(std::string_view text) {
  const void* newline = std::memchr(text.data(), '\n', text.size());
  if (newline == nullptr) return text;
  return text.substr(0,
                     static_cast<std::size_t>(static_cast<const char*>(newline) - text.data()) + 1);
}

bool is_ended(std::string_view line) { return line.back() == '\n'; }

/// "TIME STREAM ", put together once for a chunk.
struct Prefix {
  char bytes[80];
  std::size_t size = 0;

  void add(std::string_view text) {
    std::memcpy(bytes + size, text.data(), text.size());
    size += text.size();
  }
  Prefix(Source source, LogClock& clock) {
    clock.read();
    add(clock.local());
    add(" ");
    add(name_of(source));
    add(" ");
  }
};

}  // namespace

void K8sFormat::append(ByteQueue& records, Source source, std::string_view chunk, LogClock& clock) {
  Prefix prefix(source, clock);
  prefix.add("F ");
  char& tag = prefix.bytes[prefix.size - 2];
  while (!chunk.empty()) {
    const std::string_view line = first_line(chunk.substr(0, kLongestPiece));
    const bool ended = is_ended(line);
    tag = ended ? 'F' : 'P';
    char* out = records.room(prefix.size + line.size() + 1);
    std::memcpy(out, prefix.bytes, prefix.size);
    std::memcpy(out + prefix.size, line.data(), line.size());
    std::size_t size = prefix.size + line.size();
    if (!ended) out[size++] = '\n';
    records.grow(size);
    chunk.remove_prefix(line.size());
  }
}

void EarlyFormat::append(ByteQueue& records, Source source, std::string_view chunk,
                         LogClock& clock) {
  const Prefix prefix(source, clock);
  while (!chunk.empty()) {
    const std::string_view line = first_line(chunk);
    if (!is_line_open_ || open_source_ != source) {
      if (is_line_open_) records.append("\n");
      records.append({prefix.bytes, prefix.size});
    }
    records.append(line);
    is_line_open_ = !is_ended(line);
    open_source_ = source;
    chunk.remove_prefix(line.size());
  }
}

JsonFormat::JsonFormat(const std::string* tag, const std::vector<std::string>& labels) {
  const auto add = [this](std::string_view name, std::string_view value) {
    attributes_ += attributes_.empty() ? ",\"attrs\":{\"" : ",\"";
    append_escaped(&attributes_, name);
    attributes_ += "\":\"";
    append_escaped(&attributes_, value);
    attributes_ += '"';
  };
  if (tag != nullptr) add("tag", *tag);
  for (const std::string& label : labels) {
    const std::size_t equals = label.find('=');
    add(std::string_view(label).substr(0, equals), std::string_view(label).substr(equals + 1));
  }
  if (!attributes_.empty()) attributes_ += '}';
}

void JsonFormat::append(ByteQueue& records, Source source, std::string_view chunk,
                        LogClock& clock) {
  clock.read();
  std::string& open = open_[static_cast<int>(source)];
  while (!chunk.empty()) {
    const std::string_view line = first_line(chunk.substr(0, kLongestJsonPiece - open.size()));
    chunk.remove_prefix(line.size());
    if (open.empty() && is_ended(line)) {
      add_record(records, source, line, clock);
      continue;
    }
    open += line;
    if (!is_ended(line) && open.size() < kLongestJsonPiece) continue;
    // A character that the end of the piece tears goes into the next one.
    const std::size_t torn = is_ended(line) ? 0 : unfinished_character(open);
    const std::string rest = open.substr(open.size() - torn);
    open.resize(open.size() - torn);
    add_record(records, source, open, clock);
    open = rest;
  }
}

void JsonFormat::finish(ByteQueue& records, LogClock& clock) {
  clock.read();
  for (const Source source : {Source::kOutput, Source::kError}) {
    std::string& open = open_[static_cast<int>(source)];
    if (!open.empty()) add_record(records, source, open, clock);
    open.clear();
  }
}

void JsonFormat::add_record(ByteQueue& records, Source source, std::string_view text,
                            LogClock& clock) {
  record_ = "{\"log\":\"";
  append_escaped(&record_, text);
  record_ += "\",\"stream\":\"";
  record_ += name_of(source);
  record_ += '"';
  record_ += attributes_;
  record_ += ",\"time\":\"";
  record_ += clock.universal();
  record_ += "\"}\n";
  records.append(record_);
}

}  // namespace prefork
