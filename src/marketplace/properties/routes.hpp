/// The rows of the route table about listings.
#pragma once

#include "marketplace/properties/properties.hpp"
#include "platform/http/route.hpp"
#include "platform/record/cached_cards.hpp"
#include "platform/record/card.hpp"
#include "platform/record/object_shape.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

/// What the rows show of listings: the service, how listings and cards are laid out, and the cards of public lists that
/// were shown lately, ready as JSON. Of those 4,096 are kept, 2 KiB each, so 8 MiB at most, which are taken as they are
/// used (record/cached_cards.hpp).
struct listing_views {
  /// `media_url` is what the addresses of pictures begin with.
  listing_views(properties& listings, std::string_view media_url)
      : service(listings),
        base(std::string(media_url) + '/'),
        whole(property::fields(), record::on_show, {base}),
        owners(property::fields(), record::on_show | record::on_own, {base}),
        card(property::fields(), record::on_card, {base}),
        owners_card(property::fields(), record::on_card | record::on_own, {base}),
        cards(card) {}

  properties& service;
  const std::string base;
  const record::object_shape whole, owners;
  const record::card_shape card, owners_card;
  record::cached_cards cards;
};

/// `readers` may see public listings: users, or anyone where the marketplace shows them to all. Service and views
/// outlive the rows.
std::vector<http::route> routes(properties& service, listing_views& views, http::audience readers);

/// True when a requested page of the list is a run of rows of one index, or almost: prices under
/// another order are compared on the cards, which costs less than handing the request to a thread. Texts
/// are not: to fold 500 of them takes a millisecond.
bool key_answers(const http::request& request);

}  // namespace spaces::properties
