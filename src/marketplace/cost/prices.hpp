/// What AWS asks for: one table, each price with where it was read and when it was last seen to hold.
/// Region us-east-1, no commitments, first tier of each price. Prices change: docs/COST.md says how to
/// hold them against the bill.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace spaces::cost {

enum class priced : std::uint8_t {
  http_api_requests,
  gateway_bytes_out,
  cloudfront_requests,
  cloudfront_bytes_out,
  cloudfront_bytes_to_origin,
  lambda_requests,
  lambda_arm64,
  lambda_x86_64,
  table_reads,
  table_writes,
  table_read_capacity,
  table_write_capacity,
  table_storage,
  table_recovery,
  log_bytes,
  secrets,
  keys,
};

struct price {
  priced what;
  std::string_view name;
  double dollars;         ///< for `per` units
  double per;             ///< units
  std::string_view unit;  ///< as people say it: "million requests"
  double free_a_month;    ///< units that cost nothing, for every account and without end; 0: none
  std::string_view source;
  std::string_view seen;  ///< year and month when the price was last seen to hold
};

std::span<const price> prices();
const price& price_of(priced what);

/// Of a month's `units`. With free tiers, what `free_a_month` covers costs nothing.
double dollars_for(priced what, double units, bool free_tiers);

}  // namespace spaces::cost
