#include "addon/report.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "addon/throwaway.h"

namespace prefork::live_node {

namespace {

constexpr int kLowerPriority = 10;

bool write_all(int descriptor, const std::string& text) {
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = write(descriptor, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    written += static_cast<size_t>(count);
  }
  return true;
}

bool append_string(napi_env env, napi_value value, std::string* text) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) return false;
  std::string string(length + 1, '\0');
  if (napi_get_value_string_utf8(env, value, string.data(), length + 1, nullptr) != napi_ok) {
    return false;
  }
  *text += string;  // with its NUL
  return true;
}

bool collect(napi_env env, napi_value function, std::string* text) {
  napi_value undefined, strings;
  uint32_t count = 0;
  if (napi_get_undefined(env, &undefined) != napi_ok ||
      napi_call_function(env, undefined, function, 0, nullptr, &strings) != napi_ok ||
      napi_get_array_length(env, strings, &count) != napi_ok) {
    return false;
  }
  for (uint32_t index = 0; index < count; ++index) {
    napi_value string;
    if (napi_get_element(env, strings, index, &string) != napi_ok) return false;
    if (!append_string(env, string, text)) return false;
  }
  *text += '\0';
  return true;
}

}  // namespace

Report start_report(napi_env env, napi_value function, const std::vector<int>& unwanted,
                    std::string* failure) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    *failure = std::string("pipe: ") + strerror(errno);
    return {};
  }
  const pid_t child = fork_throwaway(failure);
  if (child == 0) {
    // The first call runs at the same time, and somebody waits for that.
    setpriority(PRIO_PROCESS, 0, kLowerPriority);
    for (const int descriptor : unwanted) close(descriptor);
    close(ends[0]);
    std::string text;
    _exit(collect(env, function, &text) && write_all(ends[1], text) ? 0 : 1);
  }
  close(ends[1]);
  if (child > 0) return {ends[0], child};
  if (failure->empty()) *failure = std::string("fork: ") + strerror(errno);
  close(ends[0]);
  return {};
}

}  // namespace prefork::live_node
