#include "marketplace/properties/import/import.hpp"

#include "marketplace/properties/import/csv_writer.hpp"
#include "marketplace/properties/import/import_writers.hpp"
#include "marketplace/properties/import/restore_mapping.hpp"

#include <algorithm>
#include <variant>

namespace spaces::properties {

namespace {

/// Progress is shown after so many rows: a few milliseconds of reading.
constexpr std::uint64_t rows_between_progress = 64;
/// How far the first row's createdAt may lie back.
constexpr std::uint64_t milliseconds_back_max = 86'400'000;

/// The row as it came, for the file of rejected ones.
std::string cells_of(const source_row& row, bool tabular) {
  std::string out;
  if (!tabular || !row.parse_error.empty()) {
    append_csv_cell(out, row.text);
    return out;
  }
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (i > 0) out += ',';
    if (row.cells[i].is == cell::kind::text) append_csv_cell(out, row.cells[i].text);
  }
  return out;
}

rejected_row rejection_of(const source_row& row, const std::vector<problem>& problems, std::string_view cells) {
  rejected_row made{row.line, "", row.parse_error, cells};
  for (const problem& one : problems) {
    if (!made.reason.empty()) made.reason += "; ", made.column += "; ";
    made.column += one.pointer;
    made.reason += one.detail;
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

/// Either way of reading a row.
using any_mapping = std::variant<row_mapping, restore_mapping>;

/// Put in place: GCC takes the end of a variant that was moved from for one of what was never made.
template <class Mapping>
result<any_mapping> any_of(result<Mapping> made) {
  if (!made) return made.error();
  return result<any_mapping>(boost::system::in_place_value, std::in_place_type<Mapping>, *std::move(made));
}

result<any_mapping> make_mapping(const std::vector<std::string>& columns, const import_settings& settings) {
  if (settings.restore) return any_of(restore_mapping::make(columns));
  return any_of(row_mapping::make(columns, settings.mapping));
}

}  // namespace

result<void> check_columns(const row_source& rows, const import_settings& settings) {
  const auto mapping = make_mapping(rows.columns(), settings);
  if (!mapping) return mapping.error();
  return {};
}

result<import_report> import_listings(row_source& rows, table::single_table* store, bool writes, const clock& time,
                                      const import_settings& settings, const rejection_sink& reject,
                                      const import_progress& progress) {
  const uuid owner = settings.mapping.owner;
  auto mapping = make_mapping(rows.columns(), settings);
  if (!mapping) return mapping.error();
  import_report report;
  import_writers writers(store, writes, time, owner, settings.restore, reject);
  creation_times times(time.now(), settings.bytes_total);
  source_row row;
  std::vector<problem> problems;
  while (!writers.failed()) {
    const result<bool> more = rows.next(row);
    if (!more) report.failure = more.error();
    if (!more || !*more) break;
    ++report.counts.rows;
    report.counts.line = row.line;
    report.counts.bytes = rows.bytes_read();
    problems.clear();
    incoming_row in{row.line, {}, cells_of(row, rows.tabular()), {}};
    in.created_at = times.next(in.cells.size());
    const auto understand = [&](auto& how) { return how.map(row, rows.columns(), in.row, problems); };
    if (row.parse_error.empty() && std::visit(understand, *mapping))
      writers.add(std::move(in));
    else
      writers.reject(rejection_of(row, problems, in.cells));
    if (report.counts.rows % rows_between_progress != 0) continue;
    writers.read_counts(report.counts);
    report.interrupted = !progress(report.counts);
    if (report.interrupted) break;
  }
  writers.finish();
  writers.read_counts(report.counts);
  report.counts.bytes = rows.bytes_read();
  if (!report.failure) report.failure = writers.failure();
  if (const auto* settled = std::get_if<row_mapping>(&*mapping)) {
    report.unused = settled->unused(rows.columns());
    report.order_column = settled->order_column();
  }
  return report;
}

std::string rejection_header(const row_source& rows) {
  std::string out = "line,column,reason";
  if (!rows.tabular()) out += ",row";
  for (std::size_t i = 0; rows.tabular() && i < rows.columns().size(); ++i) {
    out += ',';
    append_csv_cell(out, rows.columns()[i]);
  }
  end_csv_row(out);
  return out;
}

std::string rejection_line(const rejected_row& row) {
  std::string out = std::to_string(row.line) + ',';
  append_csv_cell(out, row.column);
  out += ',';
  append_csv_cell(out, row.reason);
  out += ',';
  out += row.cells;
  end_csv_row(out);
  return out;
}

}  // namespace spaces::properties
