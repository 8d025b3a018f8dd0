/// The rows that speak of the service itself: health, the OpenAPI document, the documentation page.
#pragma once

#include "app/configuration.hpp"
#include "platform/base/clock.hpp"
#include "platform/feature/feature.hpp"
#include "platform/http/route.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::app {

/// What everything is kept in, by the names of the engines.
struct engines {
  std::string_view table;
  std::string_view bucket;
  bool bucket_waits = false;  ///< for the network, whatever the table does
};

/// GET /health: 503 where a vital check fails; where another does, 200, "degraded", and its name.
http::route health_route(const configuration& settings, const engines& used,
                         std::function<std::span<const health_check>()> checks, const clock& clock);

/// GET /openapi.json. The document is written when it is first asked for: a start has no time for it, and only then
/// all rows are known.
http::route openapi_route(std::function<std::string()> write);

/// GET /docs and the files of its page.
std::vector<http::route> docs_routes();

}  // namespace spaces::app
