/// What verifiers of our tokens elsewhere look up (API Gateway's JWT authorizer, PyJWT): our public keys, and
/// where they are.
#pragma once

#include "app/configuration.hpp"
#include "platform/http/route.hpp"
#include "platform/identity/local/signing_keys.hpp"

#include <vector>

namespace spaces::app {

/// GET /.well-known/jwks.json (RFC 7517) and /.well-known/openid-configuration (OpenID Connect Discovery 1.0).
std::vector<http::route> well_known_routes(const configuration& settings, const identity::signing_keys& keys);

}  // namespace spaces::app
