/// Inquiries, as a feature.
#pragma once

#include "marketplace/accounts/accounts.hpp"
#include "marketplace/inquiries/inquiries.hpp"
#include "platform/feature/context.hpp"
#include "platform/feature/feature.hpp"

#include <memory>

namespace spaces::inquiries {

struct opened {
  std::shared_ptr<inquiries> service;
  spaces::feature feature;
};

/// Inquirers and owners are people, which outlive this.
opened open(const feature_context& with, accounts::accounts& people);

}  // namespace spaces::inquiries
