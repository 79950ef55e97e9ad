#include "core/identity.h"

#include <sha256.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <array>
#include <cstdint>
#include <cstdlib>

#include "core/retry.h"
#include "core/run_directory.h"

namespace prefork {

namespace {

// Feeds the hash: each item is a key byte and then the item as it lies in memory.
class Digest {
 public:
  Digest() { SHA256_Init(&context_); }

  void add_key(char key) { add_bytes(&key, 1); }

  template <class Object>
  void add_object(char key, const Object& object) {
    add_key(key);
    add_bytes(&object, sizeof(object));
  }

  // With its NUL, so that no two lists of strings look alike.
  void add_string(char key, const char* text) {
    add_key(key);
    add_bytes(text, std::char_traits<char>::length(text) + 1);
  }

  std::string hexadecimal() {
    std::array<uint8_t, SHA256_DIGEST_LENGTH> digest;
    SHA256_Final(digest.data(), &context_);
    std::string text;
    for (const uint8_t byte : digest) {
      text += "0123456789abcdef"[byte >> 4];
      text += "0123456789abcdef"[byte & 15];
    }
    return text;
  }

 private:
  void add_bytes(const void* bytes, size_t size) {
    SHA256_Update(&context_, static_cast<const uint8_t*>(bytes), size);
  }

  SHA256_CTX context_;
};

Result<void> add_machine(Digest* digest) {
  // Zeroed: what follows the strings in their arrays is hashed as well.
  utsname names = {};
  if (uname(&names) == -1) return Failure{errno, "get the machine's name"};
  digest->add_object('u', sizeof(names));
  digest->add_object('u', names);
  return {};
}

Result<void> add_directory(Digest* digest, const char* path) {
  struct stat status;
  if (retry_on_eintr([&] { return stat(path, &status); }) == -1) {
    return Failure{errno, std::string("look at directory ") + path};
  }
  digest->add_object(path[0], status.st_dev);
  digest->add_object('i', status.st_ino);
  return {};
}

void add_key_part(Digest* digest, const KeyPart& part) {
  digest->add_string(part.kind, part.text.c_str());
  if (part.kind != 'E') return;
  const char* value = getenv(part.text.c_str());
  if (value != nullptr) {
    digest->add_string('v', value);
  } else {
    digest->add_key('\0');
  }
}

}  // namespace

Result<std::string> identity_hash(const CommandLine& line) {
  Digest digest;
  digest.add_key(1);
  auto machine = add_machine(&digest);
  if (!machine.ok()) return machine.failure();
  for (const char* path : {".", "/"}) {
    auto directory = add_directory(&digest, path);
    if (!directory.ok()) return directory.failure();
  }
  for (const KeyPart& part : line.key_parts) add_key_part(&digest, part);
  digest.add_string('i', line.interpreter.c_str());
  if (line.script) digest.add_string('s', line.script->c_str());
  return digest.hexadecimal();
}

Result<std::string> socket_ident(const CommandLine& line, const std::string& run_directory) {
  if (line.ident) {
    const size_t room = ident_room(run_directory);
    if (line.ident->size() <= room) return *line.ident;
    return Failure{0, "-g " + *line.ident + " is too long for a socket in " + run_directory +
                          ": at most " + std::to_string(room) + " characters fit"};
  }
  auto longest = longest_ident(run_directory);
  if (!longest.ok()) return longest.failure();
  auto hash = identity_hash(line);
  if (!hash.ok()) return hash;
  return hash.value().substr(0, longest.value());
}

}  // namespace prefork
