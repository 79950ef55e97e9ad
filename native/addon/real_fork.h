// A real fork() of a Node in which JavaScript has been running.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace prefork::live_node {

// Brings Node to rest and forks. Returns as fork() does; -1 with the reason in `failure`. Main
// thread, from within JavaScript.
pid_t fork_from_live_node(std::string* failure);

// The two halves. A process that has settled may fork any number of times, and so may the children,
// for as long as no JavaScript has run: the other threads sleep, and the heap is part of the fork.
std::optional<std::string> settle_for_fork();
// Returns as fork() does, with errno.
pid_t fork_settled_node();

}  // namespace prefork::live_node
