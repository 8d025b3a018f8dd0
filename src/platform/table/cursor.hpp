/// Places in a list, handed to clients and back: opaque, sealed with the store's secret, so that an
/// altered one, or one of another question, is noticed.
#pragma once

#include "platform/base/digest.hpp"
#include "platform/table/table.hpp"

#include <string>
#include <string_view>

namespace spaces::table {

/// A cursor's text; the longest place (two keys at their limits) gives fewer.
inline constexpr std::size_t cursor_bytes_max = 640;

class cursor_seal {
 public:
  explicit cursor_seal(std::string_view secret) : secret_(secret) {}

  /// base64url text of a place in the answer to `question` (any text that names filters and order).
  std::string seal(const position& place, std::string_view question) const;

  /// The place; empty when the text is not a cursor that `seal` gave for the same question.
  std::optional<position> open(std::string_view cursor, std::string_view question) const;

  /// Has `rows` go on behind the cursor that a client sent, where it sent one. `invalid` when `seal` did not give it
  /// for the same question.
  result<void> resume(query& rows, const std::optional<std::string>& cursor, std::string_view question) const;

 private:
  std::string mac(std::string_view place, std::string_view question) const;
  hmac_sha256_key secret_;
};

}  // namespace spaces::table
