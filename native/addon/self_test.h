// Proof, on the very Node at hand, that a fork of it lives: a child that collects garbage and
// drains.
#pragma once

#include <optional>
#include <string>

namespace prefork::live_node {

// Forks the child, as an executor is forked, and lets it run beside the rest of the script's start;
// puts that off if other threads are busy.
void start_self_test();

// Forks it now, if that was put off. Waits for the child, some seconds at most; returns what is
// wrong. A second call repeats the answer.
std::optional<std::string> finish_self_test();

}  // namespace prefork::live_node
