#pragma once

#include <string>

#include "core/descriptor.h"

namespace prefork {

// The lock on an identity, in steps: open, lock, then make sure that the path still names what was
// locked; if not, start again from open.
//
// The last step closes the race with a remover: A and B open the same lock file; B gets the lock,
// does its work, unlinks the file (still locked) and leaves; A now gets the lock, but on a file
// that has no name. C comes, creates a new file under that name and locks it as well: A and C
// would both be inside. Whoever unlinks must hold the lock, so once A holds it and the path names
// A's file, nobody else can remove or replace it.
//
// flock() locks belong to the open file description: a forked child that keeps the descriptor
// keeps the lock, after the parent has closed its own. Close-on-exec covers children that exec;
// others close it themselves.

// Creates the file (0600) if need be.
Result<Descriptor> open_lock(const std::string& path);

// True if the lock is now ours, false if somebody else holds it.
Result<bool> try_lock(int fd);

// Waits for the lock.
Result<void> lock_blocking(int fd);

// Does `path` name the file that `fd` has open?
Result<bool> is_still_at(int fd, const std::string& path);

}  // namespace prefork
