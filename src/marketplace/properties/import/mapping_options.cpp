#include "marketplace/properties/import/mapping_options.hpp"

#include "marketplace/properties/import/cell_text.hpp"
#include "marketplace/properties/import/column_names.hpp"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>

namespace spaces::properties {

namespace {

using record::on_create;

constexpr std::size_t columns_named_max = 40;

error no_such_field(std::string_view option, std::string_view name) {
  return malformed(fmt::format("{} names the field '{}'; there are {}", option, name, importable_fields()));
}

/// Values that people give in words of the command, as they would stand in a cell.
result<void> take_values(record::draft<property>& into, const mapping_options::pairs& pairs, std::string_view option) {
  for (const auto& [ours, text] : pairs) {
    const auto field = importable_field(ours);
    if (!field) return no_such_field(option, ours);
    if (into.given[*field]) return malformed(fmt::format("{} gives the field '{}' twice", option, ours));
    std::vector<problem> problems;
    const cell from = cell::of(text);
    if (says_nothing(property::fields()[*field], from) ||
        !accept_cell(property::fields()[*field], &into.values, from, {}, ours, problems))
      return malformed(fmt::format("{} {}={} cannot be: {}", option, ours, text,
                                   problems.empty() ? "no value" : problems[0].detail));
    into.given.set(*field);
  }
  return {};
}

result<void> take_units(mapping_rules& rules) {
  for (const auto& [ours, text] : rules.said.units) {
    const auto field = importable_field(ours);
    const std::string_view name = field ? property::fields()[*field].name : std::string_view{};
    if (name != "squareFeet" && name != "lotSquareFeet")
      return malformed(fmt::format("--unit names '{}'; areas are squareFeet and lotSquareFeet", ours));
    rules.units[*field] = area_unit_of(text);
    if (!rules.units[*field])
      return malformed(
          fmt::format("--unit {}={} is no unit of an area; there are sqft, m2, sqyd, acres and hectares", ours, text));
  }
  return {};
}

result<void> take_statuses(mapping_rules& rules) {
  for (const auto& [word, status] : rules.said.statuses) {
    if (status != leased_status && !record::from_name<property_status>(status))
      return malformed(fmt::format("--status {}={} names no status; there are {}, and leased, which is left out", word,
                                   status, fmt::join(property_status_names, ", ")));
    rules.statuses.emplace_back(fold_column(word), status);
  }
  return {};
}

result<void> take_formats(mapping_rules& rules) {
  for (const std::string& text : rules.said.number_formats) {
    const std::size_t at = text.rfind('=');
    const std::string format = at == std::string::npos ? text : text.substr(at + 1);
    const auto mark = decimal_mark_of(format);
    if (!mark)
      return malformed(fmt::format(
          "--number-format '{}' is no format; say 1,234.56 or 1.234,56 (or COLUMN=1.234,56 for one column)", text));
    if (at == std::string::npos)
      rules.number_format = mark;
    else
      rules.number_formats.push_back({text.substr(0, at), *mark});
  }
  if (rules.said.date_order.empty()) return {};
  rules.date_order = date_order_of(rules.said.date_order);
  if (!rules.date_order)
    return malformed(fmt::format("--date-order is '{}'; say ymd, dmy (05/06/2026 is the fifth of June) or mdy",
                                 rules.said.date_order));
  return {};
}

result<void> take_title(mapping_rules& rules) {
  if (rules.said.title.empty()) return {};
  rules.title = title_template::parse(rules.said.title);
  if (rules.title) return {};
  return malformed(fmt::format("--title '{}' has a brace that is not closed or holds no name", rules.said.title));
}

result<void> check_map(const mapping_options& said) {
  record::field_set seen;
  for (const auto& [ours, theirs] : said.map) {
    const auto field = importable_field(ours);
    if (!field) return no_such_field("--map", ours);
    if (seen[*field]) return malformed(fmt::format("--map names two columns for the field '{}'", ours));
    seen.set(*field);
    if (role_of_column(theirs) == column_role::rent && property::fields()[*field].name == "price")
      return malformed(fmt::format("--map {}={} would make a rent the price of a sale", ours, theirs));
  }
  if (!said.order.empty() && said.key.empty())
    return malformed("--order tells rows of one key apart: name the key's column with --key");
  if (!said.order.empty() && said.no_order) return malformed("--order and --no-order cannot both be");
  return {};
}

}  // namespace

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < columns_named_max; ++i) out += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > columns_named_max) out += fmt::format(" and {} more", names.size() - columns_named_max);
  return out;
}

bool is_importable(const record::field& f) { return f.has(on_create) || f.name == "images"; }

std::string importable_fields() {
  std::vector<std::string> names;
  for (const record::field& f : property::fields())
    if (is_importable(f)) names.emplace_back(f.name);
  return joined(names);
}

std::optional<std::size_t> importable_field(std::string_view name) {
  const record::field_span fields = property::fields();
  const std::string folded = fold_column(name);
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (is_importable(fields[i]) && fold_column(fields[i].name) == folded) return i;
  return std::nullopt;
}

std::size_t title_field() {
  static const std::size_t at = record::find_field(property::fields(), "title");
  return at;
}

result<mapping_rules> mapping_rules::make(mapping_options options) {
  mapping_rules made;
  made.said = std::move(options);
  if (made.said.order == "none") {
    made.said.order.clear();
    made.said.no_order = true;
  }
  if (auto good = check_map(made.said); !good) return good.error();
  if (auto done = take_values(made.set, made.said.set, "--set"); !done) return done.error();
  if (auto done = take_values(made.defaults, made.said.defaults, "--default"); !done) return done.error();
  if (auto done = take_units(made); !done) return done.error();
  if (auto done = take_statuses(made); !done) return done.error();
  if (auto done = take_formats(made); !done) return done.error();
  if (auto done = take_title(made); !done) return done.error();
  return made;
}

}  // namespace spaces::properties
