/// What the router's `begin` hands to what comes after it.
#pragma once

#include "platform/base/caller.hpp"
#include "platform/http/message.hpp"
#include "platform/http/negotiation.hpp"
#include "platform/http/route.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace spaces::http {

struct pending {
  const route* row = nullptr;
  known_fields fields;
  caller who;
  std::string_view parameter;
  std::string_view second;
  std::optional<std::uint64_t> table_version;
  std::optional<response> refused;  ///< unless `permits_one` has something else to say
};

/// As rows are named.
inline std::string_view without_trailing_slash(std::string_view path) {
  if (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return path;
}

}  // namespace spaces::http
