#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "core/descriptor.h"
#include "core/loop.h"

namespace prefork {

// The writing end of a container's standard input, shared by all clients.
class ContainerInput {
 public:
  enum class Outcome { kAll, kPart, kGone };

  explicit ContainerInput(Loop& loop) : loop_(loop) {}

  // Before this, writers are told to wait.
  void open(Descriptor input);
  // No input will ever be taken.
  void close();
  // Takes what it takes off the front of `bytes`.
  Outcome write(std::string_view& bytes);
  // Calls back once, when there may be room again or none will ever be needed.
  void await_room(std::function<void()> callback);

 private:
  void watch();
  void call_back();

  Loop& loop_;
  Descriptor input_;
  bool is_closed_ = false;
  Poll poll_;
  std::vector<std::function<void()>> waiting_;
};

}  // namespace prefork
