// What the caller is told over its pipes: one JSON object a line, one line a write.
#pragma once

#include <string>
#include <string_view>

#include "core/descriptor.h"

namespace prefork {

/// The longest line, its newline included: callers read one packet into a buffer of this size.
inline constexpr std::size_t kLongestSyncMessage = 4096;

/// `{"<key>": <value>}`, with a message if there is one. Of a text that does not fit, the middle
/// goes: how it began and what came last tell most.
std::string sync_message(std::string_view key, int value, std::string_view text = {});

/// The pipe to the caller, if it gave one.
class SyncPipe {
 public:
  void open(Descriptor pipe) { pipe_ = std::move(pipe); }
  /// One write. A caller that has gone, or that cannot be written to, gets nothing more.
  void send(const std::string& line);
  void close() { pipe_.reset(); }

 private:
  Descriptor pipe_;
};

}  // namespace prefork
