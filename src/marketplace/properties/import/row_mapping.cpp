#include "marketplace/properties/import/row_mapping.hpp"

#include "marketplace/properties/import/cell_text.hpp"
#include "marketplace/properties/import/column_names.hpp"
#include "marketplace/properties/import/source_time.hpp"
#include "platform/base/text.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace spaces::properties {

namespace {

using record::on_create;

constexpr std::size_t columns_named_max = 40;

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < columns_named_max; ++i) out += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > columns_named_max) out += fmt::format(" and {} more", names.size() - columns_named_max);
  return out;
}

std::string importable_fields() {
  std::vector<std::string> names;
  for (const record::field& f : property::fields())
    if (f.has(on_create)) names.emplace_back(f.name);
  return joined(names);
}

/// Index of a field that a file may give, in any spelling of its name.
std::optional<std::size_t> importable_field(std::string_view name) {
  const record::field_span fields = property::fields();
  const std::string folded = fold_column(name);
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].has(on_create) && fold_column(fields[i].name) == folded) return i;
  return std::nullopt;
}

std::optional<std::size_t> find_column(const std::vector<std::string>& columns, std::string_view name) {
  const auto exact = std::ranges::find(columns, name);
  const auto at = exact != columns.end() ? exact : std::ranges::find(columns, fold_column(name), fold_column);
  if (at == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(at - columns.begin());
}

error no_such_column(std::string_view option, std::string_view name, const std::vector<std::string>& columns) {
  return malformed(
      fmt::format("{} names the column '{}', which the file does not have; it has {}", option, name, joined(columns)));
}

error no_such_field(std::string_view option, std::string_view name) {
  return malformed(fmt::format("{} names the field '{}'; there are {}", option, name, importable_fields()));
}

const cell& cell_at(const source_row& row, std::size_t column) {
  static constexpr cell none;
  return column < row.cells.size() ? row.cells[column] : none;
}

/// A field's value as words for a title; a zero (land has no bedrooms) and what is absent as nothing.
std::string words_of(const record::field& f, const void* entity) {
  record::scratch store;
  const record::value v = f.fetch(entity, store);
  std::string words;
  if (v.kind == record::value_kind::number && v.number.digits == 0) return words;
  append_cell_text(words, v);
  return words;
}

std::size_t title_field() {
  static const std::size_t at = record::find_field(property::fields(), "title");
  return at;
}

}  // namespace

std::string default_title_of(const property& p) {
  static const title_template shape = *title_template::parse(default_title);
  static const std::vector<std::string_view> names = shape.names();
  std::vector<std::string> words;
  for (const std::string_view name : names) {
    const record::field& f = property::fields()[record::find_field(property::fields(), name)];
    words.push_back(words_of(f, &p));
  }
  const auto filled = shape.fill([&](std::size_t i) { return std::string_view(words[i]); });
  return shortened(filled, property::fields()[title_field()].rules.length_max);
}

result<row_mapping> row_mapping::make(const std::vector<std::string>& columns, mapping_options options) {
  row_mapping made(std::move(options));
  made.owner_text_ = to_text(made.options_.owner);
  if (auto done = made.take_map(columns); !done) return done.error();
  if (auto done = made.take_set(); !done) return done.error();
  made.absorb(columns);
  if (std::string twice = made.ambiguity(columns); !twice.empty()) return malformed(std::move(twice));
  if (auto done = made.take_title(columns); !done) return done.error();
  if (auto done = made.take_key_and_order(columns); !done) return done.error();
  if (auto done = made.demand_required(columns); !done) return done.error();
  return made;
}

result<void> row_mapping::take_map(const std::vector<std::string>& columns) {
  used_.resize(columns.size());
  for (const auto& [ours, theirs] : options_.map) {
    const auto field = importable_field(ours);
    if (!field) return no_such_field("--map", ours);
    const auto column = find_column(columns, theirs);
    if (!column) return no_such_column("--map", theirs, columns);
    if (!choices_[*field].empty()) return malformed(fmt::format("--map names two columns for the field '{}'", ours));
    choices_[*field].push_back({*column, -1});
    used_[*column] = true;
  }
  return {};
}

