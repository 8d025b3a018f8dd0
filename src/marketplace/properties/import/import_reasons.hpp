/// Why rows and cells of a file did not go in, counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace spaces::properties {

/// Different reasons that are counted apart; any after them count as one.
inline constexpr std::size_t reasons_max = 500;
/// Of a value that is shown.
inline constexpr std::size_t reason_value_bytes_max = 60;

/// What was lost.
enum class lost : std::uint8_t {
  row,       ///< rejected: it breaks a rule, and stands in the file of rejected rows
  cell,      ///< the field stays as it was; the row went in
  left_out,  ///< the row is nothing that this marketplace has
};

struct reason_total {
  spaces::properties::lost lost;
  std::string column;  ///< empty: the whole row
  std::string reason;
  std::uint64_t count = 0;
  std::size_t line = 0;  ///< of the first
  std::string value;     ///< of the first
};

class reason_totals {
 public:
  void add(lost what, std::string_view column, std::string_view reason, std::size_t line, std::string_view value);
  void add(const reason_totals& others);
  /// The most frequent first, by what was lost.
  std::vector<reason_total> sorted() const;

 private:
  using name = std::tuple<lost, std::string, std::string>;
  std::map<name, reason_total, std::less<>> totals_;
};

}  // namespace spaces::properties
