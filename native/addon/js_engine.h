// Charts that run in JavaScript, over the native actions and guards.
#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "actors/chart_engine.h"

namespace prefork {

/// The engine behind `createActor` of runtime/xstate/driver.ts. What that throws ends the process:
/// a chart that stops in the middle would leave callers waiting.
class JsEngine final : public ChartEngine {
 public:
  /// For as long as the native function lasts to which JavaScript has handed `create_actor`.
  explicit JsEngine(Napi::Function create_actor) : create_actor_(create_actor) {}

  [[nodiscard]] const char* name() const override { return "xstate"; }
  std::unique_ptr<engine::Machine> make_machine(const engine::Chart& chart,
                                                engine::Host& host) override;
  pid_t fork(std::string* failure) override;

 private:
  Napi::Function create_actor_;
};

}  // namespace prefork
