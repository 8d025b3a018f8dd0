/// Who reads listings, and what prices are in.
#pragma once

#include "platform/base/setting.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace spaces::properties {

struct settings {
  bool public_listings = false;
  std::string currency = "USD";
};

inline constexpr setting_row<settings> setting_rows[] = {
    {"SPACES_PUBLIC_LISTINGS", "--public-listings", "false", setting_value::booleans,
     "Anyone may read listings, without a token", false,
     [](settings& into, std::string_view text) { return setting_value::read_flag(into.public_listings, text); }},
    {"SPACES_CURRENCY", "--currency", "USD", "three capital letters (ISO 4217)", "What prices are in", false,
     [](settings& into, std::string_view text) {
       into.currency = text;
       return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
     }},
};

}  // namespace spaces::properties
