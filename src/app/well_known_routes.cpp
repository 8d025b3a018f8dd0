#include "app/well_known_routes.hpp"

#include "platform/record/json.hpp"

namespace spaces::app {

namespace {

using http::request_context;
using http::response;
using http::route;

/// Verifiers ask again for a key that they do not know; a key that was retired is theirs for so long at most.
constexpr std::string_view cache_control = "public, max-age=300";

constexpr std::string_view jwks_example =
    R"({"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "kR8Vb1yY2Q5uGd3M", "n": "0vx7agoebGcQ…", )"
    R"("e": "AQAB"}]})";
constexpr std::string_view discovery_example =
    R"({"issuer": "https://spaces.example.org", "jwks_uri": "https://spaces.example.org/.well-known/jwks.json"})";

route row_of(std::string_view path, std::string_view id, std::string_view summary, std::string_view example,
             std::function<std::string()> body) {
  route row(http::kept_by::all);
  row.verb = http::method::get;
  row.path = path;
  row.does = http::work::reads_one;
  row.who = http::audience::anyone;
  row.doc.id = id;
  row.doc.tag = "System";
  row.doc.summary = summary;
  row.doc.answers.push_back({200, summary, {}, false, {}, "application/json", example});
  row.run = [body = std::move(body)](const request_context&) -> result<response> {
    response made;
    made.set("Content-Type", "application/json");
    made.set("Cache-Control", cache_control);
    made.body = body();
    return made;
  };
  return row;
}

std::string jwks_of(const identity::signing_keys& keys) {
  std::string body = "{\"keys\":[";
  for (const identity::shared_key& key : keys.all()) {
    const std::string jwk = key->public_jwk();
    if (jwk.empty()) continue;  // a shared secret has no public half
    if (body.back() != '[') body += ',';
    body += jwk;
  }
  return body + "]}";
}

/// An issuer that is no URL is a name among ourselves; then the public address says where we are.
std::string discovery_of(const configuration& settings) {
  const std::string& base =
      settings.identity.issuer.starts_with("https://") ? settings.identity.issuer : settings.mail.public_url;
  std::string body = "{\"issuer\":";
  record::append_json_string(body, settings.identity.issuer);
  body += ",\"jwks_uri\":";
  record::append_json_string(body, base + "/.well-known/jwks.json");
  body += ",\"token_endpoint\":";
  record::append_json_string(body, base + "/api/v1/auth/login");
  body += R"(,"response_types_supported":["token"],"grant_types_supported":["password"],"subject_types_supported":)"
          R"(["public"],"id_token_signing_alg_values_supported":["RS256"]})";
  return body;
}

}  // namespace

std::vector<route> well_known_routes(const configuration& settings, const identity::signing_keys& keys) {
  std::vector<route> rows;
  rows.push_back(row_of("/.well-known/jwks.json", "jwks", "The public keys of access tokens", jwks_example,
                        [&keys] { return jwks_of(keys); }));
  rows.push_back(row_of("/.well-known/openid-configuration", "openidConfiguration",
                        "Where verifiers of access tokens find what they need", discovery_example,
                        [body = discovery_of(settings)] { return body; }));
  return rows;
}

}  // namespace spaces::app
