/// Reading people's input by a field table: JSON bodies, query parameters, import columns. All
/// problems together, each with where it is, what it is and what is allowed.
#pragma once

#include "platform/base/error.hpp"
#include "platform/record/field.hpp"
#include "platform/record/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spaces::record {

/// Unknown members that are told of one body: more than an honest one has. 256 KiB have room for 30,000,
/// whose list would be ten times as large as the body.
inline constexpr std::size_t unknown_told_max = 100;

/// Checks a value against a field's rules and assigns it. Texts are trimmed first. A problem that is
/// found is appended under `pointer`.
bool accept(const field& f, void* entity, const value& v, std::string_view pointer, std::vector<problem>& problems);

/// Reads a JSON object into `entity`: members not in the table, or not `allowed`, are problems; so
/// is null for a field that cannot be absent; other nulls clear. Returns the fields given (null counts).
/// Of unknown members the first `unknown_told_max` are told.
field_set read_object(field_span fields, const json_value& object, access allowed, void* entity,
                      std::vector<problem>& problems);

/// Adds "required" for each required field of `allowed` that is not in `given`.
void demand_required(field_span fields, access allowed, const field_set& given, std::vector<problem>& problems);

/// Reads "a=1&b=2" (application/x-www-form-urlencoded). A parameter twice is a problem, except for lists,
/// which take commas and repetition.
field_set read_query(field_span fields, std::string_view query, void* entity, std::vector<problem>& problems);

/// Reads one cell of text for a field: numbers, flags and times by their text, lists split at `separator`.
bool accept_text(const field& f, void* entity, std::string_view cell, char separator, std::string_view pointer,
                 std::vector<problem>& problems);

/// Some of an entity's fields, as a body gave them: what a create or an update asks for.
template <class E>
struct draft {
  E values;
  field_set given;

  /// `before` with the given fields in place of its own. Pure.
  E apply(E before) const {
    const field_span fields = E::fields();
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (given[i]) fields[i].type->copy(fields[i].member(&before), fields[i].member_of(&values));
    return before;
  }
};

/// A body that makes (`on_create`) or changes (`on_update`) an entity. `malformed` when it is no JSON,
/// `invalid` when it is no object, and with every problem when it breaks a rule.
template <class E>
result<draft<E>> read_draft(std::string_view body, access allowed) {
  result<json_value> parsed = parse_json(body);
  if (!parsed) return parsed.error();
  if (parsed->kind != json_kind::object) return invalid({{"", "wrong-type", "must be an object"}});
  draft<E> read;
  std::vector<problem> problems;
  read.given = read_object(E::fields(), *parsed, allowed, &read.values, problems);
  if (allowed == on_create) demand_required(E::fields(), allowed, read.given, problems);
  if (!problems.empty()) return invalid(std::move(problems));
  return read;
}

}  // namespace spaces::record
