#include "platform/http/cors.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace spaces::http {

namespace {

/// What a page may send beside what every page may: the fields that the API reads.
constexpr std::string_view fields_taken =
    "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, traceparent, "
    "x-amz-checksum-sha256";
constexpr std::string_view methods_taken = "GET, HEAD, POST, PUT, PATCH, DELETE";
/// What a page may read of an answer beside its body and type.
constexpr std::string_view fields_shown = "ETag, Link, Location, Retry-After";
/// How long a browser need not ask again: two hours, the most that Chromium takes.
constexpr std::string_view preflight_seconds = "7200";

bool is_host_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '[' || c == ']';
}

}  // namespace

bool cors_policy::admits(std::string_view origin) const {
  return any() ? is_origin(origin) : std::find(origins.begin(), origins.end(), origin) != origins.end();
}

bool is_origin(std::string_view text) {
  const std::size_t mark = text.find("://");
  if (mark == std::string_view::npos) return false;
  if (const std::string_view scheme = text.substr(0, mark); scheme != "http" && scheme != "https") return false;
  std::string_view host = text.substr(mark + 3);
  const std::size_t colon = host.find_last_of(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    const std::string_view port = host.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos) return false;
    host = host.substr(0, colon);
  }
  // Between brackets an IPv6 address has colons.
  if (host.starts_with('['))
    return host.size() > 3 && host.ends_with(']') && host.find_first_not_of("0123456789abcdef:.", 1) == host.size() - 1;
  return !host.empty() && host.find_first_of("[]") == std::string_view::npos &&
         std::all_of(host.begin(), host.end(), is_host_byte);
}

cors::cors(application& behind, cors_policy policy, security_fields everywhere)
    : behind_(behind), policy_(std::move(policy)), everywhere_(everywhere) {}

begun cors::begin(const request& incoming) {
  const std::string_view origin = incoming.field("Origin");
  const bool preflight = incoming.verb == method::options && policy_.admits(origin) &&
                         !incoming.field("Access-Control-Request-Method").empty();
  if (preflight) return {answer_preflight(origin), lane::here, {}};
  begun start = behind_.begin(incoming);
  if (start.answer) *start.answer = shared_with(origin, *std::move(start.answer));
  return start;
}

response cors::finish(const request& incoming, pending_ptr rest) {
  return shared_with(incoming.field("Origin"), behind_.finish(incoming, std::move(rest)));
}

/// What takes a body, whose answers are for the page that sent it.
class cors::shared_body final : public incoming_body {
 public:
  shared_body(const cors& by, std::string_view origin, std::unique_ptr<incoming_body> body)
      : by_(by), origin_(origin), body_(std::move(body)) {}

  std::optional<response> take(std::string_view piece) override {
    std::optional<response> answer = body_->take(piece);
    if (answer) *answer = by_.shared_with(origin_, *std::move(answer));
    return answer;
  }
  response finish() override { return by_.shared_with(origin_, body_->finish()); }

 private:
  const cors& by_;
  const std::string_view origin_;  ///< of the header section, which stands until the body is done
  const std::unique_ptr<incoming_body> body_;
};

opened_body cors::open_body(const request& head) {
  const std::string_view origin = head.field("Origin");
  opened_body opened = behind_.open_body(head);
  if (opened.answer) {
    *opened.answer = shared_with(origin, *std::move(opened.answer));
    return opened;
  }
  try {
    opened.body = std::make_unique<shared_body>(*this, origin, std::move(opened.body));
  } catch (const std::bad_alloc&) {
    opened = {behind_.refuse(503, "The server is out of memory; try again later."), nullptr};
  }
  return opened;
}

/// Of many of these requests the Origin was not read, or they have none that is known: where every page may read
/// answers, it may read these.
response cors::refuse(int status, std::string_view detail, std::string_view origin) {
  const bool every_page = policy_.any() && !policy_.credentials;
  response made = behind_.refuse(status, detail, origin);
  const bool close = made.close;
  made = shared_with(every_page ? "*" : origin, std::move(made));
  made.close = close;
  return made;
}

response cors::shared_with(std::string_view origin, response made) const {
  try {
    add_fields(origin, made);
    return made;
  } catch (const std::bad_alloc&) {
    return behind_.refuse(503, "The server is out of memory; try again later.");
  }
}

response cors::answer_preflight(std::string_view origin) const {
  try {
    response made;
    made.status = 204;
    add_fields(origin, made);
    made.set("Access-Control-Allow-Methods", methods_taken);
    made.set("Access-Control-Allow-Headers", fields_taken);
    made.set("Access-Control-Max-Age", preflight_seconds);
    everywhere_.add(made);
    return made;
  } catch (const std::bad_alloc&) {
    return behind_.refuse(503, "The server is out of memory; try again later.");
  }
}

void cors::add_fields(std::string_view origin, response& made) const {
  const bool same_for_every_origin = policy_.any() && !policy_.credentials;
  // For caches, of answers to clients without an origin too.
  if (!same_for_every_origin) made.add("Vary", "Origin");
  if (origin == "*" ? !same_for_every_origin : origin.empty() || !policy_.admits(origin)) return;
  made.add("Access-Control-Allow-Origin", same_for_every_origin ? "*" : origin);
  if (policy_.credentials) made.add("Access-Control-Allow-Credentials", "true");
  made.add("Access-Control-Expose-Headers", fields_shown);
}

}  // namespace spaces::http
