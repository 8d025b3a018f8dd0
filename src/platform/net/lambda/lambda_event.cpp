#include "platform/net/lambda/lambda_event.hpp"

#include "platform/base/base64.hpp"
#include "platform/base/text.hpp"
#include "platform/net/request_syntax.hpp"

#include <algorithm>
#include <utility>

namespace spaces::net {

namespace {

using record::json_kind;
using record::json_reader;

/// What speaks of the connection to API Gateway and not of the request (RFC 9110, 7.6.1), and the
/// framing and expectations that it has dealt with.
constexpr std::string_view dropped_names[] = {
    "connection", "content-length",    "expect",  "keep-alive", "proxy-connection", "te",
    "trailer",    "transfer-encoding", "upgrade",
};

bool is_dropped(std::string_view name) {
  return std::ranges::any_of(dropped_names, [&](std::string_view each) { return equal_ignoring_case(each, name); });
}

/// A member that is a text, or should be: it may come once.
struct member {
  bool there = false;  ///< and not null
  bool seen = false;
  json_kind kind = json_kind::null;
  std::string_view text;  ///< empty unless it is one
  std::string storage;    ///< for what has escapes

  /// False, the reader failed, for one that came before.
  bool begin(json_reader& in) {
    if (std::exchange(seen, true)) in.fail();
    kind = in.next();
    there = kind != json_kind::null;
    return !in.failed();
  }
  void take(json_reader& in) {
    if (!begin(in)) return;
    if (kind == json_kind::string)
      text = in.string(storage);
    else
      in.skip();
  }
  bool is_absent_or(json_kind wanted) const { return !there || kind == wanted; }
};

error no_event(std::string why) { return malformed("This is no event of payload format 2.0: " + std::move(why)); }

/// Why it could not be read to its end. What is no JSON is read again by those who say where.
error unreadable(std::string_view text) {
  const auto parsed = record::parse_json(text);
  return parsed ? no_event("it is no object, or a member comes twice.") : parsed.error();
}

}  // namespace

/// What an event says, as far as it is of use here.
struct lambda_event::texts {
  member version, path, query, body, encoded, headers, cookies, context, stage, domain, http, verb, peer, source,
      detail, cookie_field;
  std::string all_cookies;
  bool is_encoded = false;
  std::string_view problem;  ///< the first
};

lambda_event::lambda_event(const framing_limits& bounds) : parser_(bounds) {}

result<void> lambda_event::read(std::string_view text) {
  claims_.reset();
  why_ = {};
  message_.clear();
  fields_.clear();
  peer_.clear();
  has_host_ = is_schedule_ = false;
  parser_.reset();
  json_reader in(text);
  texts said;
  read_members(in, said);
  if (!in.ended()) return unreadable(text);
  is_schedule_ = said.source.text == "aws.events" && said.detail.text == "Scheduled Event";
  if (const result<void> written = write_request(said); !written || why_) return written;
  if (parser_.advance(message_.data(), message_.size()) == request_parser::progress::refused) why_ = parser_.why();
  return {};
}

void lambda_event::describe(http::request& out) {
  parser_.describe(message_.data(), out);
  out.peer = peer_;
}

void lambda_event::refuse(int status, std::string_view detail) {
  if (!why_) why_ = {status, detail};
}

void lambda_event::read_members(json_reader& in, texts& said) {
  in.object([&](std::string_view name) {
    if (name == "version") return said.version.take(in);
    if (name == "rawPath") return said.path.take(in);
    if (name == "rawQueryString") return said.query.take(in);
    if (name == "headers") return read_headers(in, said);
    if (name == "cookies") return read_cookies(in, said);
    if (name == "requestContext") return read_context(in, said);
    if (name == "body") return said.body.take(in);
    if (name == "source") return said.source.take(in);
    if (name == "detail-type") return said.detail.take(in);
    if (name != "isBase64Encoded") return in.skip();
    if (!said.encoded.begin(in)) return;
    if (said.encoded.kind == json_kind::boolean)
      said.is_encoded = in.boolean();
    else
      in.skip();
  });
}

void lambda_event::read_context(json_reader& in, texts& said) {
  if (!said.context.begin(in)) return;
  if (said.context.kind != json_kind::object) return in.skip();
  in.object([&](std::string_view name) {
    if (name == "stage") return said.stage.take(in);
    if (name == "domainName") return said.domain.take(in);
    if (name == "authorizer" && in.next() == json_kind::object) return read_authorizer(in);
    if (name != "http" || !said.http.begin(in) || said.http.kind != json_kind::object) return in.skip();
    in.object([&](std::string_view part) {
      if (part == "method") return said.verb.take(in);
      if (part == "sourceIp") return said.peer.take(in);
      in.skip();
    });
  });
}

void lambda_event::read_authorizer(json_reader& in) {
  in.object([&](std::string_view name) {
    if (name != "jwt" || in.next() != json_kind::object) return in.skip();
    in.object([&](std::string_view part) {
      if (part != "claims" || in.next() != json_kind::object) return in.skip();
      auto claims = record::parse_json(in.raw());
      if (!claims || claims_) return in.fail();
      claims_ = *std::move(claims);
    });
  });
}

/// Fields of one name come joined by commas; cookies, which may not be, in an array of their own.
void lambda_event::read_headers(json_reader& in, texts& said) {
  if (!said.headers.begin(in)) return;
  if (said.headers.kind != json_kind::object) return in.skip();
  std::string storage;
  in.object([&](std::string_view name) {
    if (equal_ignoring_case(name, "cookie")) return said.cookie_field.take(in);
    if (in.next() != json_kind::string) {
      said.problem = "a header is no text.";
      return in.skip();
    }
    const std::string_view value = in.string(storage);
    if (is_dropped(name)) return;
    add_field(name, value);
    has_host_ = has_host_ || equal_ignoring_case(name, "host");
  });
}

void lambda_event::read_cookies(json_reader& in, texts& said) {
  if (!said.cookies.begin(in)) return;
  if (said.cookies.kind != json_kind::array) return in.skip();
  std::string storage;
  in.array([&] {
    if (in.next() != json_kind::string) {
      said.problem = "a cookie is no text.";
      return in.skip();
    }
    const std::string_view cookie = in.string(storage);
    said.all_cookies.append(said.all_cookies.empty() ? "" : "; ").append(cookie);
  });
}

result<void> lambda_event::write_request(const texts& said) {
  const bool has_http = said.http.kind == json_kind::object;
  if (said.version.text != "2.0" || !has_http)
    return no_event("its version is '" + std::string(said.version.text.substr(0, 20)) +
                    "' and requestContext.http is " + (has_http ? "there." : "not there."));
  if (!said.headers.is_absent_or(json_kind::object)) return no_event("headers is no object.");
  if (!said.cookies.is_absent_or(json_kind::array)) return no_event("cookies is no array.");
  if (!said.cookie_field.is_absent_or(json_kind::string)) return no_event("a header is no text.");
  if (!said.problem.empty()) return no_event(std::string(said.problem));
  peer_ = said.peer.text;
  if (const result<void> target = write_target(said); !target) return target;
  write_fields(said);
  return write_body(said);
}

/// API Gateway decodes the path of an HTTP API (a function URL's comes as sent), and puts the name of a
/// stage that is not $default in front of it.
result<void> lambda_event::write_target(const texts& said) {
  if (said.path.kind != json_kind::string) return no_event("rawPath is no text.");
  if (!said.query.is_absent_or(json_kind::string)) return no_event("rawQueryString is no text.");
  if (!is_token(said.verb.text)) return no_event("requestContext.http.method is no method.");
  std::string_view path = said.path.text;
  const std::string_view stage = said.stage.text;
  if (!stage.empty() && stage != "$default" && path.starts_with('/') && path.substr(1).starts_with(stage)) {
    const std::string_view rest = path.substr(1 + stage.size());
    if (rest.empty() || rest.front() == '/') path = rest;
  }
  message_.append(said.verb.text).append(" ");
  message_ += path.empty() ? "/" : escape_path(path);
  if (const std::string_view query = said.query.text; !query.empty()) {
    // It must not end the target, or the line; what else is wrong with it the parser sees.
    if (std::any_of(query.begin(), query.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; }))
      refuse(400, "The target is malformed.");
    message_.append("?").append(query);
  }
  message_ += " HTTP/1.1\r\n";
  return {};
}

void lambda_event::write_fields(const texts& said) {
  if (!said.all_cookies.empty())
    add_field("Cookie", said.all_cookies);
  else if (said.cookie_field.there)
    add_field("cookie", said.cookie_field.text);
  if (!has_host_) add_field("Host", is_host(said.domain.text) ? said.domain.text : "lambda");
  message_ += fields_;
}

/// Whatever would end the line, or the name, is refused before it becomes one.
void lambda_event::add_field(std::string_view name, std::string_view value) {
  if (!is_token(name) || !is_field_value(value)) refuse(400, "A header line is malformed.");
  fields_.append(name).append(": ").append(value).append("\r\n");
}

result<void> lambda_event::write_body(const texts& said) {
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
