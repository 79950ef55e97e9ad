// One call by a client, and what the processes that it forks become.
#pragma once

#include "actors/chart_engine.h"

namespace prefork {

/// Runs a client with the words of its command line, the first of which is its own name, and in the
/// processes that it forks the watcher and the setup. Returns the status to exit with, if it
/// returns at all; exit by _exit: a thread may still wait for the lock. The charts run by `engine`;
/// nullptr: by their tables.
int run_call(int word_count, char** words, ChartEngine* engine);

}  // namespace prefork
