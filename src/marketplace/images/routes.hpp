/// The rows of the route table about pictures of listings.
#pragma once

#include "marketplace/images/images.hpp"
#include "platform/http/route.hpp"

#include <string>
#include <vector>

namespace spaces::images {

/// The service, and what the addresses of pictures begin with.
struct image_views {
  images& service;
  properties::properties& listings;
  std::string base;
};

/// `readers` may see public listings. Views outlive the rows.
std::vector<http::route> routes(image_views& views, http::audience readers);

}  // namespace spaces::images
