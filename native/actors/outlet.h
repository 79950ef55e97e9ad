// Where a container's output goes: to its logs and to who is attached.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "actors/attach.h"
#include "actors/log.h"

namespace prefork {

struct Outlet {
  std::vector<std::unique_ptr<Log>> logs;
  std::unique_ptr<Attach> attach;  // none: nobody can
  bool is_closed = false;

  /// The logs first: what a client has seen has been logged.
  void take(Source source, std::string_view output) {
    if (is_closed) return;
    for (const auto& log : logs) log->add(source, output);
    if (attach) attach->show(source, output);
  }
};

}  // namespace prefork
