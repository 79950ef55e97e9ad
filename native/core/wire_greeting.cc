#include "core/wire_greeting.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "core/descriptor.h"
#include "core/retry.h"

namespace prefork {

std::string encode_greeting(std::string_view extra_data) {
  std::string greeting(kGreetingMagic);
  const WireInteger length = encode_integer(static_cast<uint32_t>(extra_data.size()));
  greeting.append(length.data(), length.size());
  greeting.append(extra_data);
  return greeting;
}

WireOutcome send_greeting_with_mark(int fd, Failure* failure) {
  const Result<Descriptor> mark = open_null(O_RDONLY);
  if (!mark.ok()) {
    *failure = mark.failure();
    return WireOutcome::kFailed;
  }
  return send_with_descriptor(fd, encode_greeting(""), mark.value().get(), failure);
}

WireOutcome send_refusal(int fd, std::string_view reason, Failure* failure) {
  const std::string extra_data = std::string(kDeclined).append(reason).substr(0, kLongestExtraData);
  size_t sent = 0;
  return write_all(fd, encode_greeting(extra_data), &sent, failure);
}

bool greeting_follows(int fd) {
  std::array<char, kGreetingMagic.size()> next = {};
  const ssize_t seen =
      retry_on_eintr([&] { return recv(fd, next.data(), next.size(), MSG_PEEK | MSG_DONTWAIT); });
  return seen == static_cast<ssize_t>(next.size()) &&
         std::string_view(next.data(), next.size()) == kGreetingMagic;
}

std::optional<std::string> GreetingReader::refusal() const {
  if (!extra_data_.starts_with(kDeclined)) return std::nullopt;
  return extra_data_.substr(kDeclined.size());
}

WireOutcome GreetingReader::feed(int fd) {
  if (!header_complete_) {
    const WireOutcome outcome =
        read_exactly(fd, header_, kHeaderSize, &filled_, &failure_, &is_marked_);
    // Judged as far as it came: a peer that says something else need not be waited for.
    if (memcmp(header_, kGreetingMagic.data(), std::min(filled_, kGreetingMagic.size())) != 0) {
      return check_header();
    }
    if (outcome != WireOutcome::kComplete) return outcome;
    if (check_header() != WireOutcome::kComplete) return WireOutcome::kGarbage;
  }
  return read_exactly(fd, extra_data_.data(), extra_data_.size(), &extra_filled_, &failure_);
}

WireOutcome GreetingReader::check_header() {
  char text[64];
  if (memcmp(header_, kGreetingMagic.data(), kGreetingMagic.size()) != 0) {
    const auto byte = [this](int i) { return static_cast<unsigned>(header_[i]) & 0xffu; };
    snprintf(text, sizeof(text), "unexpected greeting 0x%02x%02x%02x%02x from the server", byte(0),
             byte(1), byte(2), byte(3));
    failure_ = Failure{0, text};
    return WireOutcome::kGarbage;
  }
  WireInteger length_bytes;
  memcpy(length_bytes.data(), header_ + kGreetingMagic.size(), length_bytes.size());
  const uint32_t length = decode_integer(length_bytes);
  if (length > kLongestExtraData) {
    snprintf(text, sizeof(text), "greeting with %u bytes of extra data", length);
    failure_ = Failure{0, text};
    return WireOutcome::kGarbage;
  }
  extra_data_.resize(length);
  header_complete_ = true;
  return WireOutcome::kComplete;
}

}  // namespace prefork
