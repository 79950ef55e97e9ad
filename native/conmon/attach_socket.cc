#include "conmon/attach_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "core/retry.h"

namespace prefork {

namespace {

constexpr char kName[] = "attach";
constexpr int kBacklog = 10;
constexpr std::size_t kLongestOutput = 8192;
constexpr std::size_t kPathRoom = sizeof(sockaddr_un::sun_path) - 1;
// Packets handed to the kernel at once.
constexpr std::size_t kBatch = 32;

using Length = std::uint32_t;

char mark_of(Source source) { return source == Source::kOutput ? 2 : 3; }

}  // namespace

Result<void> AttachSocket::open(const std::string& bundle) {
  const int directory =
      retry_on_eintr([&] { return ::open(bundle.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC); });
  if (directory == -1) return Failure{errno, "open bundle " + bundle};
  const Descriptor held(directory);
  const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd == -1) return Failure{errno, "make attach socket"};
  socket_.reset(fd);
  const std::string path = bundle + "/" + kName;
  if (fchmod(fd, S_IRWXU) != 0) return Failure{errno, "set mode of attach socket"};
  if (unlinkat(directory, kName, 0) != 0 && errno != ENOENT) {
    return Failure{errno, "remove old attach socket " + path};
  }
  const std::string short_path = "/proc/self/fd/" + std::to_string(directory) + "/" + kName;
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, short_path.c_str(), short_path.size());
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Failure{errno, "bind attach socket " + path};
  }
  file_ = OwnFile::at(path);
  if (listen(fd, kBacklog) != 0) return Failure{errno, "listen on attach socket " + path};
  return {};
}

Result<void> AttachSocket::link(const std::string& directory, const std::string& name,
                                const std::string& bundle) {
  std::string path = directory + "/" + name;
  // Clients put "/attach" behind it where they can, and cut the name by one where they cannot.
  if (path.size() == kPathRoom) path.pop_back();
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return Failure{errno, "remove " + path};
  if (symlink(bundle.c_str(), path.c_str()) != 0) return Failure{errno, "make link " + path};
  link_ = OwnFile::at(path);
  return {};
}

Result<std::optional<Descriptor>> AttachSocket::accept() {
  const int fd = retry_on_eintr(
      [&] { return accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK); });
  if (fd >= 0) return std::optional<Descriptor>(Descriptor(fd));
  if (errno == EAGAIN || errno == ECONNABORTED) return std::optional<Descriptor>();
  return Failure{errno, "accept client"};
}

void AttachSocket::remove() {
  close();
  file_.remove();
  link_.remove();
}

void PacketQueue::add(Source source, std::string_view output) {
  while (!output.empty()) {
    const std::string_view piece = output.substr(0, kLongestOutput);
    const auto length = static_cast<Length>(piece.size() + 1);
    char* out = bytes_.room(sizeof length + length);
    std::memcpy(out, &length, sizeof length);
    out[sizeof length] = mark_of(source);
    std::memcpy(out + sizeof length + 1, piece.data(), piece.size());
    bytes_.grow(sizeof length + length);
    output.remove_prefix(piece.size());
  }
}

PacketQueue::Outcome PacketQueue::send(int connection) {
  while (!bytes_.empty()) {
    mmsghdr messages[kBatch] = {};
    iovec parts[kBatch];
    std::string_view rest = bytes_.view();
    unsigned count = 0;
    for (; count < kBatch && !rest.empty(); ++count) {
      Length length;
      std::memcpy(&length, rest.data(), sizeof length);
      parts[count] = {const_cast<char*>(rest.data()) + sizeof length, length};
      messages[count].msg_hdr.msg_iov = &parts[count];
      messages[count].msg_hdr.msg_iovlen = 1;
      rest.remove_prefix(sizeof length + length);
    }
    const int sent =
        retry_on_eintr([&] { return sendmmsg(connection, messages, count, MSG_NOSIGNAL); });
    if (sent < 0) {
      const bool is_full = errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM;
      return is_full ? Outcome::kLeft : Outcome::kGone;
    }
    std::size_t taken = 0;
    for (int index = 0; index < sent; ++index) taken += sizeof(Length) + parts[index].iov_len;
    bytes_.consume(taken);
  }
  return Outcome::kSent;
}

Result<std::size_t> receive_packet(int connection, std::string& packet) {
  // How large it is, before it is taken: what does not fit into the room would be gone.
  const ssize_t size = retry_on_eintr(
      [&] { return recv(connection, nullptr, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT); });
  if (size < 0) return Failure{errno, "receive from client"};
  packet.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 1)));
  const ssize_t received =
      retry_on_eintr([&] { return recv(connection, packet.data(), packet.size(), MSG_DONTWAIT); });
  if (received < 0) return Failure{errno, "receive from client"};
  packet.resize(static_cast<std::size_t>(received));
  return packet.size();
}

}  // namespace prefork
