/// People and their logins, as a feature.
#pragma once

#include "marketplace/accounts/accounts.hpp"
#include "marketplace/accounts/settings.hpp"
#include "platform/feature/context.hpp"
#include "platform/feature/feature.hpp"

#include <memory>

namespace spaces::accounts {

struct opened {
  std::shared_ptr<accounts> service;
  spaces::feature feature;
};

opened open(const feature_context& with, const settings& given);

}  // namespace spaces::accounts
