/// A file of listings must come to the same rows and flaws, whole or one byte at a time; every row that is
/// understood can be stored, and reads back from what an export writes of it. The first byte chooses CSV
/// or JSON Lines, restored or imported.
#include "marketplace/properties/import/cell_text.hpp"
#include "marketplace/properties/import/csv_writer.hpp"
#include "marketplace/properties/import/import.hpp"
#include "marketplace/properties/import/restore_mapping.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace spaces;
using namespace spaces::properties;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

byte_source in_pieces(std::string_view text, std::size_t piece) {
  return [text, piece](std::span<char> into) mutable -> result<std::size_t> {
    const std::size_t size = std::min({piece, into.size(), text.size()});
    std::copy_n(text.data(), size, into.data());
    text.remove_prefix(size);
    return size;
  };
}

std::unique_ptr<row_source> source_of(std::string_view text, std::size_t piece, bool json) {
  return json ? read_json_lines(in_pieces(text, piece)) : read_csv(in_pieces(text, piece));
}

/// Everything that was read, as one text.
std::string reading(std::string_view text, std::size_t piece, bool json) {
  const auto rows = source_of(text, piece, json);
  if (const auto opened = rows->open(); !opened) return opened.error().public_text;
  std::string all;
  source_row row;
  std::size_t last = 0;
  while (*rows->next(row)) {
    require(row.line > last, "lines grow");
    last = row.line;
    require(row.parse_error.empty() || row.cells.empty(), "a row with a fault has no cells");
    require(row.cells.size() <= rows->columns().size(), "each cell has a column");
    all += std::to_string(row.line) + row.parse_error;
    for (const cell& one : row.cells) (all += static_cast<char>('0' + static_cast<int>(one.is))) += one.text;
    all += '\n';
  }
  require(rows->bytes_read() <= text.size(), "no more is read than there is");
  return all;
}

void check_understood(const mapped_row& row, const properties::property& p) {
  require(table::validate({table::put{key_of(row.id), to_item(p), {}}}).has_value(),
          "what is understood can be stored");
  const auto back = to_property(to_item(p).view());
  require(back.has_value(), "the item reads back");
  std::vector<problem> problems;
  for (const record::field& f : properties::property::fields()) {
    record::scratch store;
    const record::value v = f.fetch(&p, store);
    if (v.kind == record::value_kind::none || !f.has(record::on_create)) continue;
    std::string text;
    append_cell_text(text, v);
    properties::property again;
    require(restore_cell(f, &again, cell::of(text), f.name, problems), "a cell that is written is read");
    record::scratch other;
    require(f.fetch(&again, other) == v, "and is the same");
  }
}

template <class Mapping>
void map_all(Mapping& mapping, row_source& rows) {
  source_row row;
  while (*rows.next(row)) {
    properties::row_findings found;
    mapped_row understood;
    if (!row.parse_error.empty()) continue;
    const bool good = mapping.map(row, rows.columns(), understood, found);
    require(good == found.good(), "a row is understood or says why not");
    if (good) check_understood(understood, understood.draft.values);
  }
}

/// Both passes, as an import makes them.
void map_foreign(std::string_view text, bool json, mapping_options options) {
  auto mapping = row_mapping::make(std::move(options));
  require(mapping.has_value(), "the options are good");
  const auto first = source_of(text, 13, json);
  if (!first->open()) return;
  source_row row;
  while (*first->next(row))
    if (row.parse_error.empty()) mapping->look(row, first->columns());
  if (!mapping->decide(first->columns())) return;
  const auto second = source_of(text, 13, json);
  require(second->open().has_value(), "it opens again");
  map_all(*mapping, *second);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool json = (data[0] & 1) != 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = reading(text, text.size() + 1, json);
  require(reading(text, 1, json) == whole, "one byte at a time reads the same");
  const auto rows = source_of(text, 13, json);
  if (!rows->open()) return 0;
  if ((data[0] & 2) != 0) {
    if (auto mapping = restore_mapping::make(rows->columns())) map_all(*mapping, *rows);
  } else {
    mapping_options options;
    if ((data[0] & 4) != 0) options.key = "id";
    if ((data[0] & 8) != 0) options.set = {{"price", "1"}, {"city", "Kent"}, {"state", "WA"}, {"zipCode", "98030"}};
    map_foreign(text, json, std::move(options));
  }
  return 0;
}
