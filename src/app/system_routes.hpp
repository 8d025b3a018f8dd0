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

/// GET /health: 503 where one of the checks fails. `store` is the table's engine.
http::route health_route(const configuration& settings, std::string_view store,
                         std::function<std::span<const health_check>()> checks, const clock& clock);

/// GET /openapi.json. The document is written when it is first asked for: a start has no time for it, and only then
/// all rows are known.
http::route openapi_route(std::function<std::string()> write);

/// GET /docs and the files of its page.
std::vector<http::route> docs_routes();

}  // namespace spaces::app
