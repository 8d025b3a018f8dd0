#include "marketplace/properties/import/cell_text.hpp"

#include "marketplace/properties/import/image_cells.hpp"
#include "platform/base/digest.hpp"
#include "platform/base/text.hpp"
#include "platform/record/object_shape.hpp"
#include "platform/record/read.hpp"
#include "platform/record/write.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace spaces::properties {

namespace {

using record::field_type;

/// Lower case. What programs write for nothing, and what people do.
constexpr std::string_view nothing_words[] = {"null", "none",    "n/a",   "nan",          "-",           "--",
                                              "?",    "unknown", "#n/a",  "\\n",          "(null)",      "undefined",
                                              "nil",  "<null>",  "<na>",  "[null]",       "(none)",      "n.a.",
                                              "n\\a", "#value!", "#ref!", "\xE2\x80\x93", "\xE2\x80\x94"};
constexpr std::size_t nothing_word_bytes_max = 9;

bool is_number(const record::field& f) {
  return f.type->type == field_type::integer || f.type->type == field_type::number;
}

bool is_nothing(std::string_view text, bool na_is_nothing) {
  if (text.empty()) return true;
  if (text.size() > nothing_word_bytes_max) return false;
  const char first = text.front();
  // Most cells begin with a digit.
  if (first >= '0' && first <= '9') return false;
  if (text == "Nan") return false;  // a city of Thailand; programs write nan and NaN
  const std::string word = lower_ascii(text);
  return (word == "na" && na_is_nothing) || std::ranges::find(nothing_words, word) != std::end(nothing_words);
}

bool refuse(std::vector<problem>& problems, std::string_view column, std::string_view code, std::string_view detail) {
  problems.push_back({std::string(column), std::string(code), std::string(detail)});
  return false;
}

/// What stands behind a number: a unit, thousands or millions, nothing. False when the number is none for the field.
bool apply_suffix(cell_kind kind, const number_text& parts, const cell_rules& rules, std::string& number,
                  std::string_view column, std::vector<problem>& problems) {
  if (kind == cell_kind::area) {
    const auto unit = parts.suffix.empty() ? std::optional(rules.unit) : area_unit_of(parts.suffix);
    if (!unit) return refuse(problems, column, "unit", "has a unit that is not known");
    number = square_feet_of(number, *unit);
    return !number.empty() || refuse(problems, column, "out-of-range", "is no area");
  }
  if (parts.suffix.empty()) return true;
  if (kind == cell_kind::money) {
    if (is_period(parts.suffix)) return refuse(problems, column, rent_code, "is a rent");
    if (const auto power = multiplier_of(parts.suffix)) {
      number += "e" + std::to_string(*power);
      return true;
    }
  }
  return refuse(problems, column, "wrong-type", "has a word behind the number that is not known");
}

bool accept_number(const record::field& f, void* entity, const cell& from, const cell_rules& rules,
                   std::string_view column, std::vector<problem>& problems) {
  const cell_kind kind = cell_kind_of(f);
  const std::string_view text = clean_text(from.text);
  const bool converts =
      kind == cell_kind::area && (rules.unit != area_unit::square_feet || text.find('.') != text.npos);
  const bool exact = from.number || (rules.mark != decimal_mark::comma && is_plain_number(text));
  if (exact && !converts) return record::accept_text(f, entity, text, ',', column, problems);
  const auto parts = take_number_apart(text);
  if (!parts || (parts->money && kind != cell_kind::money))
    return refuse(problems, column, "wrong-type",
                  f.type->type == field_type::integer ? "must be a whole number" : "must be a number");
  std::string number(from.number ? parts->by_point : parts->by(rules.mark));
  if (number.empty())
    return refuse(problems, column, "number-format", "does not fit the numbers of its column (--number-format)");
  return apply_suffix(kind, *parts, rules, number, column, problems) &&
         record::accept_text(f, entity, number, ',', column, problems);
}

/// "3067.0", as programs write whole numbers of a column with gaps.
std::string_view without_point_zero(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == 0 || point == std::string_view::npos || point + 1 == text.size()) return text;
  const bool whole = text.substr(0, point).find_first_not_of("0123456789") == std::string_view::npos;
  const bool zeros = text.substr(point + 1).find_first_not_of('0') == std::string_view::npos;
  return whole && zeros ? text.substr(0, point) : text;
}

/// A JSON array of strings; any other value of JSON fits no field.
bool accept_json(const record::field& f, void* entity, const record::json_value& json, std::string_view column,
                 std::vector<problem>& problems) {
  record::scratch store;
  record::value v;
  const bool texts =
      json.kind == record::json_kind::array && std::ranges::all_of(json.elements, [](const record::json_value& one) {
        return one.kind == record::json_kind::string;
      });
  if (texts) {
    for (const record::json_value& one : json.elements) record::texts_view::append(store.list, one.text);
    v = record::value::of(record::texts_view(store.list));
  }
  return record::accept(f, entity, v, column, problems);
}

