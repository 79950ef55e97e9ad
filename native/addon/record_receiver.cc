#include "addon/record_receiver.h"

#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>
#include <vector>

namespace prefork {

namespace {

constexpr size_t kLargestRecord = 4096;
constexpr unsigned kAtOnce = 32;
// Beyond it the kernel's queue fills, and senders count what they cannot send.
constexpr size_t kMostPending = 64 << 20;
constexpr std::uint64_t kShortestSlice = 100'000;  // ns

// A thread that asks for the processor often but never for long gets it at once, from Linux 6.12
// on; before that the kernel ignores the wish.
void ask_for_short_slices() {
  // As in linux/sched/types.h, which older C libraries' sched.h contradicts.
  struct {
    std::uint32_t size, policy;
    std::uint64_t flags;
    std::int32_t nice;
    std::uint32_t priority;
    std::uint64_t runtime, deadline, period;
  } wish = {};
  wish.size = sizeof wish;
  wish.policy = SCHED_OTHER;
  wish.runtime = kShortestSlice;
  (void)syscall(SYS_sched_setattr, 0, &wish, 0);
}

}  // namespace

Result<std::unique_ptr<RecordReceiver>> RecordReceiver::open(const std::string& path,
                                                             std::function<void()> wake) {
  auto bound = receive_datagrams_at(path);
  if (!bound.ok()) return bound.failure();
  return std::unique_ptr<RecordReceiver>(
      new RecordReceiver(path, std::move(bound).value(), std::move(wake)));
}

RecordReceiver::RecordReceiver(std::string path, DatagramSocket socket, std::function<void()> wake)
    : path_(std::move(path)), socket_(std::move(socket)), wake_(std::move(wake)) {
  thread_ = std::thread([this] { receive(); });
}

void RecordReceiver::receive() {
  ask_for_short_slices();
  std::vector<char> buffer(kAtOnce * kLargestRecord);
  std::vector<iovec> vectors(kAtOnce);
  std::vector<mmsghdr> headers(kAtOnce);
  for (unsigned index = 0; index < kAtOnce; ++index) {
    vectors[index] = {buffer.data() + index * kLargestRecord, kLargestRecord};
    headers[index].msg_hdr.msg_iov = &vectors[index];
    headers[index].msg_hdr.msg_iovlen = 1;
  }
  unsigned sizes[kAtOnce];
  for (;;) {
    const int count =
        recvmmsg(socket_.socket.get(), headers.data(), kAtOnce, MSG_WAITFORONE, nullptr);
    for (int index = 0; index < count; ++index) {
      // What is longer is no record.
      const bool is_whole = (headers[index].msg_hdr.msg_flags & MSG_TRUNC) == 0;
      sizes[index] = is_whole ? headers[index].msg_len : 0;
    }
    if (!keep(buffer.data(), sizes, count < 0 ? 0 : static_cast<unsigned>(count))) return;
  }
}

// False once the receiver is closed.
bool RecordReceiver::keep(const char* datagrams, const unsigned* sizes, unsigned count) {
  bool was_empty;
  {
    std::unique_lock lock(mutex_);
    taken_.wait(lock, [this] { return closed_ || pending_.size() < kMostPending; });
    if (closed_) return false;
    was_empty = pending_.empty();
    for (unsigned index = 0; index < count; ++index) {
      if (sizes[index] == 0) continue;
      pending_.append(datagrams + index * kLargestRecord, sizes[index]).push_back('\n');
    }
    was_empty = was_empty && !pending_.empty();
  }
  if (was_empty) wake_();
  return true;
}

std::string RecordReceiver::take() {
  std::string taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(pending_);
  }
  taken_.notify_one();
  return taken;
}

void RecordReceiver::close() {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
  }
  auto named = stat_socket(path_);
  if (named.ok() && same_socket(named.value(), socket_.file)) unlink(path_.c_str());
  taken_.notify_one();
  // It ends the recvmmsg() that the thread waits in.
  shutdown(socket_.socket.get(), SHUT_RD);
  thread_.join();
  socket_.socket.reset();
}

}  // namespace prefork
