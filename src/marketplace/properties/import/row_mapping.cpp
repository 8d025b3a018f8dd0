#include "marketplace/properties/import/row_mapping.hpp"

#include "marketplace/properties/import/column_names.hpp"
#include "marketplace/properties/import/source_time.hpp"
#include "platform/base/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace spaces::properties {

namespace {

using record::on_create;

const cell& cell_at(const source_row& row, std::size_t column) {
  static constexpr cell none;
  return column < row.cells.size() ? row.cells[column] : none;
}

bool is_readable(const cell& from) { return from.is != cell::kind::text || is_utf8(from.text); }

/// A field's value as words for a title; a zero (land has no bedrooms) and what is absent as nothing.
std::string words_of(const record::field& f, const void* entity) {
  record::scratch store;
  const record::value v = f.fetch(entity, store);
  std::string words;
  if (v.kind == record::value_kind::number && v.number.digits == 0) return words;
  append_cell_text(words, v);
  return words;
}

std::size_t field_named(std::string_view name) { return record::find_field(property::fields(), name); }

/// "7129300520.0": a program's way of writing a whole number whose column has gaps.
std::string_view key_text(const cell& from) {
  const std::string_view text = clean_text(from.text);
  const std::size_t point = text.find('.');
  const bool whole = point != std::string_view::npos && point > 0 && point + 1 < text.size() &&
                     text.substr(0, point).find_first_not_of("0123456789") == std::string_view::npos &&
                     text.substr(point + 1).find_first_not_of('0') == std::string_view::npos;
  return whole ? text.substr(0, point) : text;
}

std::string_view unit_name(area_unit unit) {
  constexpr std::string_view names[] = {"sqft", "m2", "sqyd", "acres", "hectares"};
  return names[static_cast<std::size_t>(unit)];
}

}  // namespace

std::string default_title_of(const property& p) {
  static const title_template shape = *title_template::parse(default_title);
  static const std::vector<std::string_view> names = shape.names();
  std::vector<std::string> words;
  for (const std::string_view name : names) words.push_back(words_of(property::fields()[field_named(name)], &p));
  const auto filled = shape.fill([&](std::size_t i) { return std::string_view(words[i]); });
  return shortened(filled, property::fields()[title_field()].rules.length_max);
}

row_mapping::row_mapping(mapping_rules rules) : rules_(std::move(rules)), owner_text_(to_text(rules_.said.owner)) {}

result<row_mapping> row_mapping::make(mapping_options options) {
  auto rules = mapping_rules::make(std::move(options));
  if (!rules) return rules.error();
  return row_mapping(*std::move(rules));
}

/// Looks at all columns anew when some are new: JSON Lines meets them as it goes on.
void row_mapping::absorb(const std::vector<std::string>& columns) {
  if (absorbed_ == columns.size()) return;
  plan_ = column_plan::make(columns, rules_);
  absorbed_ = columns.size();
  last_words_.assign(plan_.transactions.size(), {});
  plan_title(columns);
}

result<void> row_mapping::check(const std::vector<std::string>& columns) {
  absorb(columns);
  return plan_.check(columns, rules_);
}

void row_mapping::look(const source_row& row, const std::vector<std::string>& columns) {
  absorb(columns);
  survey_.look(row, columns, plan_);
}

result<void> row_mapping::decide(const std::vector<std::string>& columns) {
  if (auto good = check(columns); !good) return good;
  return survey_.decide(columns, plan_, rules_);
}

void row_mapping::plan_title(const std::vector<std::string>& columns) {
  if (!rules_.title) return;
  title_parts_.clear();
  for (const std::string_view name : rules_.title->names()) {
    title_part part{importable_field(name), columns.size()};
    if (part.field == title_field()) part.field.reset();
    if (!part.field) part.column = find_column(columns, name).value_or(columns_max);
    title_parts_.push_back(part);
  }
  title_values_.resize(title_parts_.size());
}

