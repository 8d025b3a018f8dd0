#include "marketplace/properties/import/import.hpp"

#include "marketplace/properties/import/csv_writer.hpp"
#include "marketplace/properties/import/import_writers.hpp"
#include "marketplace/properties/import/line_identity.hpp"

#include <algorithm>

namespace spaces::properties {

namespace {

/// Progress is shown after so many rows: a few milliseconds of reading.
constexpr std::uint64_t rows_between_progress = 64;
/// How far the first row's createdAt may lie back.
constexpr std::uint64_t milliseconds_back_max = 86'400'000;

/// The row as it came, for the file of rejected ones.
std::string cells_of(const source_row& row, bool tabular, bool for_spreadsheets) {
  std::string out;
  const auto append = for_spreadsheets ? append_csv_text_cell : append_csv_cell;
  if (!tabular || !row.parse_error.empty()) {
    append(out, row.text);
    return out;
  }
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (i > 0) out += ',';
    if (row.cells[i].is == cell::kind::text) append(out, row.cells[i].text);
  }
  return out;
}

rejected_row rejection_of(const source_row& row, const row_findings& found, std::string_view cells) {
  rejected_row made{row.line, "", row.parse_error, cells};
  for (const cell_finding& one : found.rejected) {
    if (!made.reason.empty()) made.reason += "; ", made.column += "; ";
    made.column += one.column;
    made.reason += one.reason;
  }
  return made;
}

/// One millisecond for each row, so that listings keep the file's order, and so far back that the last
/// one is from now: the number of rows is guessed by the first one's size.
class creation_times {
 public:
  creation_times(instant now, std::uint64_t bytes_total) : next_(now), bytes_total_(bytes_total) {}

  instant next(std::size_t row_bytes) {
    if (first_) {
      const std::uint64_t rows = bytes_total_ / std::max<std::size_t>(row_bytes, 1);
      next_ -= std::chrono::milliseconds(std::min(rows, milliseconds_back_max));
      first_ = false;
    }
    next_ += std::chrono::milliseconds(1);
    return next_;
  }

 private:
  instant next_;
  std::uint64_t bytes_total_;
  bool first_ = true;
};

bool map_row(import_plan& plan, const source_row& row, const row_source& rows, mapped_row& out, row_findings& found) {
  if (row_mapping* const mapping = plan.mapping()) return mapping->map(row, rows.columns(), out, found);
  return plan.restoring().map(row, rows.columns(), out, found);
}

/// The reading half of an import.
class import_reader {
 public:
  import_reader(row_source& rows, import_plan& plan, import_writers& writers, const import_settings& settings,
                instant now)
      : rows_(rows),
        plan_(plan),
        writers_(writers),
        for_spreadsheets_(settings.for_spreadsheets),
        times_(now, settings.bytes_total) {}

  /// The next row; false at the end.
  result<bool> step(import_counts& counts) {
    const result<bool> more = rows_.next(row_);
    if (!more || !*more) return more;
    ++counts.rows;
    counts.line = row_.line;
    counts.bytes = rows_.bytes_read();
    found_.clear();
    incoming_row in{row_.line, {}, cells_of(row_, rows_.tabular(), for_spreadsheets_), {}};
    in.created_at = times_.next(in.cells.size());
    const bool good = row_.parse_error.empty() && map_row(plan_, row_, rows_, in.row, found_);
    if (!found_.left_out.empty()) {
      ++left_out_;
      count(lost::left_out, {found_.left_out.front()});
    } else if (good) {
      count(lost::cell, found_.dropped);
      writers_.add(std::move(in));
    } else {
      if (!row_.parse_error.empty()) totals_.add(lost::row, {}, row_.parse_error, row_.line, row_.text);
      count(lost::row, found_.rejected);
      writers_.reject(rejection_of(row_, found_, in.cells));
    }
    return true;
  }
  std::uint64_t left_out() const { return left_out_; }
  const reason_totals& totals() const { return totals_; }

