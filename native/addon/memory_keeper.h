// The end of a process without the time that it takes to give its memory back.
#pragma once

namespace prefork::live_node {

/// Closes all descriptors of this process, which must be about to _exit(), and leaves its memory to
/// a sibling, a child of the same parent, which ends as soon as this process has. So the parent
/// hears of the end up to a millisecond sooner; it should wait for the sibling as well. Does
/// nothing where other threads may still be using descriptors, or where there is no such process to
/// be had: then the end only takes longer.
void leave_memory_to_keeper();

}  // namespace prefork::live_node
