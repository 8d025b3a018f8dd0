/// Plausible listings of our own: for a first look, for trying the API out, for the benches. The same
/// for the same plan, to the last byte.
#pragma once

#include "marketplace/properties/property.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace spaces::properties {

/// The newest demonstration listing is from just before this moment unless people say otherwise: a
/// fixed one, so that ids, times and texts are the same on every machine and day.
inline constexpr instant demo_until = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
/// They spread evenly over so long before it.
inline constexpr std::chrono::days demo_span{365};
/// Far more than a machine holds; keeps times distinct arithmetic.
inline constexpr std::uint64_t demo_count_max = 1'000'000'000;

struct demo_plan {
  std::uint64_t count = 500;
  std::uint64_t seed = 1;
  instant until = demo_until;
};

/// Who publishes them.
struct demo_seller {
  std::string_view name;
  std::string_view type;  ///< seller or agent
  uuid id;
};
std::span<const demo_seller> demo_sellers();

/// The `n`-th (from 0, the oldest) listing of a plan. Pure; ids are UUIDv7 of its time.
property demo_listing(const demo_plan& plan, std::uint64_t n);

struct demo_report {
  std::uint64_t created = 0;
  std::uint64_t unchanged = 0;  ///< were there already
  bool interrupted = false;
};

/// Called by the caller's thread several times a second with the listings written; false stops.
using demo_progress = std::function<bool(std::uint64_t)>;

/// Writes the plan's listings, several threads at a time. One that is there already stays as it is.
result<demo_report> write_demo(table::single_table& store, const demo_plan& plan, const demo_progress& progress);

/// Whether the table holds a listing, by a walk that ends at the first.
result<bool> holds_listings(table::single_table& store);

}  // namespace spaces::properties