bool accept_list(const record::field& f, void* entity, std::string_view text, std::string_view column,
                 std::vector<problem>& problems) {
  if (text.starts_with('[')) {
    if (const auto json = record::parse_json(text)) return accept_json(f, entity, *json, column, problems);
  }
  const auto has = [&](char c) { return text.find(c) != std::string_view::npos; };
  return record::accept_text(f, entity, text, has('|') ? '|' : has(';') ? ';' : ',', column, problems);
}

/// What an export wrote of bytes: {"base64url":"…"}; or the texts that older versions have had in their place.
bool restore_packed(const record::field& f, void* entity, const cell& from, std::string_view column,
                    std::vector<problem>& problems) {
  record::json_value parsed;
  if (from.json)
    parsed = *from.json;
  else if (auto read = record::parse_json(from.text))
    parsed = *std::move(read);
  record::scratch store;
  record::value v;
  std::optional<std::string> bytes;
  if (const record::json_value* const encoded = parsed.find(record::bytes_member)) {
    bytes = from_base64url(encoded->text);
    if (bytes) v = record::value::of_bytes(*bytes);
  } else if (parsed.kind == record::json_kind::array || from.text.find("://") != std::string_view::npos) {
    for (const record::json_value& one : parsed.elements) record::texts_view::append(store.list, one.text);
    if (parsed.elements.empty()) record::texts_view::append(store.list, from.text);
    v = record::value::of(record::texts_view(store.list));
  }
  return f.type->assign(f.member(entity), v) ||
         refuse(problems, column, "malformed", "must be as spaces export wrote it");
}

}  // namespace

cell_kind cell_kind_of(const record::field& f) {
  if (f.name == "price") return cell_kind::money;
  if (f.name == "squareFeet" || f.name == "lotSquareFeet") return cell_kind::area;
  if (f.name == "zipCode") return cell_kind::postcode;
  return f.name == "latitude" || f.name == "longitude" ? cell_kind::coordinate : cell_kind::plain;
}

std::string_view clean_text(std::string_view text) {
  text = trim(text);
  if (text.size() >= 3 && text.starts_with("=\"") && text.ends_with('"')) return trim(text.substr(2, text.size() - 3));
  const bool marked = text.size() >= 2 && text.front() == '\'' &&
                      std::string_view("0123456789=+-@\t").find(text[1]) != std::string_view::npos;
  return marked ? text.substr(1) : text;
}

bool says_nothing(const record::field& f, const cell& from) {
  if (from.is == cell::kind::absent || from.is == cell::kind::cleared) return true;
  if (from.is == cell::kind::json) return false;
  return is_nothing(clean_text(from.text), f.name != "state" && f.name != "city");
}

bool says_nothing(const cell& from) {
  if (from.is == cell::kind::json) return false;
  return from.is != cell::kind::text || is_nothing(clean_text(from.text), true);
}

bool accept_cell(const record::field& f, void* entity, const cell& from, const cell_rules& rules,
                 std::string_view column, std::vector<problem>& problems) {
  if (f.type->packed) return accept_images(*static_cast<image_list*>(f.member(entity)), from, column, problems);
  if (from.json) return accept_json(f, entity, *from.json, column, problems);
  if (is_number(f)) return accept_number(f, entity, from, rules, column, problems);
  const std::string_view text = clean_text(from.text);
  if (f.type->type == field_type::texts) return accept_list(f, entity, text, column, problems);
  return record::accept_text(f, entity, cell_kind_of(f) == cell_kind::postcode ? without_point_zero(text) : text, ',',
                             column, problems);
}

bool restore_cell(const record::field& f, void* entity, const cell& from, std::string_view column,
                  std::vector<problem>& problems) {
  const bool list = f.type->type == field_type::texts || (f.type->packed && f.type->packed->list);
  if (from.is == cell::kind::absent || from.is == cell::kind::cleared) {
    if (!f.type->nullable && !list) {
      problems.push_back({std::string(column), "required", "is required"});
      return false;
    }
    f.type->clear(f.member(entity));
    return true;
  }
  if (f.type->packed) return restore_packed(f, entity, from, column, problems);
  if (from.json) return accept_json(f, entity, *from.json, column, problems);
  if (list) return accept_list(f, entity, from.text, column, problems);
  return record::accept_text(f, entity, from.text, '|', column, problems);
}

void append_cell_text(std::string& out, const record::value& v) {
  if (v.kind == record::value_kind::text) {
    out += v.text;
  } else if (v.kind == record::value_kind::texts) {
    const std::vector<std::string> texts = v.texts.to_vector();
    const bool plain = std::ranges::none_of(
        texts, [](const std::string& one) { return one.find_first_of("|;,[") != std::string::npos; });
    if (!plain) return record::append_json(out, v);
    for (std::size_t i = 0; i < texts.size(); ++i) (i == 0 ? out : out += '|') += texts[i];
  } else if (v.kind != record::value_kind::none) {
    record::append_json(out, v);
  }
}

}  // namespace spaces::properties