result<void> row_mapping::take_set() {
  for (const auto& [ours, text] : options_.set) {
    const auto field = importable_field(ours);
    if (!field) return no_such_field("--set", ours);
    if (set_.given[*field]) return malformed(fmt::format("--set gives the field '{}' twice", ours));
    std::vector<problem> problems;
    bool given = false;
    if (!accept_cell(property::fields()[*field], &set_.values, cell::of(text), ours, given, problems) || !given)
      return malformed(
          fmt::format("--set {}={} cannot be: {}", ours, text, problems.empty() ? "no value" : problems[0].detail));
    set_.given.set(*field);
  }
  return {};
}

/// Looks at the columns that are new (JSON Lines meets them as it goes on).
void row_mapping::absorb(const std::vector<std::string>& columns) {
  used_.resize(columns.size());
  for (; absorbed_ < columns.size(); ++absorbed_) {
    if (used_[absorbed_]) continue;  // people gave it another meaning
    const column_meaning* meaning = meaning_of_column(columns[absorbed_]);
    if (!meaning) continue;
    std::vector<choice>& chosen = choices_[record::find_field(property::fields(), meaning->field)];
    if (!chosen.empty() && chosen.front().rank < 0) continue;
    const auto behind = std::ranges::upper_bound(chosen, meaning->rank, {}, &choice::rank);
    chosen.insert(behind, {absorbed_, meaning->rank});
    used_[absorbed_] = true;
  }
}

std::string row_mapping::ambiguity(const std::vector<std::string>& columns) const {
  const record::field_span fields = property::fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto twice = std::ranges::adjacent_find(choices_[i], {}, &choice::rank);
    if (twice == choices_[i].end()) continue;
    const std::string& first = columns[twice->column];
    return fmt::format("The columns '{}' and '{}' both mean {}; choose one with --map {}={}", first,
                       columns[std::next(twice)->column], fields[i].name, fields[i].name, first);
  }
  return {};
}

result<void> row_mapping::take_title(const std::vector<std::string>& columns) {
  if (options_.title.empty()) return {};
  title_ = title_template::parse(options_.title);
  if (!title_)
    return malformed(fmt::format("--title '{}' has a brace that is not closed or holds no name", options_.title));
  for (const std::string_view name : title_->names()) {
    title_part part{importable_field(name), 0};
    if (part.field == title_field()) part.field.reset();
    if (!part.field) {
      const auto column = find_column(columns, name);
      if (!column)
        return malformed(fmt::format("--title has {{{}}}, which is neither a field ({}) nor a column ({})", name,
                                     importable_fields(), joined(columns)));
      part.column = *column;
      used_[*column] = true;
    }
    title_parts_.push_back(part);
  }
  title_values_.resize(title_parts_.size());
  return {};
}

result<void> row_mapping::take_key_and_order(const std::vector<std::string>& columns) {
  if (!options_.key.empty()) {
    key_ = find_column(columns, options_.key);
    if (!key_) return no_such_column("--key", options_.key, columns);
    used_[*key_] = true;
  }
  if (!options_.order.empty()) {
    if (!key_) return malformed("--order tells rows of one key apart: name the key's column with --key");
    order_ = find_column(columns, options_.order);
    if (!order_) return no_such_column("--order", options_.order, columns);
  } else if (key_) {
    std::size_t best = columns_max;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto rank = time_column_rank(columns[i]);
      if (!rank || *rank >= best) continue;
      best = *rank;
      order_ = i;
    }
    if (order_) options_.order = columns[*order_];
  }
  if (order_) used_[*order_] = true;
  return {};
}

result<void> row_mapping::demand_required(const std::vector<std::string>& columns) const {
  const record::field_span fields = property::fields();
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const bool wanted = fields[i].rules.required && fields[i].has(on_create) && i != title_field();
    if (wanted && choices_[i].empty() && !set_.given[i]) missing.emplace_back(fields[i].name);
  }
  if (missing.empty()) return {};
  std::string sets;
  for (const std::string& name : missing) sets += fmt::format(" --set {}=VALUE", name);
  return malformed(
      fmt::format("The file has no column for {}; it has {}. Name a column with --map {}=COLUMN, or give all rows one "
                  "value with{}",
                  joined(missing), joined(columns), missing[0], sets));
}

std::vector<std::string> row_mapping::unused(const std::vector<std::string>& columns) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if ((i >= used_.size() || !used_[i]) && !columns[i].empty()) names.push_back(columns[i]);
  return names;
}

