// The addon's face: shapes go in and out here, and nothing else happens. Its types are those of
// runtime/addon.ts, which has checked every value.

#include <napi.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/serve.h"
#include "addon/fork_kit.h"
#include "addon/inspection.h"
#include "addon/js_engine.h"
#include "core/caller_limits.h"
#include "core/descriptor.h"
#include "core/environment.h"
#include "core/proc_status.h"

namespace prefork {
namespace {

Napi::Array from_strings(Napi::Env env, const std::vector<std::string>& strings) {
  Napi::Array array = Napi::Array::New(env, strings.size());
  for (std::uint32_t index = 0; index < strings.size(); ++index) {
    array.Set(index, Napi::String::New(env, strings[index]));
  }
  return array;
}

std::int32_t random_seed() {
  std::uint32_t bits = 1;
  // Never short for so few bytes.
  (void)!getrandom(&bits, sizeof bits, 0);
  return static_cast<std::int32_t>(bits % 0x7fff'fffe) + 1;
}

Napi::Object call_object(Napi::Env env, const ServedCall& served) {
  Napi::Object call = Napi::Object::New(env);
  call.Set("pid", Napi::Number::New(env, getpid()));
  call.Set("parentPid", Napi::Number::New(env, getppid()));
  call.Set("seed", Napi::Number::New(env, random_seed()));
  call.Set("arguments", from_strings(env, served.arguments));
  call.Set("fromOwnClient", Napi::Boolean::New(env, served.is_from_own_client));
  call.Set("isFirst", Napi::Boolean::New(env, served.is_first));
  if (served.client_pid != 0) call.Set("clientPid", Napi::Number::New(env, served.client_pid));
  return call;
}

// What a call looks like, to practise with; its client is this process.
ServedCall call_for_nobody() { return ServedCall{std::nullopt, {}, true, false, getpid()}; }

class NodeHost final : public ScriptHost {
 public:
  ForkProof start_proof(std::string* failure) override {
    const live_node::SelfTest test = live_node::self_test(failure);
    return ForkProof{Descriptor(test.verdict), test.child};
  }
  pid_t fork_script(std::string* failure) override {
    return live_node::fork_from_live_node(failure);
  }
  pid_t fork_again() override { return live_node::fork_settled_node(); }
  std::optional<std::string> warm_up() override {
    return live_node::run_and_settle(env_, warm_up_, call_object(env_, call_for_nobody()));
  }
  std::optional<std::string> revive() override { return live_node::revive(); }
  std::optional<std::string> rehearse() override {
    return live_node::run(env_, rehearse_, call_object(env_, call_for_nobody()));
  }
  void resume() override { live_node::resume_in_executor(); }
  FileList start_file_list(const std::vector<int>& unwanted, std::string* failure) override {
    if (!Napi::Value(env_, list_files_).IsFunction()) return {};
    const live_node::Report report = live_node::start_report(env_, list_files_, unwanted, failure);
    return FileList{report.descriptor, report.writer};
  }

  /// Functions of the script's side, for as long as the call into C++ lasts; `list_files` may be
  /// undefined.
  void set_context(napi_env env, napi_value list_files, napi_value warm_up, napi_value rehearse) {
    env_ = env;
    list_files_ = list_files;
    warm_up_ = warm_up;
    rehearse_ = rehearse;
  }

 private:
  napi_env env_ = nullptr;
  napi_value list_files_ = nullptr;
  napi_value warm_up_ = nullptr;
  napi_value rehearse_ = nullptr;
};

Napi::Value is_main_thread(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), gettid() == getpid());
}

Napi::Value install(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  remember_own_limits();
  // What the script starts while it initialises must not hold the descriptors of the variable open.
  // If it is malformed, serve() will say so.
  const Result<SetupVariable> named = parse_setup_variable(info[0].As<Napi::String>().Utf8Value());
  if (named.ok()) {
    const SetupVariable& setup = named.value();
    for (const int fd : {setup.listener, setup.call, setup.watcher_stdin, setup.watcher_stderr}) {
      (void)set_close_on_exec(fd, true);
    }
  }
  const std::optional<std::string> failure = live_node::install(env);
  return failure ? Napi::String::New(env, *failure) : env.Undefined();
}

std::vector<std::string> to_strings(const Napi::Array& array) {
  std::vector<std::string> strings;
  for (std::uint32_t index = 0; index < array.Length(); ++index) {
    strings.push_back(array.Get(index).As<Napi::String>().Utf8Value());
  }
  return strings;
}

// A whole number in JavaScript may be larger than any int; as a limit that means the same.
int to_limit(const Napi::Value& value) {
  const double number = value.As<Napi::Number>().DoubleValue();
  return static_cast<int>(std::clamp(number, -1.0, static_cast<double>(INT_MAX)));
}

ServerOptions to_options(const Napi::Object& object) {
  ServerOptions options;
  options.variable = object.Get("variable").As<Napi::String>().Utf8Value();
  options.script = object.Get("script").As<Napi::String>().Utf8Value();
  options.most_calls = to_limit(object.Get("maxServers"));
  options.idle_timeout = object.Get("idleTimeout").As<Napi::Number>().DoubleValue();
  options.most_errors = to_limit(object.Get("maxErrors"));
  options.has_standby = object.Get("standby").As<Napi::Boolean>().Value();
  options.log_facility = object.Get("logFacility").As<Napi::String>().Utf8Value();
  if (const Napi::Value reason = object.Get("unsupported"); reason.IsString()) {
    options.unsupported = reason.As<Napi::String>().Utf8Value();
  }
  options.files = to_strings(object.Get("files").As<Napi::Array>());
  return options;
}

Napi::Value serve_calls(const Napi::CallbackInfo& info) {
  static NodeHost host;
  const Napi::Env env = info.Env();
  const Napi::Object object = info[0].As<Napi::Object>();
  host.set_context(env, object.Get("programFiles"), object.Get("warmUp"), object.Get("rehearse"));
  std::optional<JsEngine> engine;
  if (const Napi::Value create = object.Get("createActor"); create.IsFunction()) {
    engine.emplace(create.As<Napi::Function>());
  }
  const ServedCall served = serve(host, to_options(object), engine ? &*engine : nullptr);
  if (served.refusal) {
    Napi::Error::New(env, served.refusal->message()).ThrowAsJavaScriptException();
    return env.Undefined();
  }
  return call_object(env, served);
}

Napi::Value wait_for_thread_pool(const Napi::CallbackInfo& info) {
  const std::chrono::milliseconds limit(info[0].As<Napi::Number>().Int64Value());
  const std::size_t left = live_node::wait_for_thread_pool(limit);
  return Napi::Number::New(info.Env(), static_cast<double>(left));
}

Napi::Value other_thread_names_of(const Napi::CallbackInfo& info) {
  return from_strings(info.Env(), other_thread_names());
}

void set_random_seed(const Napi::CallbackInfo& info) {
  live_node::set_random_seed(info[0].As<Napi::Number>().Int32Value());
}

void start_thread_pool(const Napi::CallbackInfo&) { live_node::start_thread_pool(); }

Napi::Value unseen_pool_results(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(live_node::unseen_pool_results()));
}

