#include "platform/net/lambda/lambda_event.hpp"

#include "platform/base/base64.hpp"
#include "platform/base/text.hpp"
#include "platform/net/request_syntax.hpp"

#include <algorithm>
#include <utility>

namespace spaces::net {

namespace {

using record::json_kind;

/// What speaks of the connection to the gateway and not of the request (RFC 9110, 7.6.1), and the
/// framing and expectations that it has dealt with.
constexpr std::string_view dropped_names[] = {
    "connection", "content-length",    "expect",  "keep-alive", "proxy-connection", "te",
    "trailer",    "transfer-encoding", "upgrade",
};

bool is_dropped(std::string_view name) {
  return std::ranges::any_of(dropped_names, [&](std::string_view each) { return equal_ignoring_case(each, name); });
}

error no_event(std::string why) {
  return malformed(
      "This is no event that is served here (API Gateway's payload formats 2.0 and 1.0, a load balancer's, "
      "a schedule's): " +
      std::move(why));
}

/// Why it could not be read to its end. What is no JSON is read again by those who say where.
error unreadable(std::string_view text) {
  const auto parsed = record::parse_json(text);
  return parsed ? no_event("it is no object, or a member comes twice.") : parsed.error();
}

/// As much of a text as a message needs.
std::string quoted(std::string_view text) {
  constexpr std::size_t bytes_max = 100;
  std::string out(1, '\'');
  for (const char c : text.substr(0, bytes_max)) out += c < ' ' && c >= 0 ? ' ' : c;
  return out += '\'';
}

/// What else it is, for those who wonder who sends it.
std::string description(const event_texts& said) {
  if (!said.record_source().empty()) return "it is a list of records of " + quoted(said.record_source()) + ".";
  if (said.method_arn.there) return "it wants an authorizer's decision on " + quoted(said.method_arn.text) + ".";
  if (said.source.there)
    return "it is from " + quoted(said.source.text) + " and of the kind " + quoted(said.detail.text) + ".";
  if (said.route.there && !said.http.there) return "it is of a WebSocket, its route " + quoted(said.route.text) + ".";
  if (said.version.there && said.context.there) return "its version is " + quoted(said.version.text) + ".";
  return "its members are " + (said.members() == 0 ? "none" : said.names()) + ".";
}

bool is_clock(const event_texts& said) {
  return said.members() == 0 || said.source.text == "aws.scheduler" ||
         (said.source.text == "aws.events" && said.detail.text == "Scheduled Event");
}

/// The path behind a prefix that ends where a segment does; empty when it has not got it.
std::optional<std::string_view> behind(std::string_view prefix, std::string_view path) {
  if (prefix.empty() || !path.starts_with(prefix)) return std::nullopt;
  const std::string_view rest = path.substr(prefix.size());
  if (!rest.empty() && rest.front() != '/') return std::nullopt;
  return rest;
}

/// The last address of X-Forwarded-For: the one that the load balancer wrote.
std::string_view last_forwarded(const event_pairs& fields) {
  std::string_view found;
  for (const auto& [name, value] : fields.all)
    if (equal_ignoring_case(name, "x-forwarded-for")) found = value;
  const std::size_t comma = found.rfind(',');
  return trim_ows(comma == std::string_view::npos ? found : found.substr(comma + 1));
}

}  // namespace

lambda_event::lambda_event(const framing_limits& bounds, std::string base_path)
    : parser_(bounds), base_path_(std::move(base_path)) {}

result<void> lambda_event::read(std::string_view text) {
  claims_.reset();
  why_ = {};
  message_.clear();
  peer_.clear();
  is_schedule_ = false;
  parser_.reset();
  record::json_reader in(text);
  event_texts said(in);
  if (!in.ended()) return unreadable(text);
  const auto format = format_of(said);
  if (!format) {
    is_schedule_ = is_clock(said);
    return no_event(description(said));
  }
  format_ = *format;
  if (format_ == event_format::http_1 || format_ == event_format::http_2) claims_ = std::move(said.claims);
  if (const result<void> written = write_request(said); !written || why_) return written;
  if (parser_.advance(message_.data(), message_.size()) == request_parser::progress::refused) why_ = parser_.why();
  return {};
}

std::optional<event_format> lambda_event::format_of(const event_texts& said) {
  if (said.method_arn.there || !said.context.is(json_kind::object)) return std::nullopt;
  if (said.version.text == "2.0")
    return said.http.is(json_kind::object) ? std::optional(event_format::http_2) : std::nullopt;
  if (!said.verb.there) return std::nullopt;
  if (said.elb.there) return said.multi_headers.whole.there ? event_format::balancer_multi : event_format::balancer;
  // An HTTP API says 1.0; a REST API says nothing.
  if (said.version.there && said.version.text != "1.0") return std::nullopt;
  return event_format::http_1;
}

void lambda_event::describe(http::request& out) {
  parser_.describe(message_.data(), out);
  out.peer = peer_;
}

void lambda_event::refuse(int status, std::string_view detail) {
  if (!why_) why_ = {status, detail};
}

result<void> lambda_event::write_request(const event_texts& said) {
  const std::pair<const event_member*, std::string_view> objects[] = {
      {&said.headers.whole, "headers"},
      {&said.multi_headers.whole, "multiValueHeaders"},
      {&said.parameters.whole, "queryStringParameters"},
      {&said.multi_parameters.whole, "multiValueQueryStringParameters"}};
  // In format 2.0 the query is read from elsewhere.
  for (const auto& [member, name] : objects)
    if (!member->is_absent_or(json_kind::object)) return no_event(std::string(name) + " is no object.");
  if (said.headers.has_others || said.multi_headers.has_others) return no_event("a header is no text.");
  if (said.parameters.has_others || said.multi_parameters.has_others)
    return no_event("a parameter of the query is no text.");
  if (!said.cookies.is_absent_or(json_kind::array)) return no_event("cookies is no array.");
  if (said.has_cookies_of_other_kinds) return no_event("a cookie is no text.");
  if (const result<void> target = write_target(said); !target) return target;
  if (const result<void> fields = write_fields(said); !fields) return fields;
  return write_body(said);
}

/// The path within the application. A base path is the custom domain's; else the default domain of an HTTP API has put
/// the name of a stage that is not $default in front. A REST API leaves its stage out.
std::string_view lambda_event::path_of(const event_texts& said) const {
  const std::string_view path = format_ == event_format::http_2 ? said.raw_path.text : said.path.text;
  if (const auto rest = behind(base_path_, path)) return *rest;
  const bool has_stage = format_ == event_format::http_2 || (format_ == event_format::http_1 && said.version.there);
  const std::string_view stage = said.stage.text;
  if (!has_stage || stage.empty() || stage == "$default" || !path.starts_with('/')) return path;
  return behind(stage, path.substr(1)).value_or(path);
}

/// API Gateway decodes the path (a function URL's and a load balancer's come as sent).
result<void> lambda_event::write_target(const event_texts& said) {
  const bool second = format_ == event_format::http_2;
  if ((second ? said.raw_path : said.path).kind != json_kind::string)
    return no_event(second ? "rawPath is no text." : "path is no text.");
  if (!said.raw_query.is_absent_or(json_kind::string)) return no_event("rawQueryString is no text.");
  const std::string_view verb = second ? said.http_verb.text : said.verb.text;
  if (!is_token(verb))
    return no_event(second ? "requestContext.http.method is no method." : "httpMethod is no method.");
  const std::string_view path = path_of(said);
  message_.append(verb).append(" ");
  message_ += path.empty() ? "/" : escape_path(path);
  write_query(said);
  message_ += " HTTP/1.1\r\n";
  return {};
}

/// API Gateway's format 1.0 has decoded the query, a load balancer has not.
void lambda_event::write_query(const event_texts& said) {
  std::string query;
  if (format_ == event_format::http_2) {
    query = said.raw_query.text;
  } else {
    const bool decoded = format_ == event_format::http_1;
    const auto& pairs = said.multi_parameters.whole.there ? said.multi_parameters : said.parameters;
    const auto append = [&](std::string_view text) { query += decoded ? escape_parameter(text) : std::string(text); };
    for (const auto& [name, value] : pairs.all) {
      if (!query.empty()) query += '&';
      append(name);
      query += '=';
      append(value);
    }
  }
  if (query.empty()) return;
  // It must not end the target, or the line; what else is wrong with it the parser sees.
  if (std::any_of(query.begin(), query.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; }))
    refuse(400, "The target is malformed.");
  message_.append("?").append(query);
}

