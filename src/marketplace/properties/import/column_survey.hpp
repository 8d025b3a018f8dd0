/// The first pass over a file: what its columns hold as a whole. A number or a date that can be read two ways is told
/// by the other cells of its column, or by people, and never by guess: a column that stays ambiguous is an error that
/// names it and what to say. Memory does not grow with the file.
#pragma once

#include "marketplace/properties/import/column_plan.hpp"
#include "marketplace/properties/import/row_source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

/// Rows that are looked at for columns that could be keys: what repeats nowhere in so many is worth naming.
inline constexpr std::size_t key_rows_max = 20'000;
/// Keys that are held to tell how many rows repeat one; 16 MiB.
inline constexpr std::size_t keys_counted_max = 1'000'000;
/// Of a sample that is shown.
inline constexpr std::size_t sample_bytes_max = 60;

/// Hashes of texts, to tell whether one came before.
class text_set {
 public:
  /// False when it was there.
  bool insert(std::string_view text);
  std::size_t size() const { return size_; }
  void clear() { *this = {}; }

 private:
  std::vector<std::uint64_t> slots_;
  std::size_t size_ = 0;
};

class column_survey {
 public:
  /// Takes a row that can be read.
  void look(const source_row& row, const std::vector<std::string>& columns, const column_plan& plan);

  /// Once all rows were looked at. `malformed` with one sentence for all columns that stay ambiguous.
  result<void> decide(const std::vector<std::string>& columns, const column_plan& plan, const mapping_rules& rules);

  decimal_mark mark_of(std::size_t column) const;
  /// Empty: each cell has one reading.
  std::optional<spaces::properties::date_order> date_order() const { return date_order_; }
  /// The first text that says something; empty when there is none.
  std::string_view sample_of(std::size_t column) const;
  /// True when a mark in the column's numbers told its format, so that it is worth showing.
  bool has_format(std::size_t column) const;
  /// Columns that hold another text in each row, those that are called like keys first.
  std::vector<std::string> key_like(const std::vector<std::string>& columns, const column_plan& plan) const;
  /// Rows whose key stood in an earlier row; counted among the first `keys_counted_max` keys.
  std::uint64_t repeated_keys() const { return repeated_keys_; }

 private:
  struct example {
    std::string text;
    std::size_t line = 0;
    bool there() const { return line != 0; }
  };
  struct facts {
    std::string sample;
    const record::field* number = nullptr;  ///< the field of numbers that it is for
    example point, comma, either;
    decimal_mark mark = decimal_mark::any;
    bool distinct = true;
    text_set texts;
  };

  void plan_changed(std::size_t columns, const column_plan& plan);
  void look_at_number(facts& of, const cell& from, std::size_t line);
  void look_at_date(const cell& from, std::size_t line);
  void look_at_key(const source_row& row, const column_plan& plan);
  std::optional<decimal_mark> told_mark(std::size_t column, const std::vector<std::string>& columns,
                                        const mapping_rules& rules) const;
  std::optional<decimal_mark> mark_by_file(const facts& of) const;
  std::string decide_numbers(const std::vector<std::string>& columns, const mapping_rules& rules);
  std::string decide_date(const std::vector<std::string>& columns, const column_plan& plan, const mapping_rules& rules);

  std::vector<facts> facts_;
  std::uint64_t rows_ = 0;
  text_set keys_;
  std::uint64_t repeated_keys_ = 0;
  unsigned orders_ = 7;                ///< a bit for each date order that all dates allow
  std::array<example, 3> date_pairs_;  ///< a date that differs by orders 0 and 1, 0 and 2, 1 and 2
  std::optional<spaces::properties::date_order> date_order_;
};

}  // namespace spaces::properties