/// A row that is to let, by what it says of itself, how often it is paid, or by a rent where a price should be.
bool row_mapping::is_for_rent(const source_row& row, const std::vector<std::string>& columns, row_findings& found) {
  constexpr std::string_view reason = "is for rent, and this marketplace sells";
  for (std::size_t i = 0; i < plan_.transactions.size(); ++i) {
    const cell& from = cell_at(row, plan_.transactions[i]);
    if (from.is != cell::kind::text) continue;
    last_word& last = last_words_[i];
    if (last.text != from.text) {
      last.text = from.text;
      last.rent = is_utf8(from.text) && says_rent(from.text);
    }
    if (last.rent) found.left_out.push_back({columns[plan_.transactions[i]], std::string(reason), from.text});
  }
  for (const std::size_t at : plan_.periods) {
    const cell& from = cell_at(row, at);
    if (from.is == cell::kind::text && is_readable(from) && is_period(clean_text(from.text)))
      found.left_out.push_back({columns[at], std::string(reason), from.text});
  }
  if (plan_.rents.empty() || !found.left_out.empty()) return !found.left_out.empty();
  const std::size_t price = field_named("price");
  for (const field_source& one : plan_.sources[price])
    if (!is_readable(cell_at(row, one.column)) || !says_nothing(cell_at(row, one.column))) return false;
  for (const std::size_t at : plan_.rents)
    if (is_readable(cell_at(row, at)) && !says_nothing(cell_at(row, at)))
      found.left_out.push_back({columns[at], std::string(reason), cell_at(row, at).text});
  return !found.left_out.empty();
}

/// How the cell is to be read; empty when its unit is not known.
std::optional<cell_rules> row_mapping::rules_for(const field_source& from, const source_row& row,
                                                 std::string_view column, std::vector<problem>& problems) const {
  cell_rules made;
  made.mark = survey_.mark_of(from.column);
  if (from.unit) made.unit = *from.unit;
  if (!from.unit_column) return made;
  const cell& unit = cell_at(row, *from.unit_column);
  const bool there = is_readable(unit) && !says_nothing(unit) && unit.is == cell::kind::text;
  const auto known = there ? area_unit_of(clean_text(unit.text)) : std::nullopt;
  if (known) {
    made.unit = *known;
    return made;
  }
  problems.push_back({std::string(column), "unit",
                      there ? fmt::format("has the unit '{}', which is not known", clean_text(unit.text).substr(0, 40))
                            : "has no unit beside it"});
  return std::nullopt;
}

bool row_mapping::read_source(std::size_t field, const field_source& from, const source_row& row,
                              std::string_view column, mapped_row& out, std::vector<problem>& problems) const {
  const cell& text = cell_at(row, from.column);
  if (!is_readable(text)) {
    problems.push_back({std::string(column), "not-utf8", "must be UTF-8"});
    return false;
  }
  const auto how = rules_for(from, row, column, problems);
  return how && accept_cell(property::fields()[field], &out.draft.values, text, *how, column, problems);
}

/// The first column of the field that says something that can be read, else what --default gives. A cell that cannot
/// be read is lost alone where the field may be absent.
void row_mapping::map_field(std::size_t at, const source_row& row, const std::vector<std::string>& columns,
                            mapped_row& out, row_findings& found) {
  const record::field& f = property::fields()[at];
  const record::draft<property>* otherwise = rules_.set.given[at] ? &rules_.set : nullptr;
  const std::size_t before = found.dropped.size();
  for (const field_source& one : plan_.sources[at]) {
    const cell& from = cell_at(row, one.column);
    const std::string_view column = columns[one.column];
    if (from.is == cell::kind::cleared && f.type->nullable && !rules_.defaults.given[at]) {
      f.type->clear(f.member(&out.draft.values));
      out.draft.given.set(at);
      return;
    }
    if (is_readable(from) && says_nothing(f, from)) continue;
    problems_.clear();
    if (f.type->type == record::field_type::choice && from.is == cell::kind::text && is_readable(from))
      return map_status(one, row, column, out, found);
    if (read_source(at, one, row, column, out, problems_)) {
      out.draft.given.set(at);
      found.dropped.resize(before);  // what a less exact column says is not missed
      return;
    }
    if (!problems_.empty() && problems_.front().code == rent_code) {
      found.left_out.push_back({column, "is for rent, and this marketplace sells", from.text});
      return;
    }
    found.dropped.push_back({column, problems_.empty() ? "cannot be read" : problems_.front().detail, from.text});
  }
  if (!otherwise && rules_.defaults.given[at]) otherwise = &rules_.defaults;
  if (otherwise) {
    f.type->copy(f.member(&out.draft.values), f.member_of(&otherwise->values));
    out.draft.given.set(at);
    return;
  }
  if (!f.rules.required || at == title_field()) return;
  // Without this field there is no listing: what was wrong with its cell is why.
  if (found.dropped.size() == before) {
    const auto& sources = plan_.sources[at];
    found.rejected.push_back({sources.empty() ? f.name : std::string_view(columns[sources.front().column]),
                              "is required",
                              sources.empty() ? std::string_view{} : cell_at(row, sources.front().column).text});
    return;
  }
  found.rejected.insert(found.rejected.end(), found.dropped.begin() + static_cast<std::ptrdiff_t>(before),
                        found.dropped.end());
  found.dropped.resize(before);
}

