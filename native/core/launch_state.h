#pragma once

#include "core/result.h"

namespace prefork {

// What an interpreter such as Node changes of its process before any of its code runs, and a call
// must be made without: dispositions and mask of signals, the limit of open descriptors, which of
// them go through an exec, and variables that would steer the interpreter itself. It travels in one
// variable of the environment; all others stay in their places.

// Puts this process's into its environment. To be called just before exec.
Result<void> pack_launch_state();

// Makes this process what it was when pack_launch_state() was called; what is unknown becomes the
// system's default. Signals are then blocked in all threads but the calling one.
Result<void> unpack_launch_state();

}  // namespace prefork
