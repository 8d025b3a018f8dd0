#include "net/lambda_event.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "net/request_syntax.hpp"

#include <algorithm>
#include <utility>

namespace spaces::net {

namespace {

using record::json_kind;
using record::json_value;

/// What speaks of the connection to API Gateway and not of the request (RFC 9110, 7.6.1), and the
/// framing and expectations that it has dealt with.
constexpr std::string_view dropped_names[] = {
    "connection", "content-length",    "expect",  "keep-alive", "proxy-connection", "te",
    "trailer",    "transfer-encoding", "upgrade",
};

/// The text of a string member; empty when it is absent, null or another kind.
std::string_view text_of(const json_value& object, std::string_view name) {
  const json_value* found = object.find(name);
  return found && found->kind == json_kind::string ? std::string_view(found->text) : std::string_view{};
}

bool is_absent(const json_value* value) { return value == nullptr || value->kind == json_kind::null; }

error no_event(std::string why) { return malformed("This is no event of payload format 2.0: " + std::move(why)); }

const json_value* object_of(const json_value& parent, std::string_view name) {
  const json_value* found = parent.find(name);
  return found && found->kind == json_kind::object ? found : nullptr;
}

}  // namespace

lambda_event::lambda_event(const framing_limits& bounds) : parser_(bounds) {}

result<void> lambda_event::read(std::string_view text) {
  event_ = {};
  why_ = {};
  message_.clear();
  peer_.clear();
  has_host_ = false;
  parser_.reset();
  auto parsed = record::parse_json(text);
  if (!parsed) return parsed.error();
  event_ = *std::move(parsed);
  if (const result<void> taken = take_request(); !taken || why_) return taken;
  if (parser_.advance(message_.data(), message_.size()) == request_parser::progress::refused) why_ = parser_.why();
  return {};
}

void lambda_event::describe(http::request& out) {
  parser_.describe(message_.data(), out);
  out.peer = peer_;
}

bool lambda_event::is_schedule() const {
  return text_of(event_, "source") == "aws.events" && text_of(event_, "detail-type") == "Scheduled Event";
}

const json_value* lambda_event::claims() const {
  const json_value* at = &event_;
  for (const std::string_view name : {"requestContext", "authorizer", "jwt", "claims"}) {
    at = object_of(*at, name);
    if (at == nullptr) return nullptr;
  }
  return at;
}

void lambda_event::refuse(int status, std::string_view detail) {
  if (!why_) why_ = {status, detail};
}

result<void> lambda_event::take_request() {
  if (event_.kind != json_kind::object) return no_event("it is no object.");
  const std::string_view version = text_of(event_, "version");
  const json_value* context = object_of(event_, "requestContext");
  const json_value* http = context ? object_of(*context, "http") : nullptr;
  if (version != "2.0" || !http)
    return no_event("its version is '" + std::string(version.substr(0, 20)) + "' and requestContext.http is " +
                    (http ? "there." : "not there."));
  peer_ = text_of(*http, "sourceIp");
  if (const result<void> target = take_target(*context, text_of(*http, "method")); !target) return target;
  if (const result<void> fields = take_fields(*context); !fields) return fields;
  return take_body();
}

/// API Gateway decodes the path of an HTTP API (a function URL's comes as sent), and puts the name of a
/// stage that is not $default in front of it.
result<void> lambda_event::take_target(const json_value& context, std::string_view verb) {
  const json_value* raw_path = event_.find("rawPath");
  const json_value* raw_query = event_.find("rawQueryString");
  if (is_absent(raw_path) || raw_path->kind != json_kind::string) return no_event("rawPath is no text.");
  if (!is_absent(raw_query) && raw_query->kind != json_kind::string) return no_event("rawQueryString is no text.");
  if (!is_token(verb)) return no_event("requestContext.http.method is no method.");
  std::string_view path = raw_path->text;
  const std::string_view stage = text_of(context, "stage");
  if (!stage.empty() && stage != "$default" && path.starts_with('/') && path.substr(1).starts_with(stage)) {
    const std::string_view rest = path.substr(1 + stage.size());
    if (rest.empty() || rest.front() == '/') path = rest;
  }
  message_.append(verb).append(" ");
  message_ += path.empty() ? "/" : escape_path(path);
  if (const std::string_view query = is_absent(raw_query) ? "" : std::string_view(raw_query->text); !query.empty()) {
    // It must not end the target, or the line; what else is wrong with it the parser sees.
    if (std::any_of(query.begin(), query.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; }))
      refuse(400, "The target is malformed.");
    message_.append("?").append(query);
  }
  message_ += " HTTP/1.1\r\n";
  return {};
}

/// Fields of one name come joined by commas; cookies, which may not be, in an array of their own.
result<void> lambda_event::take_fields(const json_value& context) {
  const json_value* headers = event_.find("headers");
  const json_value* cookies = event_.find("cookies");
  if (!is_absent(headers) && headers->kind != json_kind::object) return no_event("headers is no object.");
  if (!is_absent(cookies) && cookies->kind != json_kind::array) return no_event("cookies is no array.");
  const bool has_cookies = !is_absent(cookies) && !cookies->elements.empty();
  if (!is_absent(headers)) {
    for (const auto& [name, value] : headers->members) {
      if (value.kind != json_kind::string) return no_event("a header is no text.");
      const std::string lower = lower_ascii(name);
      const bool dropped =
          std::find(std::begin(dropped_names), std::end(dropped_names), lower) != std::end(dropped_names);
      if (dropped || (lower == "cookie" && has_cookies)) continue;
      add_field(name, value.text);
      has_host_ = has_host_ || lower == "host";
    }
  }
  if (has_cookies) {
    std::string all;
    for (const json_value& cookie : cookies->elements) {
      if (cookie.kind != json_kind::string) return no_event("a cookie is no text.");
      all.append(all.empty() ? "" : "; ").append(cookie.text);
    }
    add_field("Cookie", all);
  }
  if (has_host_) return {};
  const std::string_view domain = text_of(context, "domainName");
  add_field("Host", is_host(domain) ? domain : "lambda");
  return {};
}

/// Whatever would end the line, or the name, is refused before it becomes one.
void lambda_event::add_field(std::string_view name, std::string_view value) {
  if (!is_token(name) || !is_field_value(value)) refuse(400, "A header line is malformed.");
  message_.append(name).append(": ").append(value).append("\r\n");
}

result<void> lambda_event::take_body() {
  const json_value* body = event_.find("body");
  if (!is_absent(body) && body->kind != json_kind::string) return no_event("body is no text.");
  const json_value* encoded = event_.find("isBase64Encoded");
  if (!is_absent(encoded) && encoded->kind != json_kind::boolean) return no_event("isBase64Encoded is no boolean.");
  if (is_absent(body) || body->text.empty()) {
    message_ += "\r\n";
    return {};
  }
  std::string decoded;
  const bool coded = !is_absent(encoded) && encoded->flag;
  if (coded && !append_from_base64(decoded, body->text)) return no_event("body is no base64.");
  const std::string_view bytes = coded ? decoded : body->text;
  message_.append("Content-Length: ").append(std::to_string(bytes.size())).append("\r\n\r\n").append(bytes);
  return {};
}

}  // namespace spaces::net
