/// The rows of the route table about inquiries, and about whom one does not want to hear from.
#pragma once

#include "http/endpoint.hpp"
#include "inquiries/block.hpp"
#include "inquiries/inquiries.hpp"
#include "inquiries/report.hpp"

#include <vector>

namespace spaces::inquiries {

std::vector<http::endpoint> endpoints(inquiries& room);
std::vector<http::endpoint> endpoints(blocks& room);
std::vector<http::endpoint> endpoints(reports& room);

}  // namespace spaces::inquiries
