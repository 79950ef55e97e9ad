// The face of the client for Node; its types are those of cli/client-addon.ts.

#include <napi.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <vector>

#include "actors/call.h"
#include "addon/js_engine.h"
#include "addon/platform.h"
#include "addon/revive.h"
#include "core/launch_state.h"

namespace prefork {
namespace {

// What the watcher is forked from must be fit for it, as a server is.
std::optional<std::string> prepare_for_forks(Napi::Env env) {
  if (auto failure = live_node::find_event_loop(env)) return failure;
  return live_node::redirect_platform(env);
}

Napi::Value run(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Result<void> unpacked = unpack_launch_state();
  std::optional<std::string> failure =
      unpacked.ok() ? prepare_for_forks(env) : unpacked.failure().message();
  if (failure) {
    Napi::Error::New(env, *failure).ThrowAsJavaScriptException();
    return env.Undefined();
  }
  const Napi::Array given = info[0].As<Napi::Array>();
  std::vector<std::string> words = {"prefork-interp"};
  for (std::uint32_t index = 0; index < given.Length(); ++index) {
    words.push_back(given.Get(index).As<Napi::String>().Utf8Value());
  }
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  JsEngine engine(info[1].As<Napi::Function>());
  _exit(run_call(static_cast<int>(words.size()), pointers.data(), &engine));
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("run", Napi::Function::New(env, run, "run"));
  return exports;
}

}  // namespace
}  // namespace prefork

static Napi::Object initialise_client_addon(Napi::Env env, Napi::Object exports) {
  return prefork::initialise(env, exports);
}

NODE_API_MODULE(prefork_client, initialise_client_addon)