/// The first column of the field that says something, else what --set gives.
void row_mapping::map_field(std::size_t at, const source_row& row, const std::vector<std::string>& columns,
                            mapped_row& out, std::vector<problem>& problems) const {
  const record::field& f = property::fields()[at];
  const std::vector<choice>& chosen = choices_[at];
  bool given = false;
  for (std::size_t i = 0; i < chosen.size() && !given; ++i) {
    const cell& from = cell_at(row, chosen[i].column);
    if (from.is == cell::kind::cleared && f.type->nullable && !set_.given[at]) {
      f.type->clear(f.member(&out.draft.values));
      given = true;
    }
    if (says_nothing(from)) continue;
    accept_cell(f, &out.draft.values, from, columns[chosen[i].column], given, problems);
    if (i + 1 == chosen.size() || chosen[i + 1].rank != chosen[i].rank ||
        says_nothing(cell_at(row, chosen[i + 1].column)))
      continue;
    problems.push_back({columns[chosen[i].column], "twice", "means the same as " + columns[chosen[i + 1].column]});
  }
  if (!given && set_.given[at]) {
    f.type->copy(f.member(&out.draft.values), f.member_of(&set_.values));
    given = true;
  }
  if (given)
    out.draft.given.set(at);
  else if (f.rules.required && at != title_field())
    problems.push_back(
        {chosen.empty() ? std::string(f.name) : columns[chosen.front().column], "required", "is required"});
}

/// A title where the row has none, made of what it has.
void row_mapping::map_title(const source_row& row, mapped_row& out, std::vector<problem>& problems) {
  const std::size_t at = title_field();
  const record::field& f = property::fields()[at];
  out.title_by_default = false;
  if (out.draft.given[at]) return;
  std::string made;
  if (title_) {
    for (std::size_t i = 0; i < title_parts_.size(); ++i) {
      const title_part& part = title_parts_[i];
      if (part.field)
        title_values_[i] = words_of(property::fields()[*part.field], &out.draft.values);
      else
        title_values_[i] =
            says_nothing(cell_at(row, part.column)) ? std::string_view{} : trim(cell_at(row, part.column).text);
    }
    made =
        shortened(title_->fill([&](std::size_t i) { return std::string_view(title_values_[i]); }), f.rules.length_max);
  } else {
    out.title_by_default = true;
    made = default_title_of(out.draft.values);
  }
  if (record::accept(f, &out.draft.values, record::value::of(std::string_view(made)), "title", problems))
    out.draft.given.set(at);
}

void row_mapping::map_id(const source_row& row, mapped_row& out, std::vector<problem>& problems) const {
  if (!key_) {
    const std::string line = std::to_string(row.line);
    out.id = make_uuid_v8(std::array<std::string_view, 4>{owner_text_, options_.source, "line", line});
    return;
  }
  const cell& key = cell_at(row, *key_);
  if (key.is != cell::kind::text || trim(key.text).empty()) {
    problems.push_back({options_.key, "required", "is the key and must not be empty"});
    return;
  }
  out.id = make_uuid_v8(std::array<std::string_view, 4>{owner_text_, options_.source, "key", trim(key.text)});
}

void row_mapping::map_time(const source_row& row, mapped_row& out, std::vector<problem>& problems) const {
  out.time.reset();
  if (!order_ || says_nothing(cell_at(row, *order_))) return;
  out.time = read_source_time(cell_at(row, *order_).text);
  if (!out.time) problems.push_back({options_.order, "not-a-time", "must be a date such as 2026-11-22 or 11/22/2026"});
}

bool row_mapping::map(const source_row& row, const std::vector<std::string>& columns, mapped_row& out,
                      std::vector<problem>& problems) {
  if (absorbed_ < columns.size()) absorb(columns);
  const record::field_span fields = property::fields();
  const std::size_t before = problems.size();
  out.draft = {};
  for (const cell& one : row.cells) {
    if (one.is != cell::kind::text || is_utf8(one.text)) continue;
    problems.push_back({columns[static_cast<std::size_t>(&one - row.cells.data())], "not-utf8", "must be UTF-8"});
  }
  if (problems.size() > before) return false;
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].has(on_create)) map_field(i, row, columns, out, problems);
  map_id(row, out, problems);
  map_time(row, out, problems);
  if (problems.size() == before) map_title(row, out, problems);
  return problems.size() == before;
}

}  // namespace spaces::properties
