#include "actors/viewer.h"

#include <sys/socket.h>

namespace prefork {

namespace {

constexpr std::size_t kFullQueue = std::size_t{4} << 20;
constexpr std::size_t kLowQueue = kFullQueue / 2;
// How long a client that holds the container up may take nothing at all.
constexpr std::uint64_t kPatienceMilliseconds = 1000;

}  // namespace

void Viewer::show(Source source, std::string_view output) {
  source_ = source;
  output_ = output;
  post(Event::kOutputArrived);
  output_ = {};
}

bool Viewer::queue_is_full() { return queue_.size() >= kFullQueue; }

bool Viewer::queue_is_low() { return queue_.size() <= kLowQueue; }

void Viewer::watch_hang_up() {
  // A failure means that the end shows when something is sent.
  (void)poll_.start_awaiting_hang_up(loop(), connection_.get(), [this] { post(Event::kHungUp); });
}

void Viewer::watch_room() {
  const int started =
      poll_.start_writing(loop(), connection_.get(), [this] { post(Event::kRoom); });
  if (started != 0) post(Event::kHungUp);
}

void Viewer::send_output() {
  queue_.add(source_, output_);
  post_outcome(queue_.send(connection_.get()));
}

void Viewer::send_queue() { post_outcome(queue_.send(connection_.get())); }

void Viewer::post_outcome(PacketQueue::Outcome outcome) {
  switch (outcome) {
    case PacketQueue::Outcome::kSent:
      return post(Event::kQueueSent);
    case PacketQueue::Outcome::kLeft:
      return post(Event::kQueueLeft);
    case PacketQueue::Outcome::kGone:
      return post(Event::kClientGone);
  }
}

void Viewer::queue_output() { queue_.add(source_, output_); }

void Viewer::start_patience() {
  patience_.start(loop(), kPatienceMilliseconds, [this] { post(Event::kPatienceOver); });
}

void Viewer::report_dropped() {
  messages_.warn("an attached client does not read its output: let go of it");
}

void Viewer::disconnect() { shutdown(connection_.get(), SHUT_RDWR); }

void Viewer::close_connection() {
  poll_.close();
  patience_.close();
  // What the client writes is read over a descriptor of its own, to the end.
  connection_.reset();
}

}  // namespace prefork
