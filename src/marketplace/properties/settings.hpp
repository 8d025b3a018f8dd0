/// Who reads listings, how many one person may make, and what prices are in.
#pragma once

#include "marketplace/properties/listing_counts.hpp"
#include "platform/base/setting.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace spaces::properties {

struct settings {
  bool public_listings = false;
  std::string currency = "USD";
  listing_limits limits;
};

/// More than any agency holds: a bound that is none.
inline constexpr std::int64_t listings_max = 1'000'000;
inline constexpr std::string_view listings_allowed = "1 to 1000000";

inline bool read_listings(std::int64_t& into, std::string_view text) {
  return setting_value::read_number(into, text, std::int64_t{1}, listings_max);
}

inline constexpr setting_row<settings> setting_rows[] = {
    {"SPACES_PUBLIC_LISTINGS", "--public-listings", "false", setting_value::booleans,
     "Anyone may read listings, without a token", false,
     [](settings& into, std::string_view text) { return setting_value::read_flag(into.public_listings, text); }},
    {"SPACES_LISTINGS_A_DAY", "--listings-a-day", "200", listings_allowed,
     "Listings that one seller may make in 24 hours, drafts too", false,
     [](settings& into, std::string_view text) { return read_listings(into.limits.seller.a_day, text); }},
    {"SPACES_LISTINGS", "--listings", "1000", listings_allowed, "Listings that one seller may hold, drafts too", false,
     [](settings& into, std::string_view text) { return read_listings(into.limits.seller.in_all, text); }},
    {"SPACES_AGENT_LISTINGS_A_DAY", "--agent-listings-a-day", "1000", listings_allowed,
     "Listings that one agent may make in 24 hours, drafts too", false,
     [](settings& into, std::string_view text) { return read_listings(into.limits.agent.a_day, text); }},
    {"SPACES_AGENT_LISTINGS", "--agent-listings", "10000", listings_allowed,
     "Listings that one agent may hold, drafts too", false,
     [](settings& into, std::string_view text) { return read_listings(into.limits.agent.in_all, text); }},
    {"SPACES_CURRENCY", "--currency", "USD", "three capital letters (ISO 4217)", "What prices are in", false,
     [](settings& into, std::string_view text) {
       into.currency = text;
       return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
     }},
};

}  // namespace spaces::properties
