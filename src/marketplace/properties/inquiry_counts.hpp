/// How many inquiries a listing has had: shown to its owner with the listing, counted by the room of
/// inquiries, in the transactions that make and close them. An item of its own, so that an inquiry changes
/// neither the listing's version nor its card. It outlives the listing, as the inquiries do.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/base/uuid.hpp"
#include "platform/table/table.hpp"

#include <cstdint>

namespace spaces::properties {

struct inquiry_counts {
  std::int64_t all = 0;
  std::int64_t open = 0;
};

/// PROPERTY#id / INQUIRIES.
table::key inquiry_counts_key(const uuid& property_id);

/// What adds one that was made, and one that was closed.
table::add inquiry_made(const uuid& property_id, instant now);
table::add inquiry_closed(const uuid& property_id, instant now);

/// Of the item; a listing without inquiries has none.
inquiry_counts to_inquiry_counts(record::item_view stored);

}  // namespace spaces::properties