void leave_threads_behind(const Napi::CallbackInfo&) { live_node::leave_threads_behind(); }

void set_exit_code(const Napi::CallbackInfo& info) {
  live_node::set_exit_code(info[0].As<Napi::Number>().Int32Value());
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("isMainThread", Napi::Function::New(env, is_main_thread, "isMainThread"));
  exports.Set("install", Napi::Function::New(env, install, "install"));
  exports.Set("waitForThreadPool",
              Napi::Function::New(env, wait_for_thread_pool, "waitForThreadPool"));
  exports.Set("unseenPoolResults",
              Napi::Function::New(env, unseen_pool_results, "unseenPoolResults"));
  exports.Set("leaveThreadsBehind",
              Napi::Function::New(env, leave_threads_behind, "leaveThreadsBehind"));
  exports.Set("startThreadPool", Napi::Function::New(env, start_thread_pool, "startThreadPool"));
  exports.Set("threadNames", Napi::Function::New(env, other_thread_names_of, "threadNames"));
  exports.Set("setRandomSeed", Napi::Function::New(env, set_random_seed, "setRandomSeed"));
  exports.Set("serve", Napi::Function::New(env, serve_calls, "serve"));
  exports.Set("setExitCode", Napi::Function::New(env, set_exit_code, "setExitCode"));
  export_inspection(env, exports);
  return exports;
}

}  // namespace
}  // namespace prefork

static Napi::Object initialise_addon(Napi::Env env, Napi::Object exports) {
  return prefork::initialise(env, exports);
}

NODE_API_MODULE(prefork, initialise_addon)