/// A word that is not known is no active listing: the row is rejected.
void row_mapping::map_status(const field_source& from, const source_row& row, std::string_view column, mapped_row& out,
                             row_findings& found) const {
  const std::string_view text = cell_at(row, from.column).text;
  const std::string word = fold_column(clean_text(text));
  const auto said = std::ranges::find(rules_.statuses, word, &std::pair<std::string, std::string>::first);
  const std::string name = said != rules_.statuses.end() ? said->second : status_of_word(clean_text(text));
  if (name == leased_status) {
    found.left_out.push_back({column, "is let, and this marketplace sells", text});
    return;
  }
  const auto status = record::from_name<property_status>(name);
  if (!status) {
    found.rejected.push_back({column, "is a status that is not known; say what it is with --status WORD=STATUS", text});
    return;
  }
  out.draft.values.status = *status;
  out.draft.given.set(field_named("status"));
}

/// Latitude and longitude come together or not at all, and 0/0 is where programs put what they do not know.
void row_mapping::map_place(const std::vector<std::string>& columns, const source_row& row, mapped_row& out,
                            row_findings& found) const {
  static const std::size_t latitude = field_named("latitude"), longitude = field_named("longitude");
  record::field_set& given = out.draft.given;
  property& made = out.draft.values;
  const bool north = given[latitude] && made.latitude, east = given[longitude] && made.longitude;
  const auto drop = [&](std::size_t field, std::string_view reason) {
    const auto& sources = plan_.sources[field];
    const std::size_t column = sources.empty() ? columns.size() : sources.front().column;
    found.dropped.push_back({sources.empty() ? property::fields()[field].name : std::string_view(columns[column]),
                             std::string(reason), cell_at(row, column).text});
  };
  const bool nowhere = north && east && made.latitude->digits == 0 && made.longitude->digits == 0;
  const bool both_cleared = given[latitude] && given[longitude] && !north && !east;
  if ((north && east && !nowhere) || both_cleared) return;
  if (nowhere)
    drop(latitude, "0/0 is no place of a house");
  else if (north)
    drop(latitude, "comes without a longitude");
  else if (east)
    drop(longitude, "comes without a latitude");
  given.reset(latitude);
  given.reset(longitude);
  made.latitude.reset();
  made.longitude.reset();
}

/// A title where the row has none, made of what it has.
void row_mapping::map_title(const source_row& row, mapped_row& out) {
  const std::size_t at = title_field();
  const record::field& f = property::fields()[at];
  out.title_by_default = false;
  if (out.draft.given[at]) return;
  std::string made;
  if (rules_.title) {
    for (std::size_t i = 0; i < title_parts_.size(); ++i) {
      const title_part& part = title_parts_[i];
      const cell& from = cell_at(row, part.column);
      if (part.field)
        title_values_[i] = words_of(property::fields()[*part.field], &out.draft.values);
      else
        title_values_[i] = !is_readable(from) || says_nothing(from) ? std::string_view{} : clean_text(from.text);
    }
    const auto filled = rules_.title->fill([&](std::size_t i) { return std::string_view(title_values_[i]); });
    made = shortened(filled, f.rules.length_max);
  }
  problems_.clear();
  if (!rules_.title ||
      !record::accept(f, &out.draft.values, record::value::of(std::string_view(made)), "", problems_)) {
    // A template may leave nothing, or a title that is too short.
    out.title_by_default = true;
    problems_.clear();
    record::accept(f, &out.draft.values, record::value::of(std::string_view(default_title_of(out.draft.values))), "",
                   problems_);
  }
  if (problems_.empty()) out.draft.given.set(at);
}

