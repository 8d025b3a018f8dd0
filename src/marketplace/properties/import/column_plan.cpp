#include "marketplace/properties/import/column_plan.hpp"

#include "marketplace/properties/import/column_names.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace spaces::properties {

namespace {

using record::on_create;
using names = std::vector<std::string>;

error no_such_column(std::string_view option, std::string_view name, const names& columns) {
  return malformed(
      fmt::format("{} names the column '{}', which the file does not have; it has {}", option, name, joined(columns)));
}

bool is_area(std::size_t field) {
  const std::string_view name = property::fields()[field].name;
  return name == "squareFeet" || name == "lotSquareFeet";
}

std::vector<bool> ignored_columns(const names& columns, const mapping_rules& rules) {
  std::vector<bool> ignored(columns.size());
  for (const std::string& name : rules.said.ignore)
    if (const auto at = find_column(columns, name)) ignored[*at] = true;
  return ignored;
}

/// What people said with --map. A field that has no column, or one value for all rows, is shut for the columns that
/// would mean it.
record::field_set take_map(column_plan& plan, const names& columns, const mapping_rules& rules) {
  record::field_set shut = rules.set.given;
  for (const auto& [ours, theirs] : rules.said.map) {
    const std::size_t field = *importable_field(ours);
    if (rules.set.given[field]) continue;
    shut.set(field);
    const auto column = theirs.empty() ? std::nullopt : find_column(columns, theirs);
    if (!column) continue;
    const column_meaning* meaning = meaning_of_column(columns[*column]);
    plan.sources[field].push_back({*column, -1, meaning && is_area(field) ? meaning->unit : std::nullopt, {}});
    plan.used[*column] = true;
  }
  return shut;
}

void take_meaning(column_plan& plan, std::size_t column, std::string_view name, const record::field_set& shut) {
  const column_meaning* meaning = meaning_of_column(name);
  if (!meaning) return;
  const std::size_t field = record::find_field(property::fields(), meaning->field);
  if (meaning->field == "propertyType") plan.transactions.push_back(column);
  if (shut[field]) return;
  std::vector<field_source>& chosen = plan.sources[field];
  const auto behind = std::ranges::upper_bound(chosen, meaning->rank, {}, &field_source::rank);
  chosen.insert(behind, {column, meaning->rank, meaning->unit, {}});
  plan.used[column] = true;
}

void take_role(column_plan& plan, std::size_t column, const std::string& name) {
  switch (role_of_column(name)) {
    case column_role::rent: plan.rents.push_back(column); break;
    case column_role::period: plan.periods.push_back(column); break;
    case column_role::transaction: plan.transactions.push_back(column); break;
    case column_role::time: plan.times.push_back(name); break;
    default: break;
  }
}

/// Each area's unit: by people, by its name, by a column beside it.
void take_units(column_plan& plan, const names& columns, const mapping_rules& rules, const std::vector<bool>& ignored) {
  for (std::size_t field = 0; field < property::fields().size(); ++field) {
    if (!is_area(field)) continue;
    for (field_source& one : plan.sources[field]) {
      if (rules.units[field]) one.unit = rules.units[field];
      if (one.unit) continue;
      for (const std::string& name : unit_columns_of(columns[one.column])) {
        const auto at = std::ranges::find(columns, name, fold_column);
        const auto place = static_cast<std::size_t>(at - columns.begin());
        if (at == columns.end() || ignored[place]) continue;
        one.unit_column = place;
        plan.used[place] = true;
        break;
      }
    }
  }
}

/// RESO's LotSizeArea is of no use without its units, and LotSizeSquareFeet beside it says the same.
void drop_areas_without_unit(column_plan& plan, const names& columns) {
  for (std::size_t field = 0; field < property::fields().size(); ++field) {
    if (!is_area(field)) continue;
    std::erase_if(plan.sources[field], [&](const field_source& one) {
      const std::string name = fold_column(columns[one.column]);
      const bool bare = one.rank >= 0 && !one.unit && !one.unit_column &&
                        (name == "lotsizearea" || name == "lotareavalue" || name == "lotarea");
      if (bare) plan.used[one.column] = false;
      return bare;
    });
  }
}

std::string ambiguity(const column_plan& plan, const names& columns) {
  const record::field_span fields = property::fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::vector<field_source>& chosen = plan.sources[i];
    if (chosen.size() < 2 || chosen[0].rank != chosen[1].rank) continue;
    const std::string& first = columns[chosen[0].column];
    return fmt::format("The columns '{}' and '{}' both mean {}; choose one with --map {}={}", first,
                       columns[chosen[1].column], fields[i].name, fields[i].name, first);
  }
  return {};
}

