#include "marketplace/properties/import/column_survey.hpp"

#include "marketplace/properties/import/cell_text.hpp"
#include "marketplace/properties/import/column_names.hpp"
#include "platform/base/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <functional>

namespace spaces::properties {

namespace {

constexpr std::pair<std::size_t, std::size_t> order_pairs[] = {{0, 1}, {0, 2}, {1, 2}};

/// Whether a number keeps to the field's bounds: 47512 is no latitude.
bool fits(const record::field& f, std::string_view number) {
  const auto value = parse_decimal(number);
  return value && (!f.rules.min || !(*value < *f.rules.min)) && (!f.rules.max || !(*f.rules.max < *value));
}

std::string shown(std::string_view text) {
  std::string cut(text.substr(0, sample_bytes_max));
  while (!cut.empty() && !is_utf8(cut)) cut.pop_back();
  std::ranges::replace_if(cut, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return cut.size() < text.size() ? cut + "…" : cut;
}

/// As it is typed into a shell.
std::string as_argument(const std::string& text) {
  return text.find_first_of(" '\"()#&;$*") == std::string::npos ? text : "'" + text + "'";
}

std::string plain(std::string_view number) {
  const auto value = parse_decimal(number);
  return value ? to_text(*value) : std::string(number);
}

}  // namespace

bool text_set::insert(std::string_view text) {
  if ((size_ + 1) * 2 > slots_.size()) {
    std::vector<std::uint64_t> before(std::max<std::size_t>(slots_.size() * 2, 64));
    before.swap(slots_);
    for (const std::uint64_t hash : before) {
      if (hash == 0) continue;
      std::size_t at = hash & (slots_.size() - 1);
      while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = hash;
    }
  }
  const std::uint64_t hash = std::max<std::uint64_t>(std::hash<std::string_view>{}(text), 1);
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1))
    if (slots_[at] == hash) return false;
  slots_[at] = hash;
  ++size_;
  return true;
}

void column_survey::plan_changed(std::size_t columns, const column_plan& plan) {
  const record::field_span fields = property::fields();
  for (std::size_t i = facts_.size(); i < columns; ++i) {
    facts_.emplace_back();
    facts_.back().distinct = rows_ == 0;  // a column that comes later is empty in the rows before
  }
  for (std::size_t field = 0; field < fields.size(); ++field) {
    const auto type = fields[field].type->type;
    if (type != record::field_type::integer && type != record::field_type::number) continue;
    for (const field_source& one : plan.sources[field]) facts_[one.column].number = &fields[field];
  }
}

void column_survey::look(const source_row& row, const std::vector<std::string>& columns, const column_plan& plan) {
  if (facts_.size() < columns.size()) plan_changed(columns.size(), plan);
  const bool seeks_keys = !plan.key && rows_ < key_rows_max;
  ++rows_;
  for (std::size_t i = 0; i < facts_.size(); ++i) {
    facts& of = facts_[i];
    static constexpr cell none;
    const cell& from = i < row.cells.size() ? row.cells[i] : none;
    if (from.is != cell::kind::text) {
      of.distinct = false;
      continue;
    }
    if (of.number) look_at_number(of, from, row.line);
    if (of.sample.empty() && is_utf8(from.text) && !says_nothing(from)) of.sample = shown(clean_text(from.text));
    if (!seeks_keys || !of.distinct) continue;
    of.distinct = !from.text.empty() && of.texts.insert(from.text);
    if (!of.distinct) of.texts.clear();
  }
  if (plan.order && *plan.order < row.cells.size()) look_at_date(row.cells[*plan.order], row.line);
  if (plan.key) look_at_key(row, plan);
}

void column_survey::look_at_key(const source_row& row, const column_plan& plan) {
  if (*plan.key >= row.cells.size() || keys_.size() >= keys_counted_max) return;
  const cell& from = row.cells[*plan.key];
  if (from.is == cell::kind::text && !from.text.empty() && !keys_.insert(from.text)) ++repeated_keys_;
}

void column_survey::look_at_number(facts& of, const cell& from, std::size_t line) {
  if (from.number) return;
  if (is_plain_number(from.text)) {
    if (!of.point.there() && from.text.find('.') != std::string_view::npos) of.point = {shown(from.text), line};
    return;
  }
  if (of.point.there() && of.comma.there() && of.either.there()) return;
  if (!is_utf8(from.text)) return;
  auto parts = take_number_apart(clean_text(from.text));
  if (!parts || parts->by_point == parts->by_comma) return;
  if (parts->ambiguous() && cell_kind_of(*of.number) != cell_kind::area) {
    if (!fits(*of.number, parts->by_point)) parts->by_point.clear();
    if (!fits(*of.number, parts->by_comma)) parts->by_comma.clear();
    if (!parts->readable()) return;
  }
  example& kind = parts->ambiguous() ? of.either : parts->by_comma.empty() ? of.point : of.comma;
  if (!kind.there()) kind = {shown(from.text), line};
}

void column_survey::look_at_date(const cell& from, std::size_t line) {
  if (from.is != cell::kind::text || !is_utf8(from.text)) return;
  const date_readings read = read_source_time(clean_text(from.text));
  unsigned readable = 0;
  for (std::size_t i = 0; i < date_orders; ++i) readable |= read[i] ? 1U << i : 0U;
  if (readable == 0) return;
  orders_ &= readable;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [a, b] = order_pairs[i];
    if (read[a] && read[b] && *read[a] != *read[b] && !date_pairs_[i].there())
      date_pairs_[i] = {shown(from.text), line};
  }
}

