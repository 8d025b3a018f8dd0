#include "platform/record/read.hpp"

#include "platform/base/folding.hpp"
#include "platform/base/legible.hpp"
#include "platform/base/text.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace spaces::record {

namespace {

/// A refused value: a stable code and what is allowed.
struct objection {
  std::string_view code;
  std::string detail;
};
using verdict = std::optional<objection>;

std::string choices_text(std::span<const std::string_view> choices) {
  std::string out;
  for (std::string_view choice : choices) {
    if (!out.empty()) out += ", ";
    out += choice;
  }
  return out;
}

verdict check_text(const rules& how, std::string_view text) {
  if (!is_utf8(text)) return objection{"not-utf8", "must be UTF-8"};
  if (has_control(text, how.lines)) return objection{"control-character", "control characters are not allowed"};
  const std::size_t length = code_points(text);
  if (length < how.length_min)
    return objection{"too-short", how.length_min == 1
                                      ? "must not be empty"
                                      : fmt::format("must have at least {} characters", how.length_min)};
  if (length > how.length_max)
    return objection{"too-long", fmt::format("must have at most {} characters", how.length_max)};
  if (!how.opaque && !text.empty() && !(how.lines ? is_readable(text) : is_legible(text)))
    return objection{"not-legible", how.lines ? "must show something, and end in each line what turns its direction"
                                              : "must be legible: no invisible, direction-changing or unassigned "
                                                "characters"};
  if (how.form && how.form->fits && !how.form->fits(text))
    return objection{how.form->code, std::string(how.form->detail)};
  return std::nullopt;
}

verdict check_number(const field& f, decimal number) {
  const rules& how = f.rules;
  if (number.places > how.places_max) {
    if (how.places_max == 0) return objection{"not-whole", "must be a whole number"};
    return objection{"too-precise", fmt::format("must have at most {} digits behind the point", how.places_max)};
  }
  if (how.min && number < *how.min)
    return objection{"too-small", fmt::format("must be at least {}", to_text(*how.min))};
  if (how.max && number > *how.max) return objection{"too-large", fmt::format("must be at most {}", to_text(*how.max))};
  if (how.step) {
    const auto units = scaled(number, how.places_max);
    const auto step = scaled(*how.step, how.places_max);
    if (!units || !step || *units % *step != 0)
      return objection{"not-a-step", fmt::format("must be a multiple of {}", to_text(*how.step))};
  }
  return std::nullopt;
}

std::string_view kind_wanted(field_type type) {
  switch (type) {
    case field_type::text:
    case field_type::choice:
    case field_type::id:
    case field_type::time: return "a string";
    case field_type::texts: return "an array of strings";
    case field_type::integer: return "a whole number";
    case field_type::number: return "a number of at most 18 digits";
    case field_type::flag: return "true or false";
    case field_type::packed: return "an array of objects";
  }
  return "a value";
}

value_kind kind_of(field_type type) {
  switch (type) {
    case field_type::texts: return value_kind::texts;
    case field_type::integer:
    case field_type::number: return value_kind::number;
    case field_type::flag: return value_kind::boolean;
    case field_type::packed: return value_kind::bytes;
    default: return value_kind::text;
  }
}

objection wrong_domain(const field& f) {
  switch (f.type->type) {
    case field_type::choice: return {"not-a-choice", fmt::format("must be one of {}", choices_text(f.choices()))};
    case field_type::id: return {"not-a-uuid", "must be a UUID of 36 characters"};
    case field_type::time: return {"not-a-time", "must be a time as 2026-11-22T08:00:00.000Z"};
    default: return {"out-of-range", "is out of range"};
  }
}

bool refuse(std::vector<problem>& problems, std::string_view pointer, std::string_view code, std::string detail) {
  problems.push_back({std::string(pointer), std::string(code), std::move(detail)});
  return false;
}

bool accept_texts(const field& f, void* entity, const value& v, std::string_view pointer,
                  std::vector<problem>& problems) {
  std::vector<std::string> texts = v.texts.to_vector();
  if (texts.size() > f.rules.items_max)
    return refuse(problems, pointer, "too-many", fmt::format("must have at most {} entries", f.rules.items_max));
  const std::size_t before = problems.size();
  scratch store;
  std::vector<std::string> folded;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string_view text = trim(texts[i]);
    if (const verdict wrong = check_text(f.rules, text))
      refuse(problems, fmt::format("{}/{}", pointer, i), wrong->code, wrong->detail);
    const bool twice = std::any_of(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const std::string& other) { return trim(other) == text; });
    if (f.rules.distinct && twice)
      refuse(problems, fmt::format("{}/{}", pointer, i), "twice", "must not be given twice");
    if (f.rules.one_of_alike) {
      std::string like = fold(text);
      if (std::find(folded.begin(), folded.end(), like) != folded.end()) continue;
      folded.push_back(std::move(like));
    }
    texts_view::append(store.list, text);
  }
  return problems.size() == before && f.type->assign(f.member(entity), value::of(texts_view(store.list)));
}

