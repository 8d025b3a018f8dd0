/// What becomes of the inquiries about a listing that is deleted: those that are open are closed, and who asked
/// is told. A job, because there may be many, and because no reader waits for it.
#pragma once

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "inquiries/inquiries.hpp"
#include "jobs/runner.hpp"
#include "table/table.hpp"

namespace spaces::inquiries {

/// To stand in the transaction that deletes the listing.
table::put closing_asked(const uuid& property_id, instant now);

void handle_closing(jobs::runner& runner, inquiries& room);

}  // namespace spaces::inquiries
