#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace prefork {

// Bytes that are added at the end and taken from the front. Memory is reused, and given back once a
// large burst has gone through.
class ByteQueue {
 public:
  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return end_ - begin_; }
  std::string_view view() const { return {bytes_.get() + begin_, size()}; }

  // Room for `count` more bytes, to be written by the caller, who then says how many with grow().
  char* room(std::size_t count) {
    if (count > capacity_ - end_) make_room(count);
    return bytes_.get() + end_;
  }
  void grow(std::size_t count) { end_ += count; }

  void append(std::string_view bytes) {
    std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
    grow(bytes.size());
  }

  void consume(std::size_t count) {
    begin_ += count;
    if (begin_ < end_) return;
    begin_ = end_ = 0;
    if (capacity_ > kKept) {
      bytes_.reset();
      capacity_ = 0;
    }
  }
  void clear() { consume(size()); }
  // Takes the last bytes back.
  void cut(std::size_t count) { end_ -= count; }

 private:
  static constexpr std::size_t kKept = std::size_t{1} << 20;

  void make_room(std::size_t count) {
    const std::size_t kept = size();
    const std::size_t wanted = kept + count;
    if (wanted > capacity_) {
      const std::size_t larger = wanted > 2 * capacity_ ? wanted : 2 * capacity_;
      auto bytes = std::make_unique_for_overwrite<char[]>(larger);
      if (kept > 0) std::memcpy(bytes.get(), bytes_.get() + begin_, kept);
      bytes_ = std::move(bytes);
      capacity_ = larger;
    } else if (kept > 0) {
      std::memmove(bytes_.get(), bytes_.get() + begin_, kept);
    }
    begin_ = 0;
    end_ = kept;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace prefork
