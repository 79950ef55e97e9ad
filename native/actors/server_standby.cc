// The server's steps that have to do with the standby for its next call.

#include <cerrno>
#include <csignal>
#include <string_view>
#include <utility>

#include "actors/server.h"
#include "core/wire.h"
#include "core/wire_io.h"

namespace prefork {

namespace {

// A call that lasts: its script does not need every processor all the time.
constexpr std::uint64_t kLongMilliseconds = 200;

// A call has ended, and nobody calls: who calls in a loop has called again by then, and would be in
// the way of the forks as they would be in his.
constexpr std::uint64_t kQuietMilliseconds = 10;

// It ends at once, unless somebody has stopped it.
constexpr std::uint64_t kDismissalMilliseconds = 1000;

}  // namespace

bool Server::standby_wanted() { return is_standby_ordered_ && !standby_; }
bool Server::standby_ready() { return is_standby_ready_; }
bool Server::has_standby() { return standby_.has_value(); }

void Server::order_standby() {
  // One for each call: whatever ends them, they are not forked in a circle.
  is_standby_ordered_ = true;
  set_standby_timer(kLongMilliseconds);
}

void Server::hasten_standby() { set_standby_timer(kQuietMilliseconds); }

void Server::set_standby_timer(std::uint64_t milliseconds) {
  if (!options_.has_standby) return;
  standby_timer_.start(loop(), milliseconds, [this] { post(Event::kStandbyDue); });
}

void Server::fork_standby() {
  is_standby_ordered_ = false;
  Result<SocketPair> pair = make_socket_pair();
  if (!pair.ok()) return fail(pair.failure());
  handover_ = std::move(pair).value();
  ask_to_fork([this] { return fork_by_engine_or([this] { return host_.fork_again(); }); },
              [this](pid_t pid) {
                handover_.theirs.reset();
                watch_child(pid);
                // Whom this cannot watch, it dismisses.
                if (!children_.contains(pid)) return let_go_of_standby();
                standby_ = pid;
                // Should this fail, it is never seen to be ready, and nothing else is lost.
                (void)handover_poll_.start_reading(loop(), handover_.ours.get(),
                                                   [this] { hear_standby(); });
              });
}

void Server::hear_standby() {
  const WireOutcome heard = receive_ready(handover_.ours.get());
  if (heard == WireOutcome::kIncomplete) return;
  // It says nothing more; its end is seen by its pidfd.
  handover_poll_.close();
  if (heard == WireOutcome::kComplete) post(Event::kStandbyReady);
}

void Server::note_standby_ready() { is_standby_ready_ = true; }

void Server::let_go_of_standby() {
  is_standby_ready_ = false;
  handover_poll_.close();
  handover_.ours.reset();
}

void Server::hand_over() {
  // Interleavings to fear: the standby was killed before this, then nobody has the socket's other
  // end and the call is still here to be served; or it is killed before it has received the call,
  // then the kernel closes that with the socket, and the client sees its end, as it does when a
  // monitor is killed before it has greeted.
  Failure why;
  switch (send_with_descriptor(handover_.ours.get(), std::string_view("", 1), call_.get(), &why)) {
    case WireOutcome::kComplete:
      break;
    case WireOutcome::kFailed:
      return fail(why);
    default:
      return fail(EPIPE, "hand a call over to the standby");
  }
  let_go_of_standby();
  const pid_t pid = *std::exchange(standby_, std::nullopt);
  post(Event::kHandedOver, {{"child", static_cast<long>(pid)}});
}

void Server::dismiss_standby() {
  let_go_of_standby();
  dismissal_timer_.start(loop(), kDismissalMilliseconds,
                         [this] { post(Event::kDismissalOverdue); });
}

void Server::kill_standby() {
  if (!standby_) return;
  // With the group that it leads, if it has come so far.
  kill(-*standby_, SIGKILL);
  kill(*standby_, SIGKILL);
}

void Server::reap_standby() {
  children_.erase(*standby_);
  standby_.reset();
  let_go_of_standby();
}

void Server::log_lost_standby() { log_failed("standby", *standby_); }

}  // namespace prefork
