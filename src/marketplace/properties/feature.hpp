/// Listings, as a feature.
#pragma once

#include "marketplace/properties/emails.hpp"
#include "marketplace/properties/properties.hpp"
#include "marketplace/properties/settings.hpp"
#include "platform/feature/context.hpp"
#include "platform/feature/feature.hpp"

#include <memory>

namespace spaces::properties {

struct opened {
  std::shared_ptr<properties> service;
  spaces::feature feature;
};

/// `when_removed` is what other features do when a listing is deleted, in their order; `find` knows whom e-mails go to.
opened open(const feature_context& with, const settings& given, std::vector<removal_hook> when_removed,
            recipient_of find);

}  // namespace spaces::properties
