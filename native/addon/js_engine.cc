#include "addon/js_engine.h"

#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "addon/fork_kit.h"

namespace prefork {

namespace {

using engine::Index;
using engine::kNone;

[[noreturn]] void die(Napi::Env env, const char* chart) {
  const Napi::Value thrown = env.GetAndClearPendingException().Value();
  const Napi::Value stack =
      thrown.IsObject() ? thrown.As<Napi::Object>().Get("stack") : thrown.ToString();
  std::fprintf(stderr, "prefork-interp: engine xstate: %s: %s\n", chart,
               stack.ToString().Utf8Value().c_str());
  _exit(127);
}

class JsMachine final : public engine::Machine {
 public:
  JsMachine(Napi::Function create_actor, const engine::Chart& chart, engine::Host& host)
      : env_(create_actor.Env()), chart_(chart), host_(host) {
    const Napi::HandleScope scope(env_);
    const Napi::Value actor =
        create_actor.Call({Napi::String::New(env_, chart.id), make_native_side()});
    if (env_.IsExceptionPending()) die(env_, chart_.id);
    actor_ = Napi::Persistent(actor.As<Napi::Object>());
  }

  void start() override { call("start"); }

  void send(Index event) override { call("send", chart_.event_names[event]); }

  Index state() const override { return state_; }

  bool done() const override { return state_ != kNone && chart_.states[state_].final; }

  void observe(engine::Observer& observer) override { observer_ = &observer; }

 private:
  void call(const char* method, const char* word = nullptr) {
    const Napi::HandleScope scope(env_);
    const Napi::Object actor = actor_.Value();
    const Napi::Function function = actor.Get(method).As<Napi::Function>();
    if (word == nullptr) {
      function.Call(actor, {});
    } else {
      function.Call(actor, {Napi::String::New(env_, word)});
    }
    if (env_.IsExceptionPending()) die(env_, chart_.id);
  }

  // What the actor in JavaScript may call; the names are those of NativeActor in
  // runtime/xstate/driver.ts.
  Napi::Object make_native_side() {
    Napi::Object side = Napi::Object::New(env_);
    const auto add = [&](const char* name, auto act) {
      side.Set(name, Napi::Function::New(
                         env_, [act](const Napi::CallbackInfo& info) { return act(info); }, name));
    };
    add("perform", [this](const Napi::CallbackInfo& info) {
      perform(index_of(info, chart_.action_names));
      return info.Env().Undefined();
    });
    add("test", [this](const Napi::CallbackInfo& info) -> Napi::Value {
      return Napi::Boolean::New(info.Env(), test(index_of(info, chart_.guard_names)));
    });
    add("beginStep", [this](const Napi::CallbackInfo& info) {
      const bool is_start = !info[0].IsString();
      begin_step(is_start ? kNone : index_of(info, chart_.event_names));
      return info.Env().Undefined();
    });
    add("enterState", [this](const Napi::CallbackInfo& info) {
      if (observer_ != nullptr) observer_->state_entered(state_named(info));
      return info.Env().Undefined();
    });
    add("endStep", [this](const Napi::CallbackInfo& info) {
      state_ = state_named(info);
      if (observer_ != nullptr) observer_->step_ends(state_);
      return info.Env().Undefined();
    });
    return side;
  }

  void perform(Index action) {
    if (observer_ != nullptr) observer_->action_begins(action);
    host_.perform(action);
  }

  bool test(Index guard) {
    const bool answer = host_.test(guard);
    if (observer_ != nullptr) observer_->guard_answered(guard, answer);
    return answer;
  }

  void begin_step(Index event) {
    if (observer_ != nullptr) observer_->step_begins(event, state_);
  }

  Index index_of(const Napi::CallbackInfo& info, std::span<const char* const> names) const {
    const std::string name = info[0].As<Napi::String>().Utf8Value();
    for (size_t index = 0; index < names.size(); ++index) {
      if (name == names[index]) return static_cast<Index>(index);
    }
    refuse(name);
  }

  Index state_named(const Napi::CallbackInfo& info) const {
    const std::string path = info[0].As<Napi::String>().Utf8Value();
    for (size_t index = 0; index < chart_.states.size(); ++index) {
      if (path == chart_.states[index].name) return static_cast<Index>(index);
    }
    refuse(path);
  }

  // The compiled chart and the one in JavaScript are not of the same build.
  [[noreturn]] void refuse(const std::string& name) const {
    std::fprintf(stderr, "prefork-interp: engine xstate: %s: the compiled chart has no '%s'\n",
                 chart_.id, name.c_str());
    _exit(127);
  }

  Napi::Env env_;
  const engine::Chart& chart_;
  engine::Host& host_;
  engine::Observer* observer_ = nullptr;
  Napi::ObjectReference actor_;
  Index state_ = kNone;
};

}  // namespace

std::unique_ptr<engine::Machine> JsEngine::make_machine(const engine::Chart& chart,
                                                        engine::Host& host) {
  return std::make_unique<JsMachine>(create_actor_, chart, host);
}

pid_t JsEngine::fork(std::string* failure) {
  // JavaScript has run since the last fork: the heap may have grown, and have woken threads.
  return live_node::fork_from_live_node(failure);
}

}  // namespace prefork
