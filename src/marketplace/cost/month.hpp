/// What a month of this marketplace costs on Lambda and DynamoDB, through each of the two front doors.
/// Pure arithmetic over what is assumed; every assumption has a name and can be set.
#pragma once

#include "marketplace/cost/prices.hpp"
#include "platform/base/error.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::cost {

/// 365 days in twelve months.
inline constexpr double days_a_month = 365.0 / 12;
/// From this size on, a Lambda function has a whole processor; below, its part of one.
inline constexpr double whole_processor_megabytes = 1769;

/// A kind of request and what one of it takes: the units are what DynamoDB charged when tests did it
/// (src/app/request_costs_test.cpp, src/app/inquiry_costs_test.cpp), which hold them from above and below.
struct request_kind {
  std::string_view name;
  std::string_view doc;
  double percent;     ///< of all requests but logins, unless the mix is set
  double read_units;  ///< of DynamoDB
  double write_units;
  double table_calls;   ///< that follow each other: each is waited for
  double processor_ms;  ///< of a whole processor
  double answer_bytes;  ///< header and body, gzip where it helps
};
std::span<const request_kind> request_kinds();
/// A login, which the number of users brings, and not the mix.
const request_kind& login_kind();
/// What requests leave to be done, and what looks for it; neither is a client's request.
const request_kind& job_kind();
const request_kind& schedule_kind();

/// How the table is paid for. Provisioned units are paid for by the hour, used or not, and 25 of each kind are free for
/// every account without end.
enum class table_capacity : std::uint8_t { cheaper, on_demand, provisioned };
/// The table and its five indexes, each of which has its units.
inline constexpr double table_parts = 6;
/// Of all units so many fall to the part with most of them, the table itself or the index of the newest.
inline constexpr double busiest_part = 0.5;
/// A busy hour has so many times a month's mean; DynamoDB saves five minutes of unused units for what is above.
inline constexpr double peak = 4;

struct assumptions {
  double users = 10'000;
  double requests_per_day = 100'000;
  double logins_per_user = 2;    ///< a month: a device that is left alone for a week has to log in again
  std::vector<double> percents;  ///< in the order of `request_kinds`; they are 100 together

  double memory_megabytes = 512;
  bool arm64 = true;
  double table_call_ms = 5;       ///< one call to DynamoDB and back, connection kept
  double runtime_ms = 1;          ///< of Lambda's own round trip that is billed with each request
  double cold_start_percent = 1;  ///< of requests
  double cold_start_ms = 100;     ///< billed: the runtime's start, TLS, the first connection to DynamoDB
  double log_bytes = 400;         ///< a request: Lambda's START, END and REPORT lines
  double request_bytes = 1'000;   ///< that a client sends, token included

  double listings = 20'000;
  double listing_bytes = 4'600;  ///< an item, its rows in five indexes, and the 100 bytes that AWS adds to each
  double user_bytes = 2'000;     ///< profile, credential, sessions
  bool recovery = true;          ///< point-in-time recovery
  table_capacity capacity = table_capacity::cheaper;
  double secrets = 0;      ///< in Secrets Manager; the function's environment and SSM parameters cost nothing
  double keys = 0;         ///< customer managed, in KMS; the one that AWS owns costs nothing
  bool free_tiers = true;  ///< those without end; what new accounts get for a year is never counted
};

/// The mix as given, the rest as it is; a name that is not there, or a sum that is not 100, is an error
/// whose public text says so.
struct mix_share {
  std::string name;
  double percent;
};
result<std::vector<double>> mix_of(std::span<const mix_share> shares);

/// A kind's share of the month.
struct usage {
  const request_kind* kind;
  double requests;
  double billed_ms;  ///< of one
};

struct line {
  priced what;
  double units;
  double dollars;
};

enum class front_door : std::uint8_t { gateway, cloudfront };
inline constexpr std::size_t front_doors = 2;

struct month {
  double requests = 0;
  double read_units = 0;
  double write_units = 0;
  double read_capacity = 0;  ///< provisioned units that the load needs, of the table and of each index
  double write_capacity = 0;
  double on_demand_dollars = 0;    ///< of reads and writes
  double provisioned_dollars = 0;  ///< of the capacity instead
  bool provisioned = false;        ///< which of the two the month is reckoned with
  double gigabyte_seconds = 0;
  std::vector<usage> usages;
  std::vector<line> shared;                          ///< what both front doors share
  std::array<std::vector<line>, front_doors> doors;  ///< what each has of its own
  std::array<double, front_doors> dollars{};         ///< all together

  double total(front_door which) const { return dollars[static_cast<std::size_t>(which)]; }
};
month month_of(const assumptions& given);

/// The case to beat: what was estimated for the same load on FastAPI and Lambda.
inline constexpr double to_beat_from = 80;
inline constexpr double to_beat_to = 135;

/// For people, for scripts, and the table of prices.
std::string to_text(const assumptions& given, const month& m);
std::string to_json(const assumptions& given, const month& m);
std::string prices_text();

}  // namespace spaces::cost