/// Fields of one name come joined by commas, or one by one; cookies, which may not be joined so, in an array of their
/// own in format 2.0.
result<void> lambda_event::write_fields(const event_texts& said) {
  const event_pairs& fields = said.multi_headers.whole.there ? said.multi_headers : said.headers;
  std::string cookies = said.all_cookies;
  bool has_host = false;
  for (const auto& [name, value] : fields.all) {
    if (equal_ignoring_case(name, "cookie")) {
      if (said.all_cookies.empty()) cookies.append(cookies.empty() ? "" : "; ").append(value);
    } else if (!is_dropped(name)) {
      add_field(name, value);
      has_host = has_host || equal_ignoring_case(name, "host");
    }
  }
  if (!cookies.empty()) add_field("Cookie", cookies);
  if (!has_host) add_field("Host", is_host(said.domain.text) ? said.domain.text : "lambda");
  switch (format_) {
    case event_format::http_2: peer_ = said.http_peer.text; break;
    case event_format::http_1: peer_ = said.peer.text; break;
    case event_format::balancer:
    case event_format::balancer_multi: peer_ = last_forwarded(fields); break;
  }
  return {};
}

/// Whatever would end the line, or the name, is refused before it becomes one.
void lambda_event::add_field(std::string_view name, std::string_view value) {
  if (!is_token(name) || !is_field_value(value)) return refuse(400, "A header line is malformed.");
  message_.append(name).append(": ").append(value).append("\r\n");
}

result<void> lambda_event::write_body(const event_texts& said) {
  if (!said.body.is_absent_or(json_kind::string)) return no_event("body is no text.");
  if (!said.encoded.is_absent_or(json_kind::boolean)) return no_event("isBase64Encoded is no boolean.");
  if (said.body.text.empty()) {
    message_ += "\r\n";
    return {};
  }
  std::string decoded;
  if (said.is_encoded && !append_from_base64(decoded, said.body.text)) return no_event("body is no base64.");
  const std::string_view bytes = said.is_encoded ? decoded : said.body.text;
  message_.append("Content-Length: ").append(std::to_string(bytes.size())).append("\r\n\r\n").append(bytes);
  return {};
}

}  // namespace spaces::net
