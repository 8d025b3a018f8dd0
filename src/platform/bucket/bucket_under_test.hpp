/// For tests: a bucket with all that a suite needs beside it.
#pragma once

#include "platform/bucket/bucket.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace spaces::bucket {

/// What came of an upload by its sender.
enum class sent : std::uint8_t { taken, refused };

/// An empty bucket, what it stands on, and somebody who uses permissions: with these headers in place of the
/// permission's of the same name. `missing` says why it cannot be had on this machine.
struct bucket_under_test {
  std::shared_ptr<void> ground;
  std::unique_ptr<object_store> bucket;
  std::function<sent(const upload_permission& by, std::string_view bytes, const names_and_values& headers)> upload;
  /// Sets the bucket's clock on, or back.
  std::function<void(std::chrono::seconds by)> shift_clock;
  std::string missing;
};
using bucket_factory = bucket_under_test (*)();

}  // namespace spaces::bucket
