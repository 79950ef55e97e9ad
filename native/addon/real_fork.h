// A real fork() of a Node in which JavaScript has been running.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

namespace prefork::live_node {

// How long Node is given to come to rest, unless nobody can wait.
inline constexpr std::chrono::milliseconds kPatience{1000};

// Brings Node to rest and forks. Returns as fork() does, with errno; or -1 with a reason in
// `failure`, when something in the process stands in the way. Main thread, from within JavaScript.
pid_t fork_from_live_node(std::string* failure, std::chrono::milliseconds patience = kPatience);

// The two halves. A process that has settled may fork any number of times, and so may the children,
// for as long as no JavaScript has run: the other threads sleep, and the heap is part of the fork.
std::optional<std::string> settle_for_fork(std::chrono::milliseconds patience = kPatience);
// Returns as fork() does, with errno.
pid_t fork_settled_node();

}  // namespace prefork::live_node
