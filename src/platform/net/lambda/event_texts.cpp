#include "platform/net/lambda/event_texts.hpp"

#include "platform/base/text.hpp"

#include <utility>

namespace spaces::net {

namespace {

using record::json_kind;
using record::json_reader;

/// Of the members that are named in a message.
constexpr std::size_t names_max = 5;
constexpr std::size_t name_bytes_max = 40;

}  // namespace

bool event_member::begin(json_reader& in) {
  if (std::exchange(seen, true)) in.fail();
  kind = in.next();
  there = kind != json_kind::null;
  return !in.failed();
}

void event_member::take(json_reader& in) {
  if (!begin(in)) return;
  if (kind == json_kind::string)
    text = in.string(storage);
  else
    in.skip();
}

void event_pairs::take(json_reader& in, bool lists) {
  if (!whole.begin(in)) return;
  if (whole.kind != json_kind::object) return in.skip();
  std::string storage;
  const auto take_one = [&](std::string_view name) {
    if (in.next() == json_kind::string) {
      all.emplace_back(name, in.string(storage));
    } else {
      has_others = true;
      in.skip();
    }
  };
  in.object([&](std::string_view name) {
    if (!lists || in.next() != json_kind::array) return take_one(name);
    const std::string kept(name);
    in.array([&] { take_one(kept); });
  });
}

event_texts::event_texts(json_reader& in) {
  in.object([&](std::string_view name) {
    if (++members_ <= names_max)
      names_.append(members_ == 1 ? "'" : ", '").append(name.substr(0, name_bytes_max)).append("'");
    if (take_text(name, in)) return;
    if (name == "headers") return headers.take(in, false);
    if (name == "multiValueHeaders") return multi_headers.take(in, true);
    if (name == "queryStringParameters") return parameters.take(in, false);
    if (name == "multiValueQueryStringParameters") return multi_parameters.take(in, true);
    if (name == "cookies") return take_cookies(in);
    if (name == "requestContext") return take_context(in);
    if (name == "isBase64Encoded") return take_encoded(in);
    if (name == "Records") return take_records(in);
    in.skip();
  });
}

bool event_texts::take_text(std::string_view name, json_reader& in) {
  const std::pair<std::string_view, event_member*> texts[] = {
      {"version", &version}, {"rawPath", &raw_path},   {"rawQueryString", &raw_query},
      {"path", &path},       {"httpMethod", &verb},    {"body", &body},
      {"source", &source},   {"detail-type", &detail}, {"methodArn", &method_arn}};
  for (const auto& [known, member] : texts) {
    if (known != name) continue;
    member->take(in);
    return true;
  }
  return false;
}

void event_texts::take_context(json_reader& in) {
  if (!context.begin(in)) return;
  if (context.kind != json_kind::object) return in.skip();
  in.object([&](std::string_view name) {
    if (name == "stage") return stage.take(in);
    if (name == "domainName") return domain.take(in);
    if (name == "elb") return elb.take(in);
    if (name == "routeKey") return route.take(in);
    if (name == "authorizer" && in.next() == json_kind::object) return take_authorizer(in);
    if (name == "http") return take_http(in);
    if (name != "identity" || !identity.begin(in) || identity.kind != json_kind::object) return in.skip();
    in.object([&](std::string_view part) { part == "sourceIp" ? peer.take(in) : in.skip(); });
  });
}

void event_texts::take_http(json_reader& in) {
  if (!http.begin(in)) return;
  if (http.kind != json_kind::object) return in.skip();
  in.object([&](std::string_view part) {
    if (part == "method") return http_verb.take(in);
    if (part == "sourceIp") return http_peer.take(in);
    in.skip();
  });
}

void event_texts::take_authorizer(json_reader& in) {
  in.object([&](std::string_view name) {
    if (name == "claims") return take_claims(in);
    if (name != "jwt" || in.next() != json_kind::object) return in.skip();
    in.object([&](std::string_view part) { part == "claims" ? take_claims(in) : in.skip(); });
  });
}

void event_texts::take_claims(json_reader& in) {
  if (in.next() != json_kind::object) return in.skip();
  auto read = record::parse_json(in.raw());
  if (!read || claims) return in.fail();
  claims = *std::move(read);
}

void event_texts::take_cookies(json_reader& in) {
  if (!cookies.begin(in)) return;
  if (cookies.kind != json_kind::array) return in.skip();
  std::string storage;
  in.array([&] {
    if (in.next() == json_kind::string) {
      all_cookies.append(all_cookies.empty() ? "" : "; ").append(in.string(storage));
    } else {
      has_cookies_of_other_kinds = true;
      in.skip();
    }
  });
}

void event_texts::take_encoded(json_reader& in) {
  if (!encoded.begin(in)) return;
  if (encoded.kind == json_kind::boolean)
    is_encoded = in.boolean();
  else
    in.skip();
}

/// Of S3, SQS, SNS, DynamoDB and others, whose events are lists: where the first is from.
void event_texts::take_records(json_reader& in) {
  if (!records_.begin(in)) return;
  if (records_.kind != json_kind::array) return in.skip();
  in.array([&] {
    if (in.next() != json_kind::object) return in.skip();
    in.object([&](std::string_view name) {
      if (equal_ignoring_case(name, "eventSource") && !records_source_.seen)
        records_source_.take(in);
      else
        in.skip();
    });
  });
}

}  // namespace spaces::net
