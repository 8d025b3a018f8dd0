#include "platform/http/security_fields.hpp"

#include <string_view>

namespace spaces::http {

namespace {

constexpr std::string_view api_policy = "default-src 'none'; frame-ancestors 'none'";
/// A year and all below, as OWASP ASVS 5.0, 3.4.1 asks for.
constexpr std::string_view transport_policy = "max-age=31536000; includeSubDomains";

}  // namespace

void security_fields::add(response& made) const {
  made.set("X-Content-Type-Options", "nosniff");
  if (made.field("Content-Security-Policy").empty()) made.set("Content-Security-Policy", api_policy);
  made.set("Referrer-Policy", "no-referrer");
  if (strict_transport_) made.set("Strict-Transport-Security", transport_policy);
}

}  // namespace spaces::http
