#include "marketplace/properties/import/restore_mapping.hpp"

#include "marketplace/properties/import/cell_text.hpp"
#include "platform/base/digest.hpp"
#include "platform/base/text.hpp"
#include "platform/record/object_shape.hpp"
#include "platform/record/write.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace spaces::properties {

namespace {

using record::json_kind;
using record::on_store;

using record::bytes_member;
/// LMDB and DynamoDB hold names of 255 bytes (record/item.hpp).
constexpr std::size_t attribute_name_bytes_max = 255;

/// Appends one attribute whose value came from `append_other`; false when it did not.
bool append_attribute(record::item& to, std::string_view name, const record::json_value& json) {
  switch (json.kind) {
    case json_kind::boolean: to.append(name, record::value::of(json.flag)); return true;
    case json_kind::string: to.append(name, record::value::of(std::string_view(json.text))); return true;
    case json_kind::number: {
      const auto number = parse_decimal(json.text);
      if (number) to.append(name, record::value::of(*number));
      return number.has_value();
    }
    case json_kind::array: {
      std::string list;
      for (const record::json_value& one : json.elements) {
        if (one.kind != json_kind::string) return false;
        record::texts_view::append(list, one.text);
      }
      to.append(name, record::value::of(record::texts_view(list)));
      return true;
    }
    case json_kind::object: {
      const record::json_value* encoded = json.members.size() == 1 ? json.find(bytes_member) : nullptr;
      const auto bytes = encoded && encoded->kind == json_kind::string ? from_base64url(encoded->text) : std::nullopt;
      if (bytes) to.append(name, record::value::of_bytes(*bytes));
      return bytes.has_value();
    }
    case json_kind::null: return false;
  }
  return false;
}

/// Names that a field or the table itself has would be written twice.
bool is_free_name(std::string_view name) {
  const bool taken =
      std::ranges::any_of(property::fields(), [&](const record::field& f) { return f.attribute() == name; });
  return !taken && !name.empty() && name.size() <= attribute_name_bytes_max && !name.starts_with("GSI") &&
         name != table::name::entity_type && name != table::name::card && name != table::name::write_id &&
         name != table::name::pk && name != table::name::sk;
}

bool read_other(record::item& unknown, const cell& from) {
  if (says_nothing(from)) return true;
  record::json_value parsed;
  const record::json_value* object = from.json;
  if (!object) {
    auto read = record::parse_json(from.text);
    if (!read) return false;
    parsed = *std::move(read);
    object = &parsed;
  }
  if (object->kind != json_kind::object) return false;
  return std::ranges::all_of(object->members, [&](const record::json_member& member) {
    return is_free_name(member.name) && append_attribute(unknown, member.name, member.value);
  });
}

}  // namespace

bool append_other(std::string& out, record::item_view unknown) {
  // By their names: DynamoDB gives attributes back in any order.
  std::vector<record::attribute> sorted;
  for (const record::attribute& a : unknown) sorted.push_back(a);
  std::ranges::sort(sorted, {}, &record::attribute::name);
  bool first = true;
  for (const record::attribute& a : sorted) {
    out += first ? '{' : ',';
    first = false;
    record::append_json_string(out, a.name);
    out += ':';
    record::append_json(out, a.value);
  }
  if (!first) out += '}';
  return !first;
}

void restore_mapping::absorb(const std::vector<std::string>& columns) {
  for (std::size_t i = fields_.size(); i < columns.size(); ++i) {
    const std::size_t at = record::find_field(property::fields(), columns[i]);
    const bool known = at < property::fields().size() && property::fields()[at].has(on_store);
    fields_.push_back(known ? at : columns[i] == other_column ? other_attributes : no_field);
  }
}

result<restore_mapping> restore_mapping::make(const std::vector<std::string>& columns) {
  restore_mapping made;
  made.absorb(columns);
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (made.fields_[i] == no_field)
      return malformed(fmt::format("--restore takes what spaces export wrote, which has no column '{}'", columns[i]));
  for (const record::field& f : property::fields()) {
    if (f.has(on_store) && std::ranges::find(columns, f.name) == columns.end())
      return malformed(fmt::format("--restore takes what spaces export wrote, which has the column '{}'", f.name));
  }
  return made;
}

bool restore_mapping::map(const source_row& row, const std::vector<std::string>& columns, mapped_row& out,
                          row_findings& found) {
  problems_.clear();
  if (read(row, columns, out, problems_)) return true;
  for (const problem& one : problems_) found.rejected.push_back({one.pointer, one.detail, {}});
  return false;
}

bool restore_mapping::read(const source_row& row, const std::vector<std::string>& columns, mapped_row& out,
                           std::vector<problem>& problems) {
  absorb(columns);
  const record::field_span fields = property::fields();
  out = {};
  property& made = out.draft.values;
  const std::size_t before = problems.size();
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (fields_[i] == other_attributes) {
      if (!read_other(made.unknown, row.cells[i]))
        problems.push_back({columns[i], "malformed", "must be a JSON object of attributes"});
    } else if (fields_[i] == no_field) {
      problems.push_back({columns[i], "unknown", "no such column in an export"});
    } else if (restore_cell(fields[fields_[i]], &made, row.cells[i], columns[i], problems)) {
      out.draft.given.set(fields_[i]);
    }
  }
  record::demand_required(fields, on_store, out.draft.given, problems);
  for (const std::string_view name : {"id", "userId", "createdAt", "updatedAt", "version", "status"})
    if (!out.draft.given[record::find_field(fields, name)] && problems.size() == before)
      problems.push_back({std::string(name), "required", "is required"});
  if (problems.size() == before && made.version < 1) problems.push_back({"version", "too-small", "must be at least 1"});
  out.id = made.id;
  return problems.size() == before;
}

}  // namespace spaces::properties
