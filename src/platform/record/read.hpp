/// Reading people's input by a field table: JSON bodies, query parameters, import columns. All
/// problems together, each with where it is, what it is and what is allowed.
#pragma once

#include "platform/base/error.hpp"
#include "platform/record/field.hpp"
#include "platform/record/json.hpp"

#include <cassert>
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
/// Of unknown members the first `unknown_told_max` are told. With `repeated`, members that answers show and that are
/// not allowed are read, too, and noted there: what they say must be so already (`draft::against`).
field_set read_object(field_span fields, const json_value& object, access allowed, void* entity,
                      std::vector<problem>& problems, field_set* repeated = nullptr);

/// Adds "fixed" for each field of `repeated` that is another in `given` than in `before`.
void demand_same(field_span fields, const field_set& repeated, const void* given, const void* before,
                 std::vector<problem>& problems);

/// Those of `among` that are the same in both.
field_set same_in(field_span fields, const field_set& among, const void* one, const void* other);

/// Adds "required" for each required field of `allowed` that is not in `given`.
void demand_required(field_span fields, access allowed, const field_set& given, std::vector<problem>& problems);

/// Reads "a=1&b=2" (application/x-www-form-urlencoded). A parameter with nothing in it, as forms send it for what is
/// left blank, is as one that is not there. A parameter twice is a problem, except for lists,
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
  field_set repeated{};  ///< what a change holds of fields that the service sets, as an answer has shown them
  std::vector<problem> problems{};  ///< of a change that repeats some: `against` tells them all together

  /// True when it repeats a field of these.
  bool repeats(access mask) const {
    const field_span fields = E::fields();
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (repeated[i] && fields[i].has(mask)) return true;
    return false;
  }

  /// What of it changes `before`. `invalid` where it repeats a field of the service's with another value than that
  /// has, and nothing is passed over. A body that repeats some is a whole answer sent back: what is in it as it was is
  /// no change then.
  result<draft> against(const E& before) const {
    std::vector<problem> all = problems;
    demand_same(E::fields(), repeated, &values, &before, all);
    if (!all.empty()) return invalid(std::move(all));
    if (repeated.none()) return *this;
    return draft{values, given & ~same_in(E::fields(), given, &values, &before), {}, {}};
  }

  /// `before` with the given fields in place of its own. Pure.
  E apply(E before) const {
    assert(problems.empty());
    const field_span fields = E::fields();
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (given[i]) fields[i].type->copy(fields[i].member(&before), fields[i].member_of(&values));
    return before;
  }
};

/// A body that makes (`on_create`) or changes (`on_update`) an entity. `malformed` when it is no JSON,
/// `invalid` when it is no object, and with every problem when it breaks a rule; one that changes and repeats what the
/// service sets is judged whole by `draft::against`.
template <class E>
result<draft<E>> read_draft(std::string_view body, access allowed) {
  result<json_value> parsed = parse_json(body);
  if (!parsed) return parsed.error();
  if (parsed->kind != json_kind::object) return invalid({{"", "wrong-type", "must be an object"}});
  draft<E> read;
  std::vector<problem> problems;
  read.given = read_object(E::fields(), *parsed, allowed, &read.values, problems,
                           allowed == on_update ? &read.repeated : nullptr);
  if (allowed == on_create) demand_required(E::fields(), allowed, read.given, problems);
  if (problems.empty()) return read;
  if (read.repeated.none()) return invalid(std::move(problems));
  read.problems = std::move(problems);
  return read;
}

}  // namespace spaces::record
