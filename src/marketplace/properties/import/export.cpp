#include "marketplace/properties/import/export.hpp"

#include "marketplace/properties/import/cell_text.hpp"
#include "marketplace/properties/import/csv_writer.hpp"
#include "marketplace/properties/import/restore_mapping.hpp"
#include "platform/record/write.hpp"

namespace spaces::properties {

namespace {

using record::on_store;

/// Handed on in one piece.
constexpr std::size_t text_bytes = 256 * 1024;
constexpr std::uint64_t rows_between_progress = 256;

std::string csv_header() {
  std::string out;
  for (const record::field& f : property::fields())
    if (f.has(on_store)) (out += f.name) += ',';
  out += other_column;
  end_csv_row(out);
  return out;
}

void append_csv(std::string& out, const property& p, bool for_spreadsheets) {
  const auto append = for_spreadsheets ? append_csv_text_cell : append_csv_cell;
  record::scratch store;
  std::string text;
  for (const record::field& f : property::fields()) {
    if (!f.has(on_store)) continue;
    store.list.clear();
    text.clear();
    const record::value v = f.fetch(&p, store);
    append_cell_text(text, v);
    // An empty list and an absent one are the same; an empty text is not an absent one.
    if (v.kind == record::value_kind::text || !text.empty()) append(out, text);
    out += ',';
  }
  text.clear();
  if (append_other(text, p.unknown.view())) append(out, text);
  end_csv_row(out);
}

void append_json_line(std::string& out, const property& p) {
  record::append_object(out, property::fields(), &p, on_store);
  std::string other;
  if (append_other(other, p.unknown.view())) {
    out.pop_back();
    ((((out += ",\"") += other_column) += "\":") += other) += '}';
  }
  out += '\n';
}

bool is_listing(table::key_view key) { return key.pk.starts_with("PROPERTY#") && key.sk == "DETAILS"; }

bool wanted(const property& p, const export_options& options) {
  return (!options.owner || p.user_id == *options.owner) && (!options.status || p.status == *options.status);
}

}  // namespace

result<export_report> export_listings(table::single_table& store, const export_options& options, export_sink sink,
                                      const export_progress& progress) {
  export_report report;
  std::string text = options.format == export_format::csv ? csv_header() : std::string();
  result<void> taken;
  const auto hand_on = [&] {
    taken = sink(text);
    text.clear();
    return taken.has_value();
  };
  const auto walked = store.walk(std::nullopt, [&](table::key_view key, record::item_view item) {
    if (!is_listing(key)) return true;
    const auto p = to_property(item);
    if (!p) {
      if (report.damaged++ == 0) report.first_damaged = std::string(key.pk);
      return true;
    }
    if (!wanted(*p, options)) return true;
    if (options.format == export_format::csv)
      append_csv(text, *p, options.for_spreadsheets);
    else
      append_json_line(text, *p);
    ++report.rows;
    report.interrupted = report.rows % rows_between_progress == 0 && !progress(report.rows);
    return !report.interrupted && (text.size() < text_bytes || hand_on());
  });
  if (!taken) return taken.error();
  if (!walked) {
    // `internal` means that single records are damaged; any other failure left out who knows what.
    if (walked.error().kind != error_kind::internal) return walked.error();
    report.unreadable = walked.error();
  }
  if (!hand_on()) return taken.error();
  return report;
}

}  // namespace spaces::properties
