#include "conmon/container_input.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/retry.h"

namespace prefork {

void ContainerInput::open(Descriptor input) {
  if (is_closed_) return;
  input_ = std::move(input);
  if (!waiting_.empty()) watch();
}

void ContainerInput::close() {
  poll_.close();
  input_.reset();
  is_closed_ = true;
  call_back();
}

ContainerInput::Outcome ContainerInput::write(std::string_view& bytes) {
  if (is_closed_) return Outcome::kGone;
  while (!bytes.empty()) {
    if (!input_.valid()) return Outcome::kPart;
    const ssize_t written =
        retry_on_eintr([&] { return ::write(input_.get(), bytes.data(), bytes.size()); });
    if (written < 0 && errno == EAGAIN) return Outcome::kPart;
    if (written < 0) return Outcome::kGone;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return Outcome::kAll;
}

void ContainerInput::await_room(std::function<void()> callback) {
  waiting_.push_back(std::move(callback));
  if (input_.valid()) watch();
}

void ContainerInput::watch() {
  if (poll_.is_open()) return;
  // What cannot be polled can always be written to.
  if (poll_.start_writing(loop_, input_.get(), [this] { call_back(); }) != 0) call_back();
}

void ContainerInput::call_back() {
  poll_.close();
  std::vector<std::function<void()>> due;
  due.swap(waiting_);
  for (const auto& callback : due) callback();
}

}  // namespace prefork
