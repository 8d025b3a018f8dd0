#include "marketplace/cost/month.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace spaces::cost {

namespace {

// Columns: percent, read units, write units, calls, processor ms, answer bytes.
constexpr request_kind kinds[] = {
    {"get", "one listing", 50, 0.5, 0, 1, 0.2, 1'350},
    {"page", "20 listings, newest or by price, of all or of a city", 30, 1, 0, 1, 0.5, 3'400},
    {"search", "20 listings by what no index answers: the mean of what buyers look for", 8, 10.3, 0, 3, 0.8, 3'400},
    {"create", "publish a listing, with an Idempotency-Key", 0.3, 0.5, 13, 2, 0.4, 1'500},
    {"edit", "change what is not on the card", 0.8, 1, 2, 2, 0.4, 1'500},
    {"reprice", "change a price: an item and five index rows, two of which move", 0.3, 1, 9, 2, 0.4, 1'500},
    {"delete", "take a listing away, and enqueue what follows", 0.1, 1, 11, 2, 0.3, 400},
    {"refresh", "a new pair of tokens: two RS256 signatures", 3.97, 2, 1, 3, 3.5, 2'500},
    {"profile", "read the caller's", 2.5, 1, 0, 1, 0.2, 900},
    {"inquire", "inquire about a listing, with an Idempotency-Key: one transaction", 0.5, 2, 19, 2, 0.4, 900},
    {"inquiries", "20 inquiries received, of ten people", 2, 6, 0, 2, 0.6, 3'400},
    {"inquiry", "one inquiry received, with how to reach its sender", 1, 1, 0, 2, 0.2, 1'500},
    {"answer", "answer an inquiry: its card changes in three indexes", 0.3, 1, 9, 2, 0.3, 1'500},
    {"close", "close an inquiry", 0.2, 1, 13, 2, 0.3, 1'500},
    {"register", "a new account: bcrypt", 0.03, 1, 8, 3, 203, 900},
};

/// bcrypt of cost 12 takes 200 ms of a processor, two signatures 3.
constexpr request_kind login{"login", "bcrypt, attempts counted, a session opened", 0, 4, 12.5, 6, 203.5, 2'500};
/// What a registration, an inquiry, an answer, a closing and a deletion leave behind.
constexpr request_kind job{"job", "an e-mail or other work after the answer: leased, done, removed", 0, 3.5, 2, 7, 1,
                           0};
/// What finds jobs where no server runs.
constexpr request_kind schedule{"schedule", "EventBridge's minute: what is due?", 0, 0.5, 0, 1, 0.2, 0};

/// Whether a request leaves a job behind.
bool leaves_a_job(const request_kind& kind) {
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"delete", "inquire", "answer", "close", "register"},
      [&](std::string_view name) { return name == kind.name; });
}

/// Read and write units of the table and of each of its indexes that the load needs at its peak.
double units_provisioned(double units_a_month) {
  const double a_second = units_a_month / (days_a_month * 24 * 3600);
  return std::max(1.0, std::ceil(a_second * busiest_part * peak));
}

double sum_of(const std::vector<line>& lines) {
  double sum = 0;
  for (const line& one : lines) sum += one.dollars;
  return sum;
}

/// Of one request: whole milliseconds, as Lambda bills.
double billed_ms(const assumptions& given, const request_kind& kind) {
  const double slower = std::max(1.0, whole_processor_megabytes / given.memory_megabytes);
  return std::ceil(given.runtime_ms + kind.table_calls * given.table_call_ms + kind.processor_ms * slower);
}

}  // namespace

std::span<const request_kind> request_kinds() { return kinds; }
const request_kind& login_kind() { return login; }
const request_kind& job_kind() { return job; }
const request_kind& schedule_kind() { return schedule; }

result<std::vector<double>> mix_of(std::span<const mix_share> shares) {
  std::vector<double> percents;
  for (const request_kind& kind : kinds) percents.push_back(kind.percent);
  for (const mix_share& share : shares) {
    const auto* found = std::ranges::find(kinds, share.name, &request_kind::name);
    if (found == std::end(kinds)) {
      std::string names;
      for (const request_kind& kind : kinds) names += fmt::format("{}{}", names.empty() ? "" : ", ", kind.name);
      return malformed(fmt::format("--mix names '{}', which is not one of {}.", share.name, names));
    }
    percents[static_cast<std::size_t>(found - kinds)] = share.percent;
  }
  double sum = 0;
  for (const double percent : percents) sum += percent;
  if (std::abs(sum - 100) > 0.01)
    return malformed(fmt::format("The mix adds up to {:g} percent with the shares that --mix left as they are.", sum));
  return percents;
}

month month_of(const assumptions& given) {
  month m;
  m.requests = given.requests_per_day * days_a_month;
  const double logins = std::min(m.requests, given.users * given.logins_per_user);
  for (std::size_t i = 0; i < std::size(kinds); ++i) {
    const double percent = given.percents.empty() ? kinds[i].percent : given.percents[i];
    m.usages.push_back({&kinds[i], (m.requests - logins) * percent / 100, billed_ms(given, kinds[i])});
  }
  m.usages.push_back({&login, logins, billed_ms(given, login)});
  double jobs = 0;
  for (const usage& one : m.usages) jobs += leaves_a_job(*one.kind) ? one.requests : 0;
  const double minutes = days_a_month * 24 * 60;
  m.usages.push_back({&job, jobs, billed_ms(given, job)});
  m.usages.push_back({&schedule, minutes, billed_ms(given, schedule)});

  double bytes_out = 0;
  double milliseconds = m.requests * given.cold_start_percent / 100 * given.cold_start_ms;
  for (const usage& one : m.usages) {
    m.read_units += one.requests * one.kind->read_units;
    m.write_units += one.requests * one.kind->write_units;
    milliseconds += one.requests * one.billed_ms;
    bytes_out += one.requests * one.kind->answer_bytes;
  }
  m.gigabyte_seconds = milliseconds / 1000 * given.memory_megabytes / 1024;
  const double stored = given.listings * given.listing_bytes + given.users * given.user_bytes;

  const auto add = [&](std::vector<line>& to, priced what, double units) {
    to.push_back({what, units, dollars_for(what, units, given.free_tiers)});
  };
  add(m.shared, priced::lambda_requests, m.requests + minutes);
  add(m.shared, given.arm64 ? priced::lambda_arm64 : priced::lambda_x86_64, m.gigabyte_seconds);
  std::vector<line> on_demand, provisioned;
  add(on_demand, priced::table_reads, m.read_units);
  add(on_demand, priced::table_writes, m.write_units);
  const double hours = days_a_month * 24 * table_parts;
  m.read_capacity = units_provisioned(m.read_units);
  m.write_capacity = units_provisioned(m.write_units);
  add(provisioned, priced::table_read_capacity, m.read_capacity * hours);
  add(provisioned, priced::table_write_capacity, m.write_capacity * hours);
  m.on_demand_dollars = sum_of(on_demand);
  m.provisioned_dollars = sum_of(provisioned);
  m.provisioned = given.capacity == table_capacity::provisioned ||
                  (given.capacity == table_capacity::cheaper && m.provisioned_dollars < m.on_demand_dollars);
  for (const line& one : m.provisioned ? provisioned : on_demand) m.shared.push_back(one);
  add(m.shared, priced::table_storage, stored);
  add(m.shared, priced::table_recovery, given.recovery ? stored : 0);
  add(m.shared, priced::log_bytes, m.requests * given.log_bytes);
  add(m.shared, priced::secrets, given.secrets);
  add(m.shared, priced::keys, given.keys);
  auto& [gateway, cloudfront] = m.doors;
  add(gateway, priced::http_api_requests, m.requests);
  add(gateway, priced::gateway_bytes_out, bytes_out);
  add(cloudfront, priced::cloudfront_requests, m.requests);
  add(cloudfront, priced::cloudfront_bytes_out, bytes_out);
  add(cloudfront, priced::cloudfront_bytes_to_origin, m.requests * given.request_bytes);
  for (std::size_t i = 0; i < front_doors; ++i) m.dollars[i] = sum_of(m.shared) + sum_of(m.doors[i]);
  return m;
}

}  // namespace spaces::cost
