/// The rows of the route table about listings.
#pragma once

#include "http/endpoint.hpp"
#include "properties/properties.hpp"

#include <vector>

namespace spaces::properties {

std::vector<http::endpoint> endpoints(properties& room);

}  // namespace spaces::properties
