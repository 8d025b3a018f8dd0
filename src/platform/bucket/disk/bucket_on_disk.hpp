/// For tests: a bucket in a folder of its own, and a clock that stands.
#pragma once

#include "platform/bucket/bucket_under_test.hpp"
#include "platform/bucket/disk/disk_bucket.hpp"

#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <stdlib.h>

namespace spaces::bucket {

class moved_clock final : public clock {
 public:
  instant now() const override { return instant(std::chrono::milliseconds(now_ms_.load())); }
  void move(std::chrono::seconds by) { now_ms_ += by.count() * 1000; }

 private:
  std::atomic<std::int64_t> now_ms_{1'795'334'400'000};  // 2026-11-22T08:00:00Z
};

struct disk_ground {
  disk_ground() {
    std::string name = (std::filesystem::temp_directory_path() / "bucket_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a test");
    above = name;
  }
  disk_ground(const disk_ground&) = delete;
  disk_ground& operator=(const disk_ground&) = delete;
  ~disk_ground() { std::filesystem::remove_all(above); }

  std::unique_ptr<disk_bucket> open() {
    auto made = open_disk_bucket({above / "bucket", "http://localhost/uploads/", "a secret"}, time);
    if (!made) throw std::runtime_error(made.error().public_text);
    return *std::move(made);
  }

  std::filesystem::path above;
  moved_clock time;
};

/// As the server does it: the token from the path, the body in pieces.
inline result<object_info> upload_to(disk_bucket& bucket, const upload_permission& by, std::string_view bytes,
                                     const names_and_values& headers) {
  upload_headers said;
  said.content_length = bytes.size();
  for (const names_and_values* all : {&by.headers, &headers})
    for (const auto& [name, value] : *all) {
      if (name == "Content-Type") said.content_type = value;
      if (name == checksum_header) said.checksum = value;
    }
  auto taken = bucket.begin_upload(by.url.substr(by.url.rfind('/') + 1), said);
  if (!taken) return taken.error();
  for (std::size_t at = 0; at < bytes.size(); at += 4)
    if (const auto done = (*taken)->write(bytes.substr(at, 4)); !done) return done.error();
  return (*taken)->finish();
}

inline bucket_under_test make_a_disk_bucket() {
  const auto ground = std::make_shared<disk_ground>();
  auto bucket = ground->open();
  bucket_under_test made;
  made.ground = ground;
  made.upload = [bucket = bucket.get()](const upload_permission& by, std::string_view bytes,
                                        const names_and_values& headers) {
    return upload_to(*bucket, by, bytes, headers) ? sent::taken : sent::refused;
  };
  made.shift_clock = [ground = ground.get()](std::chrono::seconds time) { ground->time.move(time); };
  made.bucket = std::move(bucket);
  return made;
}

}  // namespace spaces::bucket
