// The few names of Node and V8 that this addon links to, declared by hand: their headers differ
// from one major to the next, these mangled names have been the same in every Node from 20 to 26.
// Private functions are not here: those are looked up at run time, and may be missing.
#pragma once

#include <functional>

namespace v8 {

class Context;

// V8 hands handles around by value as one machine word.
template <class T>
class Local {
 private:
  void* slot_;
};

class Isolate {
 public:
  enum GarbageCollectionType { kFullGarbageCollection };

  static Isolate* GetCurrent();
  Local<Context> GetCurrentContext();
  // Aborts the process unless the flag --expose-gc is on.
  void RequestGarbageCollectionForTesting(GarbageCollectionType type);
};

class V8 {
 public:
  static void SetFlagsFromString(const char* flags);
};

// Work for a background thread. Only its vtable matters here: destructor, deleting destructor, Run.
class Task {
 public:
  virtual ~Task() = default;
  virtual void Run() = 0;
};

}  // namespace v8

namespace node {

class Environment;
class MultiIsolatePlatform;

Environment* GetCurrentEnvironment(v8::Local<v8::Context> context);
MultiIsolatePlatform* GetMultiIsolatePlatform(Environment* env);
void SetProcessExitHandler(Environment* env, std::function<void(Environment*, int)>&& handler);
void AddEnvironmentCleanupHook(v8::Isolate* isolate, void (*hook)(void*), void* argument);

}  // namespace node

namespace prefork::live_node {

inline ::node::Environment* current_environment() {
  return ::node::GetCurrentEnvironment(v8::Isolate::GetCurrent()->GetCurrentContext());
}

}  // namespace prefork::live_node
