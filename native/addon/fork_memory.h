// V8 marks its heap MADV_DONTFORK: a forked child would find holes where its objects were.
#pragma once

#include <optional>
#include <string>

namespace prefork::live_node {

// Makes all private anonymous memory of this process part of its next fork. V8 marks each mapping
// as it makes it, so nothing may run in V8, on any thread, between this call and the fork.
std::optional<std::string> include_heap_in_fork();

}  // namespace prefork::live_node
