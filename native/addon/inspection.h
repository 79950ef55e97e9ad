#pragma once

#include <napi.h>

namespace prefork {

// What the tools need of this machine, for runtime/addon.ts.
void export_inspection(Napi::Env env, Napi::Object exports);

}  // namespace prefork
