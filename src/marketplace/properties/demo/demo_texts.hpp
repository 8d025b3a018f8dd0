/// Titles and descriptions of demonstration listings.
#pragma once

#include "marketplace/properties/demo/demo_random.hpp"
#include "marketplace/properties/property.hpp"

#include <string_view>

namespace spaces::properties::demo {

/// Writes title and description of what the listing says already; `noun` is what its kind is called.
void write_texts(property& p, dice& roll, std::string_view noun);

}  // namespace spaces::properties::demo