result<void> demand_required(const column_plan& plan, const names& columns, const mapping_rules& rules) {
  const record::field_span fields = property::fields();
  names missing;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const bool wanted = fields[i].rules.required && fields[i].has(on_create) && i != title_field();
    if (wanted && plan.sources[i].empty() && !rules.set.given[i] && !rules.defaults.given[i])
      missing.emplace_back(fields[i].name);
  }
  if (missing.empty()) return {};
  std::string sets;
  for (const std::string& name : missing) sets += fmt::format(" --set {}=VALUE", name);
  return malformed(
      fmt::format("The file has no column for {}; it has {}. Name a column with --map {}=COLUMN, or give all rows one "
                  "value with{}",
                  joined(missing), joined(columns), missing[0], sets));
}

result<void> check_names(const names& columns, const mapping_rules& rules) {
  const auto known = [&](const std::string& name) { return find_column(columns, name).has_value(); };
  const mapping_options& said = rules.said;
  for (const auto& [ours, theirs] : said.map)
    if (!theirs.empty() && !known(theirs)) return no_such_column("--map", theirs, columns);
  for (const std::string& name : said.ignore)
    if (!known(name)) return no_such_column("--ignore", name, columns);
  for (const auto& one : rules.number_formats)
    if (!known(one.column)) return no_such_column("--number-format", one.column, columns);
  if (!said.key.empty() && !known(said.key)) return no_such_column("--key", said.key, columns);
  if (!said.order.empty() && !known(said.order)) return no_such_column("--order", said.order, columns);
  if (!rules.title) return {};
  for (const std::string_view name : rules.title->names())
    if (!known(std::string(name)) && (!importable_field(name) || importable_field(name) == title_field()))
      return malformed(fmt::format("--title has {{{}}}, which is neither a field ({}) nor a column ({})", name,
                                   importable_fields(), joined(columns)));
  return {};
}

}  // namespace

std::optional<std::size_t> find_column(const std::vector<std::string>& columns, std::string_view name) {
  const auto exact = std::ranges::find(columns, name);
  const auto at = exact != columns.end() ? exact : std::ranges::find(columns, fold_column(name), fold_column);
  if (at == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(at - columns.begin());
}

column_plan column_plan::make(const std::vector<std::string>& columns, const mapping_rules& rules) {
  column_plan made;
  made.used.resize(columns.size());
  const std::vector<bool> ignored = ignored_columns(columns, rules);
  const record::field_set shut = take_map(made, columns, rules);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (ignored[i]) continue;
    take_role(made, i, columns[i]);
    if (!made.used[i]) take_meaning(made, i, columns[i], shut);
  }
  take_units(made, columns, rules, ignored);
  drop_areas_without_unit(made, columns);
  if (!rules.said.key.empty()) made.key = find_column(columns, rules.said.key);
  if (!rules.said.order.empty()) made.order = find_column(columns, rules.said.order);
  for (const auto at : {made.key, made.order})
    if (at) made.used[*at] = true;
  for (const auto* list : {&made.rents, &made.periods, &made.transactions})
    for (const std::size_t at : *list) made.used[at] = true;
  if (!rules.title) return made;
  for (const std::string_view name : rules.title->names())
    if (const auto at = find_column(columns, name); at && !importable_field(name)) made.used[*at] = true;
  return made;
}

result<void> column_plan::check(const std::vector<std::string>& columns, const mapping_rules& rules) const {
  if (auto good = check_names(columns, rules); !good) return good;
  if (std::string twice = ambiguity(*this, columns); !twice.empty()) return malformed(std::move(twice));
  return demand_required(*this, columns, rules);
}

std::vector<std::string> column_plan::unused(const std::vector<std::string>& columns) const {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if ((i >= used.size() || !used[i]) && !columns[i].empty()) found.push_back(columns[i]);
  return found;
}

}  // namespace spaces::properties
