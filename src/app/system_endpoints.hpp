/// The rows that speak of the service itself: health, the OpenAPI document, the documentation page.
#pragma once

#include "app/configuration.hpp"
#include "base/clock.hpp"
#include "http/endpoint.hpp"
#include "table/table.hpp"

#include <string>
#include <vector>

namespace spaces::app {

/// GET /health.
http::endpoint health_endpoint(const configuration& settings, table::single_table& table, const clock& clock);

/// GET /openapi.json, whose text is filled in once all rows are known; it must outlive the row.
http::endpoint openapi_endpoint(const std::string& document);

/// GET /docs and the files of its page.
std::vector<http::endpoint> docs_endpoints();

}  // namespace spaces::app