 private:
  void count(lost what, const std::vector<cell_finding>& findings) {
    for (const cell_finding& one : findings) totals_.add(what, one.column, one.reason, row_.line, one.value);
  }

  row_source& rows_;
  import_plan& plan_;
  import_writers& writers_;
  bool for_spreadsheets_;
  creation_times times_;
  source_row row_;
  row_findings found_;
  reason_totals totals_;
  std::uint64_t left_out_ = 0;
};

}  // namespace

result<import_plan> import_plan::make(const row_opener& open, const import_settings& settings,
                                      const import_progress& progress) {
  import_plan made;
  if (!settings.restore) {
    auto mapping = row_mapping::make(settings.mapping);
    if (!mapping) return mapping.error();
    made.mapping_ = *std::move(mapping);
  }
  const auto rows = open();
  if (!rows) return rows.error();
  row_source& source = **rows;
  if (settings.restore) {
    auto restoring = restore_mapping::make(source.columns());
    if (!restoring) return restoring.error();
    made.restoring_ = *std::move(restoring);
    made.columns_ = source.columns();
    return made;
  }
  if (source.tabular()) {
    if (auto good = made.mapping_->check(source.columns()); !good) return good.error();
  }
  import_counts counts;
  source_row row;
  for (;;) {
    const result<bool> more = source.next(row);
    if (!more) return more.error();
    if (!*more) break;
    ++counts.rows;
    if (row.parse_error.empty()) made.mapping_->look(row, source.columns());
    if (counts.rows % rows_between_progress != 0) continue;
    counts.bytes = source.bytes_read();
    counts.line = row.line;
    made.interrupted_ = !progress(import_phase::surveying, counts);
    if (made.interrupted_) return made;
  }
  made.columns_ = source.columns();
  if (auto decided = made.mapping_->decide(made.columns_); !decided) return decided.error();
  return made;
}

result<import_report> import_listings(const row_opener& open, import_plan& plan, table::single_table* store,
                                      bool writes, const clock& time, const import_settings& settings,
                                      const rejection_sink& reject, const import_progress& progress) {
  import_report report;
  if (store && !settings.new_store && plan.mapping() && !plan.mapping()->has_key()) {
    const auto same = compare_lines(open, *plan.mapping(), *store, progress);
    if (!same) return same.error();
    report.interrupted = !*same;
    if (report.interrupted) return report;
  }
  const auto rows = open();
  if (!rows) return rows.error();
  import_writers writers(store, writes, time, settings, reject);
  import_reader reader(**rows, plan, writers, settings, time.now());
  while (!writers.failed()) {
    const result<bool> more = reader.step(report.counts);
    if (!more) report.failure = more.error();
    if (!more || !*more) break;
    if (report.counts.rows % rows_between_progress != 0) continue;
    writers.read_counts(report.counts);
    report.interrupted = !progress(import_phase::writing, report.counts);
    if (report.interrupted) break;
  }
  writers.finish();
  writers.read_counts(report.counts);
  report.counts.left_out = reader.left_out();
  report.counts.bytes = (*rows)->bytes_read();
  if (!report.failure) report.failure = writers.failure();
  reason_totals totals = reader.totals();
  totals.add(writers.totals());
  report.reasons = totals.sorted();
  return report;
}

std::string rejection_header(const std::vector<std::string>& columns, bool tabular, bool for_spreadsheets) {
  const auto append = for_spreadsheets ? append_csv_text_cell : append_csv_cell;
  std::string out = "line,column,reason";
  if (!tabular) out += ",row";
  for (std::size_t i = 0; tabular && i < columns.size(); ++i) {
    out += ',';
    append(out, columns[i]);
  }
  end_csv_row(out);
  return out;
}

std::string rejection_line(const rejected_row& row, bool for_spreadsheets) {
  const auto append = for_spreadsheets ? append_csv_text_cell : append_csv_cell;
  std::string out = std::to_string(row.line) + ',';
  append(out, row.column);
  out += ',';
  append(out, row.reason);
  out += ',';
  out += row.cells;
  end_csv_row(out);
  return out;
}

}  // namespace spaces::properties
