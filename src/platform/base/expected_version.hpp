/// Which version of a thing a change is meant for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace spaces {

/// Empty: any version will do. Otherwise the versions one of which it must have now.
struct expected_version {
  std::optional<std::vector<std::int64_t>> any_of;

  bool admits(std::int64_t version) const {
    return !any_of || std::find(any_of->begin(), any_of->end(), version) != any_of->end();
  }
};

}  // namespace spaces
