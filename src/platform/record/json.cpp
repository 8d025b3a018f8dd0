#include "platform/record/json.hpp"

#include "platform/base/text.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <set>
#include <utility>

namespace spaces::record {

namespace {

namespace json = boost::json;

/// Names of an object are compared one by one up to so many, then looked up in a tree: an object of
/// 40,000 members must not cost 40,000² comparisons (a hash table could be flooded).
constexpr std::size_t names_compared_max = 16;

/// Builds a json_value from the parser's calls. A call returns false to stop the parse; `flaw` then
/// says why.
class builder {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  json_value root;
  std::string flaw;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }

  bool on_object_begin(json::error_code&) { return open(json_kind::object); }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_array_begin(json::error_code&) { return open(json_kind::array); }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }

  // Texts come in parts when they hold escapes.
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return append(part); }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    append(part);
    return name_member();
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return append(part); }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    append(part);
    place(json_kind::string).text = std::exchange(gathered_, {});
    return true;
  }

  // The parser's own values of numbers are dropped: many are inexact, or infinite, or wrapped.
  bool on_number_part(json::string_view part, json::error_code&) { return append(part); }
  bool on_int64(std::int64_t, json::string_view part, json::error_code&) { return number(part); }
  bool on_uint64(std::uint64_t, json::string_view part, json::error_code&) { return number(part); }
  bool on_double(double, json::string_view part, json::error_code&) { return number(part); }

  bool on_bool(bool flag, json::error_code&) {
    place(json_kind::boolean).flag = flag;
    return true;
  }
  bool on_null(json::error_code&) {
    place(json_kind::null);
    return true;
  }

  // Never called: comments are not allowed.
  bool on_comment_part(json::string_view, json::error_code&) { return false; }
  bool on_comment(json::string_view, json::error_code&) { return false; }

 private:
  /// An array or object whose end has not come. The pointer holds: its parent takes no further
  /// element before this one ends.
  struct open_value {
    json_value* at;
    std::set<std::string, std::less<>> names;  // only once there are more than `names_compared_max`
  };

  /// Where the value goes that comes now.
  json_value& place(json_kind kind) {
    json_value* at = &root;
    if (!open_.empty()) {
      json_value& parent = *open_.back().at;
      at = parent.kind == json_kind::array ? &parent.elements.emplace_back() : &parent.members.back().value;
    }
    at->kind = kind;
    return *at;
  }

  bool open(json_kind kind) {
    json_value& at = place(kind);
    open_.push_back({&at, {}});
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  bool append(json::string_view part) {
    gathered_.append(part.data(), part.size());
    return true;
  }

  bool number(json::string_view part) {
    append(part);
    place(json_kind::number).text = std::exchange(gathered_, {});
    return true;
  }

  bool name_member() {
    open_value& object = open_.back();
    auto& members = object.at->members;
    if (is_taken(object)) {
      flaw = "the member ";
      append_json_string(flaw, gathered_);
      flaw += " comes twice";
      return false;
    }
    members.push_back({std::exchange(gathered_, {}), {}});
    return true;
  }

  bool is_taken(open_value& object) const {
    const auto& members = object.at->members;
    if (members.size() < names_compared_max) {
      return std::any_of(members.begin(), members.end(),
                         [&](const json_member& member) { return member.name == gathered_; });
    }
    if (object.names.empty()) {
      for (const json_member& member : members) object.names.insert(member.name);
    }
    return !object.names.insert(gathered_).second;
  }

  std::vector<open_value> open_;
  std::string gathered_;
};

/// What the parser found, in words for the client.
std::string explain(const json::error_code& code, std::size_t depth_max) {
  if (code == json::error::incomplete) return "it ends too early";
  if (code == json::error::too_deep) return "it is nested more than " + std::to_string(depth_max) + " levels deep";
  if (code == json::error::exponent_overflow) return "a number's exponent is out of range";
  if (code == json::error::expected_utf16_escape || code == json::error::illegal_leading_surrogate ||
      code == json::error::illegal_trailing_surrogate) {
    return "a surrogate stands alone";
  }
  return code.message();
}

error not_json(const std::string& flaw, std::size_t at) {
  return malformed("This is not valid JSON: " + flaw + " (at byte " + std::to_string(at) + ")");
}

}  // namespace

const json_value* json_value::find(std::string_view name) const {
  for (const json_member& member : members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

result<json_value> parse_json(std::string_view text, std::size_t depth_max) {
  if (text.empty()) return not_json("it is empty", 0);
  json::parse_options options;
  options.max_depth = depth_max;
  json::basic_parser<builder> parser(options);
  json::error_code code;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), code);
  builder& built = parser.handler();
  if (!built.flaw.empty()) return not_json(built.flaw, used);
  if (code) return not_json(is_utf8(text) ? explain(code, depth_max) : "it is not UTF-8", used);
  // The parser stops behind the first value and leaves the rest to its caller.
  if (used != text.size()) return not_json("more follows behind its end", used);
  return std::move(built.root);
}

}  // namespace spaces::record
