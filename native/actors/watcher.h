// The watcher of one socket: what each step of machines/watcher.ts does.
#pragma once

#include "actors/actor.h"
#include "actors/client.h"
#include "charts/watcher.h"

namespace prefork {

class Watcher final : public Actor<charts::watcher::Effects, charts::watcher::Event> {
 public:
  Watcher(Loop& loop, WatcherInheritance inheritance);

 private:
  using Event = charts::watcher::Event;

  void set_up_watch() override;
  void fork_daemon() override;
  void lead_session() override;
  void check_socket() override;
  void remove_abandoned_files() override;
  void report_failure() override;

  [[nodiscard]] TraceFacts trace_facts() const override { return {held_.socket_path, "", 0}; }
  int watch_socket();

  WatcherInheritance held_;
  Poll input_poll_;
  FileWatch socket_watch_;
};

}  // namespace prefork
