#include "marketplace/properties/import/cell_text.hpp"

#include "marketplace/properties/import/column_names.hpp"
#include "platform/base/text.hpp"
#include "platform/record/read.hpp"
#include "platform/record/write.hpp"

#include <algorithm>
#include <iterator>

namespace spaces::properties {

namespace {

using record::field_type;

constexpr std::string_view no_number[] = {"na", "n/a", "null", "nan", "none", "-"};

bool is_number(const record::field& f) {
  return f.type->type == field_type::integer || f.type->type == field_type::number;
}

/// "$1,250,000.50" as "1250000.50": a sign of currency in front and commas between thousands go.
std::string plain_number(std::string_view text) {
  text = trim(text);
  std::string number;
  if (text.starts_with('-')) number += '-', text.remove_prefix(1);
  if (text.starts_with('$')) text = trim(text.substr(1));
  const std::size_t whole_end = std::min(text.find('.'), text.size());
  std::size_t group = text.find(',');
  bool grouped = group >= 1 && group <= 3;
  for (; grouped && group < whole_end; group += 4)
    grouped = text[group] == ',' && (group + 4 == whole_end || (group + 4 < whole_end && text[group + 4] == ','));
  if (text.starts_with('.')) number += '0';
  for (const char c : text)
    if (c != ',' || !grouped) number += c;
  if (number.ends_with('.')) number.pop_back();
  return number;
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

}  // namespace

bool says_nothing(const cell& from) {
  if (from.is == cell::kind::absent || from.is == cell::kind::cleared) return true;
  if (from.is == cell::kind::json) return false;
  const std::string_view text = trim(from.text);
  return text.empty() || text == "?";
}

bool accept_cell(const record::field& f, void* entity, const cell& from, std::string_view column, bool& given,
                 std::vector<problem>& problems) {
  given = true;
  if (from.json) return accept_json(f, entity, *from.json, column, problems);
  if (is_number(f)) {
    const bool none = std::ranges::find(no_number, lower_ascii(trim(from.text))) != std::end(no_number);
    given = !none;
    return none || record::accept_text(f, entity, plain_number(from.text), ',', column, problems);
  }
  if (f.type->type == field_type::choice)
    return record::accept_text(f, entity, status_of_word(from.text), ',', column, problems);
  if (f.type->type == field_type::texts) return accept_list(f, entity, trim(from.text), column, problems);
  return record::accept_text(f, entity, from.text, ',', column, problems);
}

bool restore_cell(const record::field& f, void* entity, const cell& from, std::string_view column,
                  std::vector<problem>& problems) {
  const bool list = f.type->type == field_type::texts;
  if (from.is == cell::kind::absent || from.is == cell::kind::cleared) {
    if (!f.type->nullable && !list) {
      problems.push_back({std::string(column), "required", "is required"});
      return false;
    }
    f.type->clear(f.member(entity));
    return true;
  }
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
