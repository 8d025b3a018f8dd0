/// The rows of the route table about inquiries, and about whom one does not want to hear from.
#pragma once

#include "marketplace/inquiries/block.hpp"
#include "marketplace/inquiries/inquiries.hpp"
#include "marketplace/inquiries/report.hpp"
#include "platform/http/route.hpp"

#include <vector>

namespace spaces::inquiries {

std::vector<http::route> routes(inquiries& room);
/// True when a page of the list that is asked for is a run of rows of one index: with the contacts on it, it costs less
/// than to hand the request to a thread. Those of a status, or sent about one listing, are looked for among all.
bool key_answers(const http::request& request);

std::vector<http::route> routes(blocks& room);
std::vector<http::route> routes(reports& room);

}  // namespace spaces::inquiries
