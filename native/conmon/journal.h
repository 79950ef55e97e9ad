#pragma once

#include <sys/types.h>

#include <deque>
#include <string>
#include <vector>

#include "conmon/log_sink.h"
#include "core/descriptor.h"

namespace prefork {

struct JournalFields {
  std::string container_id;
  const std::string* tag = nullptr;   // none: nullptr
  const std::string* name = nullptr;  // none: nullptr
  std::vector<std::string> labels;    // "LABEL=VALUE"
  bool marks_partial = true;
};

// A log in the system's journal: a datagram a line.
class Journal final : public LogSink {
 public:
  explicit Journal(const JournalFields& fields);

  // Where there is no journal, what is logged is lost, as it is when the journal stops.
  Result<void> open();
  void add(Source source, std::string_view chunk) override;
  void complete_lines() override;
  Outcome write() override;
  std::size_t pending() const override { return pending_; }
  int room_descriptor() const override { return socket_.get(); }
  std::size_t drop_beyond(std::size_t most) override;

 private:
  struct Line {
    std::string text;
    bool continues = false;  // a piece of the same line has gone out already
  };

  bool connect();
  ssize_t send_first();
  void add_entry(Source source, Line& line, bool is_partial);

  std::string fields_;  // the same for all entries
  bool marks_partial_;
  Descriptor socket_;
  Line lines_[2];
  std::deque<std::string> entries_;
  std::size_t pending_ = 0;
};

}  // namespace prefork
