#include "actors/attach.h"

#include <utility>

namespace prefork {

namespace {

constexpr std::uint64_t kPauseMilliseconds = 500;

}  // namespace

void Attach::show(Source source, std::string_view output) {
  for (Client& client : clients_) client.viewer->show(source, output);
}

void Attach::flush(std::function<void()> flushed) {
  flushed_ = std::move(flushed);
  post(Event::kFlushAsked);
}

void Attach::watch_socket() {
  const int started =
      poll_.start_reading(loop(), socket_.get(), [this] { post(Event::kClientWaiting); });
  if (started != 0) remember(Failure{-started, "watch the attach socket"});
}

void Attach::accept_client() {
  // Here no client's code is running, so those that have left can be done away with.
  collect();
  auto accepted = socket_.accept();
  if (!accepted.ok()) return fail(accepted.failure());
  if (!accepted.value()) return post(Event::kNothingThere);
  Descriptor connection = std::move(*accepted.value());
  // The event loop takes a descriptor for one watch only, and there are two on a connection.
  Result<Descriptor> second = duplicate(connection.get());
  if (!second.ok()) return fail(second.failure());
  Client& client = clients_.emplace_back();
  client.viewer =
      std::make_unique<Viewer>(loop(), std::move(connection), messages_,
                               Viewer::Listeners{[this] { hold(); }, [this] { release(); },
                                                 [this] {
                                                   --viewers_;
                                                   post(Event::kClientLeft);
                                                 }});
  client.feeder =
      std::make_unique<Feeder>(loop(), std::move(second).value(), input_, client_ends_input_);
  ++viewers_;
  client.viewer->start_beside();
  client.feeder->start_beside();
  post(Event::kClientAccepted);
}

void Attach::collect() {
  std::erase_if(clients_, [](const Client& client) {
    return client.viewer->done() && client.feeder->done();
  });
}

void Attach::hold() {
  if (holding_++ == 0) listeners_.hold();
}

void Attach::release() {
  if (--holding_ == 0) listeners_.release();
}

void Attach::report_failure() {
  messages_.warn(failure().message());
  forget_failure();
}

void Attach::start_pause() {
  pause_.start(loop(), kPauseMilliseconds, [this] { post(Event::kPauseOver); });
}

void Attach::close_socket() {
  pause_.close();
  socket_.close();
}

void Attach::ask_clients_to_finish() {
  for (Client& client : clients_) {
    client.feeder->close();
    client.viewer->flush();
  }
}

}  // namespace prefork
