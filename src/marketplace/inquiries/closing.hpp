/// What becomes of open inquiries when a listing is deleted, or one side leaves: they are closed, and who is left
/// is told. Jobs, because there may be many, and because no reader waits for it.
#pragma once

#include "marketplace/inquiries/inquiries.hpp"
#include "marketplace/properties/property.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/uuid.hpp"
#include "platform/feature/feature.hpp"
#include "platform/table/table.hpp"

#include <vector>

namespace spaces::inquiries {

/// What is written with the end of an inquiry, by either side.
std::vector<table::operation> end_of(const inquiry& closed, instant now);

/// To stand in the transaction that deletes the listing.
table::put enqueue_closing(const uuid& property_id, instant now);

/// The same, as what is done when a listing is removed (properties_options).
std::vector<table::operation> close_when_removed(const properties::property& gone, instant now);

/// Who does that.
job_row closing_job(inquiries& service);

}  // namespace spaces::inquiries