/// JSON scalars and lists as values. `store` holds what the value points to.
value to_value(const json_value& json, scratch& store) {
  switch (json.kind) {
    case json_kind::boolean: return value::of(json.flag);
    case json_kind::string: return value::of(std::string_view(json.text));
    case json_kind::number: {
      const auto number = parse_decimal(json.text);
      return number ? value::of(*number) : value{};
    }
    case json_kind::array: {
      for (const json_value& element : json.elements) {
        if (element.kind != json_kind::string) return {};
        texts_view::append(store.list, element.text);
      }
      return value::of(texts_view(store.list));
    }
    default: return {};
  }
}

std::string pointer_to(std::string_view name) {
  std::string pointer = "/";
  for (char c : name) {  // RFC 6901, section 3
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
  return pointer;
}

bool wants_number(const field& f) { return kind_of(f.type->type) == value_kind::number; }

/// A choice that a field has, but nobody may give.
bool is_reserved(const field& f, const json_value& json) {
  const std::span<const std::string_view> choices = f.choices();
  return f.type->type == field_type::choice && json.kind == json_kind::string &&
         std::find(choices.begin(), choices.end(), json.text) == choices.end();
}

/// `changes`: a choice that nobody may give may still be what it is already, which its service looks at.
void read_member(const field& f, const json_value& json, bool changes, void* entity, std::vector<problem>& problems) {
  const std::string pointer = pointer_to(f.name);
  if (json.kind == json_kind::null) {
    const bool clears = f.type->nullable || f.type->type == field_type::texts;
    if (!clears)
      refuse(problems, pointer, "required", "must not be null");
    else
      f.type->clear(f.member(entity));
    return;
  }
  scratch store;
  const value v = to_value(json, store);
  // A number that no decimal holds is a number all the same.
  if (json.kind == json_kind::number && v.kind == value_kind::none && wants_number(f))
    refuse(problems, pointer, "out-of-range", "must be a number of at most 18 digits");
  else if (!changes && is_reserved(f, json))
    refuse(problems, pointer, wrong_domain(f).code, wrong_domain(f).detail);
  else
    accept(f, entity, v, pointer, problems);
}

/// Nothing, as forms send it for what is left blank.
bool is_blank(const field& f, std::string_view cell) {
  return cell.empty() || (!f.rules.untrimmed && is_utf8(cell) && trim(cell).empty());
}

bool is_shown(const field& f) { return f.has(on_show | on_own); }

/// Reads what an answer has shown: no rule but its type's holds, for the service has set it. False for what no answer
/// can have shown.
bool read_repeated(const field& f, const json_value& json, void* entity) {
  if (f.type->packed) return f.type->packed->repeat && f.type->packed->repeat(f.member(entity), json);
  if (json.kind == json_kind::null) {
    f.type->clear(f.member(entity));
    return f.type->nullable || f.has(on_own);
  }
  scratch store;
  const value v = to_value(json, store);
  return v.kind == kind_of(f.type->type) && f.type->assign(f.member(entity), v);
}

void refuse_fixed(const field& f, std::vector<problem>& problems) {
  refuse(problems, pointer_to(f.name), "fixed", "is set by the service and cannot be given");
}

bool same(const field& f, const void* one, const void* other) {
  if (f.type->packed && f.type->packed->same) return f.type->packed->same(f.member_of(one), f.member_of(other));
  scratch first;
  scratch second;
  return f.fetch(one, first) == f.fetch(other, second);
}

/// The texts between separators; none for an empty cell.
void split_into(scratch& store, std::string_view cell, char separator) {
  while (!cell.empty()) {
    const std::size_t end = std::min(cell.find(separator), cell.size());
    if (const std::string_view text = trim(cell.substr(0, end)); !text.empty()) texts_view::append(store.list, text);
    cell.remove_prefix(std::min(end + 1, cell.size()));
  }
}

}  // namespace

