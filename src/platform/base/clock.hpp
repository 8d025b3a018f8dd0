/// Time, handed in so that tests can hold it still, and its one spelling on the outside.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace spaces {

/// Milliseconds since 1970-01-01T00:00:00Z.
using instant = std::chrono::sys_time<std::chrono::milliseconds>;

class clock {
 public:
  clock() = default;
  clock(const clock&) = delete;
  clock& operator=(const clock&) = delete;
  virtual ~clock() = default;
  virtual instant now() const = 0;
};

/// The machine's clock.
class system_clock final : public clock {
 public:
  instant now() const override;
};

/// "2026-11-22T08:00:00.000Z": always 24 characters for the years 0 to 9999, always UTC.
inline constexpr std::size_t instant_text_size = 24;
/// Writes so many characters at `out`; returns where they end.
char* write_instant(char* out, instant when);
void append_instant(std::string& out, instant when);
std::string to_text(instant when);

/// Reads RFC 3339 with `Z` or an offset and 0 to 9 fraction digits (cut to milliseconds).
std::optional<instant> parse_instant(std::string_view text);

}  // namespace spaces
