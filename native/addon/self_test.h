// Proof, on the very Node at hand, that a fork of it lives: a child that collects garbage and
// drains.
#pragma once

#include <sys/types.h>

#include <string>

namespace prefork::live_node {

struct SelfTest {
  int verdict = -1;  // reading end of a pipe: a byte for each of two readers, if the child lives
  pid_t child = -1;
};

// Forks the child, as an executor is forked, and lets it run beside the rest of the script's start;
// puts that off if other threads are busy.
void start_self_test();

// Forks it now, if that was put off. Hands over what is known of it; without a descriptor it cannot
// be had, for errno or, if something in the process stands in the way, for the reason in `failure`.
// To be called once.
SelfTest self_test(std::string* failure);

}  // namespace prefork::live_node