void row_mapping::map_id(const source_row& row, const std::vector<std::string>& columns, mapped_row& out,
                         row_findings& found) const {
  const mapping_options& said = rules_.said;
  if (!has_key()) {
    const std::string line = std::to_string(row.line);
    const std::string& source = said.source.empty() ? said.file : said.source;
    out.id = make_uuid_v8(std::array<std::string_view, 4>{owner_text_, source, "line", line});
    return;
  }
  const cell& key = plan_.key ? cell_at(row, *plan_.key) : cell{};
  const std::string_view column = plan_.key ? std::string_view(columns[*plan_.key]) : std::string_view(said.key);
  if (key.is != cell::kind::text || !is_utf8(key.text) || says_nothing(key)) {
    found.rejected.push_back({column, "is the key and must not be empty", key.text});
    return;
  }
  out.id = make_uuid_v8(std::array<std::string_view, 4>{owner_text_, said.source, "key", key_text(key)});
}

void row_mapping::map_time(const source_row& row, const std::vector<std::string>& columns, mapped_row& out,
                           row_findings& found) const {
  out.time.reset();
  out.time_counts = !rules_.said.no_order;
  if (!plan_.order) return;
  const cell& from = cell_at(row, *plan_.order);
  if (is_readable(from) && says_nothing(from)) return;
  const date_readings read = is_readable(from) ? read_source_time(clean_text(from.text)) : date_readings{};
  if (survey_.date_order()) {
    out.time = read[static_cast<std::size_t>(*survey_.date_order())];
  } else {
    for (const auto& one : read)
      if (!out.time) out.time = one;
  }
  if (!out.time) found.dropped.push_back({columns[*plan_.order], "is no date that can be read", from.text});
}

bool row_mapping::map(const source_row& row, const std::vector<std::string>& columns, mapped_row& out,
                      row_findings& found) {
  absorb(columns);
  const record::field_span fields = property::fields();
  out.draft = {};
  if (is_for_rent(row, columns, found)) return false;
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (is_importable(fields[i])) map_field(i, row, columns, out, found);
  map_place(columns, row, out, found);
  map_id(row, columns, out, found);
  map_time(row, columns, out, found);
  if (!found.left_out.empty()) found.rejected.clear();
  if (!found.good()) return false;
  map_title(row, out);
  if (!out.draft.given[title_field()]) found.rejected.push_back({"title", problems_.front().detail, {}});
  return found.good();
}

std::string row_mapping::note_on(const field_source& from, const std::vector<std::string>& columns) const {
  std::string note;
  if (survey_.has_format(from.column))
    note = survey_.mark_of(from.column) == decimal_mark::comma ? "numbers as 1.234,56" : "numbers as 1,234.56";
  std::string unit;
  if (from.unit && *from.unit != area_unit::square_feet) unit = fmt::format("from {}", unit_name(*from.unit));
  if (from.unit_column) unit = fmt::format("units in {}", columns[*from.unit_column]);
  if (!note.empty() && !unit.empty()) note += ", ";
  return note + unit;
}

std::vector<field_report> row_mapping::fields(const std::vector<std::string>& columns) const {
  std::vector<field_report> all;
  const record::field_span fields = property::fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!is_importable(fields[i])) continue;
    field_report one{std::string(fields[i].name), {}, {}, {}};
    for (const field_source& from : plan_.sources[i]) {
      one.from += (one.from.empty() ? "" : ", else ") + columns[from.column];
      if (one.sample.empty()) one.sample = survey_.sample_of(from.column);
      if (one.note.empty()) one.note = note_on(from, columns);
    }
    const auto& pairs = rules_.set.given[i] ? rules_.said.set : rules_.said.defaults;
    if (rules_.set.given[i] || rules_.defaults.given[i]) {
      one.from += one.from.empty() ? "" : ", else ";
      one.from += rules_.set.given[i] ? "--set" : "--default";
      for (const auto& [ours, value] : pairs)
        if (one.sample.empty() && importable_field(ours) == i) one.sample = value;
    }
    if (i == title_field()) {
      one.from += one.from.empty() ? "made" : ", else made";
      if (one.sample.empty()) one.sample = rules_.title ? rules_.said.title : default_title;
    }
    if (!one.from.empty()) all.push_back(std::move(one));
  }
  if (plan_.key) all.push_back({"(key)", columns[*plan_.key], std::string(survey_.sample_of(*plan_.key)), {}});
  if (plan_.order) {
    const auto order = survey_.date_order();
    all.push_back({"(order)", columns[*plan_.order], std::string(survey_.sample_of(*plan_.order)),
                   order ? "dates as " + std::string(name_of(*order)) : std::string()});
  }
  return all;
}

}  // namespace spaces::properties