std::optional<decimal_mark> column_survey::told_mark(std::size_t column, const std::vector<std::string>& columns,
                                                     const mapping_rules& rules) const {
  for (const auto& one : rules.number_formats)
    if (find_column(columns, one.column) == column) return one.mark;
  return std::nullopt;
}

/// Who separates thousands by commas in one column writes no decimal comma in another, and the other way round. Of
/// points that does not hold: programs write 47.5 into any file.
std::optional<decimal_mark> column_survey::mark_by_file(const facts& of) const {
  if (of.either.text.find('.') != std::string::npos) return std::nullopt;
  bool thousands = false, decimals = false;
  for (const facts& one : facts_) {
    thousands = thousands || one.point.text.find(',') != std::string::npos;
    decimals = decimals || one.comma.text.find(',') != std::string::npos;
  }
  if (thousands == decimals) return std::nullopt;
  return thousands ? decimal_mark::point : decimal_mark::comma;
}

std::string column_survey::decide_numbers(const std::vector<std::string>& columns, const mapping_rules& rules) {
  std::string errors;
  for (std::size_t i = 0; i < facts_.size(); ++i) {
    facts& of = facts_[i];
    if (!of.number) continue;
    if (const auto told = told_mark(i, columns, rules)) {
      of.mark = *told;
      continue;
    }
    const bool mixed = of.point.there() && of.comma.there();
    if (mixed != (of.point.there() || of.comma.there())) {
      of.mark = of.point.there() ? decimal_mark::point : decimal_mark::comma;
      continue;
    }
    of.mark = decimal_mark::any;
    if (!of.either.there()) continue;
    const auto told = rules.number_format ? rules.number_format : mixed ? std::nullopt : mark_by_file(of);
    if (told) {
      of.mark = *told;
      continue;
    }
    const auto parts = take_number_apart(clean_text(of.either.text));
    if (!errors.empty()) errors += " ";
    errors += fmt::format(
        "The numbers of the column '{}' can be read in two ways: '{}' in line {} is {} or {}{}; say --number-format "
        "{} or --number-format {}.",
        columns[i], of.either.text, of.either.line, parts ? plain(parts->by_point) : "",
        parts ? plain(parts->by_comma) : "",
        mixed ? fmt::format(", and '{}' and '{}' stand in it, too", of.point.text, of.comma.text) : std::string(),
        as_argument(columns[i] + "=1,234.56"), as_argument(columns[i] + "=1.234,56"));
  }
  return errors;
}

std::string column_survey::decide_date(const std::vector<std::string>& columns, const column_plan& plan,
                                       const mapping_rules& rules) {
  if (!plan.order) return {};
  if (rules.date_order) return date_order_ = rules.date_order, std::string();
  if (std::popcount(orders_) == 1) {
    date_order_ = static_cast<spaces::properties::date_order>(std::countr_zero(orders_));
    return {};
  }
  // Of several orders any will do when no date differs by them; of none, when each date has one reading.
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [a, b] = order_pairs[i];
    const unsigned both = (1U << a) | (1U << b);
    if (!date_pairs_[i].there() || (orders_ != 0 && (orders_ & both) != both)) continue;
    const date_readings read = read_source_time(clean_text(date_pairs_[i].text));
    return fmt::format(
        "The dates of the column '{}' can be read in two ways: '{}' in line {} is {} or {}{}; say --date-order {} or "
        "--date-order {}, or --no-order.",
        columns[*plan.order], date_pairs_[i].text, date_pairs_[i].line, to_text(*read[a]).substr(0, 10),
        to_text(*read[b]).substr(0, 10), orders_ == 0 ? ", and no order fits them all" : "",
        name_of(static_cast<spaces::properties::date_order>(a)),
        name_of(static_cast<spaces::properties::date_order>(b)));
  }
  if (orders_ != 0) date_order_ = static_cast<spaces::properties::date_order>(std::countr_zero(orders_));
  return {};
}

result<void> column_survey::decide(const std::vector<std::string>& columns, const column_plan& plan,
                                   const mapping_rules& rules) {
  if (facts_.size() < columns.size()) plan_changed(columns.size(), plan);
  std::string errors = decide_numbers(columns, rules);
  if (const std::string date = decide_date(columns, plan, rules); !date.empty())
    errors += (errors.empty() ? "" : " ") + date;
  if (!errors.empty()) return malformed(std::move(errors));
  return {};
}

decimal_mark column_survey::mark_of(std::size_t column) const {
  return column < facts_.size() ? facts_[column].mark : decimal_mark::any;
}

std::string_view column_survey::sample_of(std::size_t column) const {
  return column < facts_.size() ? std::string_view(facts_[column].sample) : std::string_view();
}

bool column_survey::has_format(std::size_t column) const {
  if (column >= facts_.size()) return false;
  const facts& of = facts_[column];
  return of.comma.there() || of.either.there() || of.point.text.find(',') != std::string::npos;
}

std::vector<std::string> column_survey::key_like(const std::vector<std::string>& columns,
                                                 const column_plan& plan) const {
  std::vector<std::string> called, others;
  for (std::size_t i = 0; i < facts_.size() && i < columns.size(); ++i) {
    const facts& of = facts_[i];
    if (columns[i].empty() || of.sample.empty()) continue;
    if (role_of_column(columns[i]) == column_role::key)
      called.push_back(columns[i]);
    else if (of.distinct && !plan.used[i])
      others.push_back(columns[i]);
  }
  called.insert(called.end(), others.begin(), others.end());
  return called;
}

}  // namespace spaces::properties