bool accept(const field& f, void* entity, const value& v, std::string_view pointer, std::vector<problem>& problems) {
  if (v.kind != kind_of(f.type->type))
    return refuse(problems, pointer, "wrong-type", fmt::format("must be {}", kind_wanted(f.type->type)));
  verdict wrong;
  value clean = v;
  switch (f.type->type) {
    case field_type::texts: return accept_texts(f, entity, v, pointer, problems);
    case field_type::text:
      if (!f.rules.untrimmed && is_utf8(v.text)) clean = value::of(trim(v.text));
      wrong = check_text(f.rules, clean.text);
      break;
    case field_type::integer:
    case field_type::number: wrong = check_number(f, v.number); break;
    default: break;
  }
  if (!wrong && !f.type->assign(f.member(entity), clean)) wrong = wrong_domain(f);
  return wrong ? refuse(problems, pointer, wrong->code, std::move(wrong->detail)) : true;
}

field_set read_object(field_span fields, const json_value& object, access allowed, void* entity,
                      std::vector<problem>& problems, field_set* repeated) {
  field_set given;
  std::size_t unknown = 0;
  for (const auto& [name, json] : object.members) {
    const std::size_t at = find_field(fields, name);
    if (at == fields.size()) {
      if (++unknown <= unknown_told_max) refuse(problems, pointer_to(name), "unknown", "no such field");
    } else if (!fields[at].has(allowed)) {
      if (repeated && is_shown(fields[at]) && read_repeated(fields[at], json, entity))
        repeated->set(at);
      else
        refuse_fixed(fields[at], problems);
    } else {
      given.set(at);
      read_member(fields[at], json, allowed == on_update, entity, problems);
    }
  }
  return given;
}

void demand_same(field_span fields, const field_set& repeated, const void* given, const void* before,
                 std::vector<problem>& problems) {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (repeated[i] && !same(fields[i], given, before)) refuse_fixed(fields[i], problems);
}

field_set same_in(field_span fields, const field_set& among, const void* one, const void* other) {
  field_set found;
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (among[i] && same(fields[i], one, other)) found.set(i);
  return found;
}

void demand_required(field_span fields, access allowed, const field_set& given, std::vector<problem>& problems) {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].rules.required && fields[i].has(allowed) && !given[i])
      refuse(problems, pointer_to(fields[i].name), "required", "is required");
}

bool accept_text(const field& f, void* entity, std::string_view cell, char separator, std::string_view pointer,
                 std::vector<problem>& problems) {
  scratch store;
  value v;
  switch (f.type->type) {
    case field_type::integer:
    case field_type::number:
      if (const auto number = parse_decimal(trim(cell))) v = value::of(*number);
      break;
    case field_type::flag:
      cell = trim(cell);
      if (cell == "true" || cell == "false") v = value::of(cell == "true");
      break;
    case field_type::texts:
      split_into(store, cell, separator);
      v = value::of(texts_view(store.list));
      break;
    case field_type::text: v = value::of(cell); break;
    default: v = value::of(trim(cell));
  }
  return accept(f, entity, v, pointer, problems);
}

field_set read_query(field_span fields, std::string_view query, void* entity, std::vector<problem>& problems) {
  field_set given;
  std::vector<std::string> cells(fields.size());
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = percent_decode(pair.substr(0, equals), true);
    const auto cell = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !cell || !is_utf8(*name)) {
      refuse(problems, is_utf8(pair) ? pair.substr(0, equals) : "", "malformed", "is not percent-encoded UTF-8");
      continue;
    }
    const std::size_t at = find_field(fields, *name);
    if (at == fields.size()) {
      refuse(problems, *name, "unknown", "no such parameter");
    } else if (is_blank(fields[at], *cell)) {
      continue;
    } else if (given[at] && fields[at].type->type != field_type::texts) {
      refuse(problems, *name, "twice", "must not be given twice");
    } else {
      if (given[at]) cells[at] += ',';
      cells[at] += *cell;
      given.set(at);
    }
  }
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (given[i]) accept_text(fields[i], entity, cells[i], ',', fields[i].name, problems);
  return given;
}

}  // namespace spaces::record
