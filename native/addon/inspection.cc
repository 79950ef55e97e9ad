#include "addon/inspection.h"

#include <string>
#include <utility>

#include "addon/record_receiver.h"
#include "core/run_directory.h"

namespace prefork {
namespace {

Napi::Value raise(Napi::Env env, const Failure& failure) {
  Napi::Error error = Napi::Error::New(env, failure.message());
  if (failure.error != 0) error.Set("errno", Napi::Number::New(env, failure.error));
  error.ThrowAsJavaScriptException();
  return env.Undefined();
}

Napi::Value find_the_run_directory(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto found = find_run_directory(run_directory_rules());
  if (!found.ok()) return raise(env, found.failure());
  return Napi::String::New(env, found.value().path);
}

// A receiver with the function that it wakes, which keeps Node's loop alive until it is closed.
class Receiving {
 public:
  static Napi::Value open(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    auto wake = Napi::ThreadSafeFunction::New(env, info[1].As<Napi::Function>(), "records", 0, 1);
    // Never blocks: a wake that finds the queue closing is one that nobody waits for.
    auto opened = RecordReceiver::open(info[0].As<Napi::String>().Utf8Value(),
                                       [wake]() mutable { (void)wake.NonBlockingCall(); });
    if (!opened.ok()) {
      wake.Release();
      return raise(env, opened.failure());
    }
    auto* receiving = new Receiving(std::move(opened).value(), wake);
    Napi::Object face = Napi::Object::New(env);
    face.Set("take", Napi::Function::New(env, &Receiving::take, "take", receiving));
    face.Set("close", Napi::Function::New(env, &Receiving::close, "close", receiving));
    face.AddFinalizer([](Napi::Env, Receiving* ended) { delete ended; }, receiving);
    return face;
  }

 private:
  Receiving(std::unique_ptr<RecordReceiver> receiver, Napi::ThreadSafeFunction wake)
      : receiver_(std::move(receiver)), wake_(wake) {}

  static Napi::Value take(const Napi::CallbackInfo& info) {
    const std::string taken = static_cast<Receiving*>(info.Data())->receiver_->take();
    return Napi::Buffer<char>::Copy(info.Env(), taken.data(), taken.size());
  }

  static void close(const Napi::CallbackInfo& info) {
    auto* receiving = static_cast<Receiving*>(info.Data());
    receiving->receiver_->close();
    if (!std::exchange(receiving->released_, true)) receiving->wake_.Release();
  }

  std::unique_ptr<RecordReceiver> receiver_;
  Napi::ThreadSafeFunction wake_;
  bool released_ = false;
};

}  // namespace

void export_inspection(Napi::Env env, Napi::Object exports) {
  exports.Set("findRunDirectory",
              Napi::Function::New(env, find_the_run_directory, "findRunDirectory"));
  exports.Set("receiveRecords", Napi::Function::New(env, &Receiving::open, "receiveRecords"));
}

}  // namespace prefork
