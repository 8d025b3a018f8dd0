/// Drawn pictures of demonstration listings: houses and rooms of our own making, the same for the same listing to the
/// last byte, and no photograph of anybody's home.
#pragma once

#include "marketplace/properties/property.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

struct demo_picture {
  std::string_view name;  ///< "front.png"
  std::string alt;        ///< what it shows
  std::string png;
};

/// From one to `count` pictures: the front first (of a condominium its building), then rooms. The listing's kind, year,
/// and id say what they look like.
std::vector<demo_picture> draw_demo_pictures(const property& of, std::size_t count);

}  // namespace spaces::properties
