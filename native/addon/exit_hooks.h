// How an executor ends: always by _exit. Node's own teardown would join threads that do not exist
// here.
#pragma once

namespace prefork::live_node {

// Hooks this process's end, without any effect until take_over_exit(). Early, because hooks run in
// reverse order and those of other addons must have had their turn. Once, on the main thread.
void install_exit_hooks();

// Where threads cannot be joined (an executor does not have them, a setup may have one that never
// ends): from now on every end of this process goes through _exit with Node's status, after the
// flags and terminal modes of descriptors 0, 1, 2 have been put back to what they are now: they
// belong to the caller, and Node puts back only what it saw at its own start. After these have been
// rebound. A parent that reaps all of its children is told of the end before the memory is given
// back.
enum class Parent { kReapsThisOne, kReapsAll };
void take_over_exit(Parent parent);

// The status for a natural end, which Node's hooks there do not tell.
void set_exit_code(int code);

}  // namespace prefork::live_node
