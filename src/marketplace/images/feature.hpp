/// Photographs of listings, as a feature.
#pragma once

#include "marketplace/images/fetching.hpp"
#include "marketplace/images/images.hpp"
#include "marketplace/images/settings.hpp"
#include "marketplace/properties/feature.hpp"
#include "platform/feature/context.hpp"
#include "platform/feature/feature.hpp"
#include "platform/picture/preparer.hpp"

#include <memory>

namespace spaces::images {

struct opened {
  std::shared_ptr<images> service;
  spaces::feature feature;
};

/// What prepares pictures, and how those of imports are fetched: by a client that calls public addresses alone.
struct preparing_means {
  picture::preparer* preparer = nullptr;  ///< null: another process does those jobs
  client_maker make_client = {};
};

/// Pictures are those of these listings, which `public_listings` says whether anyone may read.
opened open(const feature_context& with, const settings& given, std::shared_ptr<properties::properties> listings,
            bool public_listings, preparing_means means);

}  // namespace spaces::images
