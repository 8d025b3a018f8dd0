/// The members of an event of AWS's, as far as they are of use here, whichever of its formats it has.
#pragma once

#include "platform/record/json_reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::net {

/// A member that is a text, or should be: it may come once.
struct event_member {
  bool there = false;  ///< and not null
  bool seen = false;
  record::json_kind kind = record::json_kind::null;
  std::string_view text;  ///< empty unless it is one
  std::string storage;    ///< for what has escapes

  /// False, the reader failed, for one that came before.
  bool begin(record::json_reader& in);
  void take(record::json_reader& in);
  bool is(record::json_kind wanted) const { return there && kind == wanted; }
  bool is_absent_or(record::json_kind wanted) const { return !there || kind == wanted; }
};

/// An object of names with one text each, or with several: header fields, query parameters.
struct event_pairs {
  event_member whole;
  std::vector<std::pair<std::string, std::string>> all;  ///< in their order
  bool has_others = false;                               ///< values that are no texts

  /// `lists`: a value is an array of texts.
  void take(record::json_reader& in, bool lists);
};

struct event_texts {
  explicit event_texts(record::json_reader& in);

  event_member version, raw_path, raw_query, path, verb, body, encoded, cookies, context, source, detail, method_arn;
  event_pairs headers, multi_headers, parameters, multi_parameters;
  bool is_encoded = false;
  bool has_cookies_of_other_kinds = false;
  std::string all_cookies;  ///< of `cookies`
  /// Of requestContext.
  event_member stage, domain, http, http_verb, http_peer, identity, peer, elb, route;
  /// What API Gateway's authorizers found in a token: `jwt.claims` in format 2.0, `claims` in 1.0.
  std::optional<record::json_value> claims;

  std::string_view record_source() const { return records_source_.text; }
  std::size_t members() const { return members_; }
  /// The first names, for a message.
  const std::string& names() const { return names_; }

 private:
  bool take_text(std::string_view name, record::json_reader& in);
  void take_context(record::json_reader& in);
  void take_http(record::json_reader& in);
  void take_authorizer(record::json_reader& in);
  void take_claims(record::json_reader& in);
  void take_cookies(record::json_reader& in);
  void take_encoded(record::json_reader& in);
  void take_records(record::json_reader& in);

  event_member records_, records_source_;
  std::size_t members_ = 0;
  std::string names_;
};

}  // namespace spaces::net
