#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/datagram_socket.h"

namespace prefork {

// Takes in the records of a trace on a thread of its own. The kernel keeps no more than
// net.unix.max_dgram_qlen of them, ten as a rule, and a sender never waits: a reader that does
// anything else besides would lose most of what a busy machine says.
class RecordReceiver {
 public:
  // `wake` is called on that thread when there is something to take after there was nothing.
  static Result<std::unique_ptr<RecordReceiver>> open(const std::string& path,
                                                      std::function<void()> wake);
  ~RecordReceiver() { close(); }
  RecordReceiver(const RecordReceiver&) = delete;
  RecordReceiver& operator=(const RecordReceiver&) = delete;

  // What has come since the last time, each datagram with a newline behind it.
  std::string take();
  // Ends the thread and removes the socket, if the path still names it; a second call does nothing.
  void close();

 private:
  RecordReceiver(std::string path, DatagramSocket socket, std::function<void()> wake);
  void receive();
  bool keep(const char* datagrams, const unsigned* sizes, unsigned count);

  const std::string path_;
  DatagramSocket socket_;
  const std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable taken_;
  std::string pending_;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace prefork
