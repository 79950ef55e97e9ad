// A real fork() of a Node in which JavaScript has been running.
#pragma once

#include <sys/types.h>

#include <string>

namespace prefork::live_node {

// Brings Node to rest and forks. What a process forked from this child does before it calls
// revive() may be plain fork()s: there is no other thread, and no JavaScript has touched the heap.
// Returns as fork() does; -1 with the reason in `failure`. Main thread, from within JavaScript.
pid_t fork_from_live_node(std::string* failure);

}  // namespace prefork::live_node
