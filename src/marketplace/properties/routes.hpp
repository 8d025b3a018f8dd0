/// The rows of the route table about listings.
#pragma once

#include "marketplace/properties/properties.hpp"
#include "platform/http/route.hpp"
#include "platform/record/cached_cards.hpp"
#include "platform/record/card.hpp"

#include <vector>

namespace spaces::properties {

/// The public lists: the service, and the cards that were shown lately, ready as JSON. Of those 4,096 are kept, 2 KiB
/// each, so 8 MiB at most, which are taken as they are used (record/cached_cards.hpp).
struct listing_pages {
  explicit listing_pages(properties& listings) : service(listings), shape(property::fields()), cards(shape) {}

  properties& service;
  const record::card_shape shape;
  record::cached_cards cards;
};

/// `readers` may see public listings: users, or anyone where the marketplace shows them to all. Service and pages
/// outlive the rows.
std::vector<http::route> routes(properties& service, listing_pages& pages, http::audience readers);

/// True when a requested page of the list is a run of rows of one index, or almost: prices under
/// another order are compared on the cards, which costs less than handing the request to a thread. Texts
/// are not: to fold 500 of them takes a millisecond.
bool key_answers(const http::request& request);

}  // namespace spaces::properties
