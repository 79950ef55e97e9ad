// Work in JavaScript whose result is wanted later, done beside the script's process in a child of
// it.
#pragma once

#include <node_api.h>

#include <string>
#include <vector>

namespace prefork::live_node {

// Forks a throw-away child that calls `function` (no arguments, returns an array of strings) and
// writes them to a pipe, each with a NUL, and one more NUL at the very end: what ends without it is
// incomplete. `unwanted`: descriptors the child must not hold. Returns the pipe's reading end,
// close-on-exec; -1 with the reason in `failure`.
int start_report(napi_env env, napi_value function, const std::vector<int>& unwanted,
                 std::string* failure);

}  // namespace prefork::live_node
