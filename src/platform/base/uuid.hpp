/// Identifiers: UUIDs as RFC 9562 has them.
#pragma once

#include "platform/base/clock.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace spaces {

struct uuid {
  std::array<std::uint8_t, 16> bytes{};

  friend auto operator<=>(const uuid&, const uuid&) = default;
  bool is_nil() const { return *this == uuid{}; }
};

/// 36 characters, lower case.
inline constexpr std::size_t uuid_text_size = 36;
/// Writes `uuid_text_size` characters at `out`.
void write_uuid(const uuid& id, char* out);
std::string to_text(const uuid& id);

/// The 36-character form in either case; nothing else.
std::optional<uuid> parse_uuid(std::string_view text);

/// Version 7: ordered by time within and across processes to the millisecond, and strictly
/// increasing within this process (RFC 9562, 6.2, method 1: a counter in rand_a), so that two
/// things of one millisecond keep the order in which they were made.
uuid make_uuid_v7(instant now);

/// Version 8: the first 122 bits of a SHA-256 over `parts`, each with its length before it. The
/// same parts always give the same id: how an import finds what it made the last time.
uuid make_uuid_v8(std::span<const std::string_view> parts);

}  // namespace spaces
