// Work in JavaScript whose result is wanted later, done beside the script's process in a child of
// it.
#pragma once

#include <node_api.h>
#include <sys/types.h>

#include <string>
#include <vector>

namespace prefork::live_node {

struct Report {
  int descriptor = -1;  // the reading end of a pipe, close-on-exec
  pid_t writer = -1;    // the child, to be reaped when the pipe has ended
};

// Forks a throw-away child that calls `function` (no arguments, returns an array of strings) and
// writes them to the pipe, each with a NUL, and one more NUL at the very end: what ends without it
// is incomplete. `unwanted`: descriptors the child must not hold. Without a descriptor: the reason
// is in `failure`.
Report start_report(napi_env env, napi_value function, const std::vector<int>& unwanted,
                    std::string* failure);

}  // namespace prefork::live_node
