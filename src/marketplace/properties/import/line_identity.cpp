#include "marketplace/properties/import/line_identity.hpp"

#include "marketplace/properties/import/import_merge.hpp"

#include <fmt/core.h>

namespace spaces::properties {

namespace {

constexpr std::uint64_t rows_between_progress = 64;

/// Rows that wait to be held against the store, and what was found of those before them.
class comparison {
 public:
  explicit comparison(table::single_table& store) : store_(store) {}

  result<void> add(std::size_t line, mapped_row row) {
    lines_.push_back(line);
    keys_.push_back(key_of(row.id));
    rows_.push_back(std::move(row));
    return rows_.size() < table::batch_keys_max ? result<void>() : compare();
  }

  result<void> compare() {
    const auto there = store_.read_batch(keys_, table::consistency::strong);
    if (!there) return there.error();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto before = (*there)[i] ? to_property((*there)[i]->view()) : std::nullopt;
      if (!before) continue;
      const std::string moved = another_house(rows_[i].draft, *before);
      if (!moved.empty() && moved_++ == 0) first_ = fmt::format("in line {} {}", lines_[i], moved);
    }
    lines_.clear();
    keys_.clear();
    rows_.clear();
    return {};
  }

  std::uint64_t moved() const { return moved_; }
  const std::string& first() const { return first_; }

 private:
  table::single_table& store_;
  std::vector<std::size_t> lines_;
  std::vector<table::key> keys_;
  std::vector<mapped_row> rows_;
  std::uint64_t moved_ = 0;
  std::string first_;
};

error moved_lines(const comparison& found, const row_mapping& mapping, const std::vector<std::string>& columns) {
  const std::vector<std::string> keys = mapping.key_like(columns);
  const mapping_options& said = mapping.options();
  const std::string proposal =
      keys.empty()
          ? "--key COLUMN (no column holds another text in each row)"
          : fmt::format("--key {}{}", keys.front(),
                        keys.size() > 1 ? fmt::format(" (columns that look like keys: {})", joined(keys)) : "");
  return malformed(fmt::format(
      "Without --key a house is known by its line in '{}', and {} rows are other houses than when it was imported "
      "before: {}. Nothing was written. Name the column that identifies a house, {}; or say --source NAME when these "
      "are other houses.",
      said.source.empty() ? said.file : said.source, found.moved(), found.first(), proposal));
}

}  // namespace

result<bool> compare_lines(const row_opener& open, row_mapping& mapping, table::single_table& store,
                           const import_progress& progress) {
  const auto rows = open();
  if (!rows) return rows.error();
  row_source& source = **rows;
  comparison found(store);
  import_counts counts;
  source_row row;
  row_findings findings;
  for (;;) {
    const result<bool> more = source.next(row);
    if (!more) return more.error();
    if (!*more) break;
    ++counts.rows;
    findings.clear();
    mapped_row mapped;
    if (row.parse_error.empty() && mapping.map(row, source.columns(), mapped, findings)) {
      if (const auto added = found.add(row.line, std::move(mapped)); !added) return added.error();
    }
    if (counts.rows % rows_between_progress != 0) continue;
    counts.bytes = source.bytes_read();
    if (!progress(import_phase::comparing, counts)) return false;
  }
  if (const auto compared = found.compare(); !compared) return compared.error();
  if (found.moved() > 0) return moved_lines(found, mapping, source.columns());
  return true;
}

}  // namespace spaces::properties
