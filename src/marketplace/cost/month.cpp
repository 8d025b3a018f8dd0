#include "marketplace/cost/month.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace spaces::cost {

namespace {

// Columns: percent, read units, write units, calls, processor ms, answer bytes, measured.
constexpr request_kind kinds[] = {
    {"get", "one listing", 50, 0.5, 0, 1, 0.2, 1'350, true},
    {"page", "20 listings, newest or by price, of all or of a city", 30, 1, 0, 1, 0.5, 3'400, true},
    {"search", "20 listings by what no index answers: 64 cards read", 8, 3.5, 0, 1, 0.8, 3'400, true},
    {"create", "publish a listing, and count it", 0.3, 0.5, 8, 3, 0.4, 1'500, true},
    {"edit", "change what is not on the card", 0.8, 1, 2, 2, 0.4, 1'500, true},
    {"reprice", "change a price: an item and five index rows, two of which move", 0.3, 1, 9, 2, 0.4, 1'500, true},
    {"delete", "take a listing away, and ask for what follows", 0.1, 1, 12, 2, 0.3, 400, true},
    {"refresh", "a new pair of tokens: two RS256 signatures", 4, 2, 1, 3, 3.5, 2'500, true},
    {"profile", "read one's own", 3, 1, 0, 1, 0.2, 900, true},
    {"inquire", "ask about a listing: one transaction", 0.5, 2, 18, 2, 0.4, 900, true},
    {"inquiries", "20 inquiries with who asked", 3, 6, 0, 2, 0.6, 3'400, false},
};

/// bcrypt of cost 12 takes 200 ms of a processor, two signatures 3.
constexpr request_kind login{"login", "bcrypt, attempts counted, a session opened", 0, 5, 14, 6, 203.5, 2'500, true};

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

result<std::vector<double>> mix_of(std::span<const mix_wish> wishes) {
  std::vector<double> percents;
  for (const request_kind& kind : kinds) percents.push_back(kind.percent);
  for (const mix_wish& wish : wishes) {
    const auto* found = std::ranges::find(kinds, wish.name, &request_kind::name);
    if (found == std::end(kinds)) {
      std::string names;
      for (const request_kind& kind : kinds) names += fmt::format("{}{}", names.empty() ? "" : ", ", kind.name);
      return malformed(fmt::format("--mix names '{}', which is not one of {}.", wish.name, names));
    }
    percents[static_cast<std::size_t>(found - kinds)] = wish.percent;
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
  add(m.shared, priced::lambda_requests, m.requests);
  add(m.shared, given.arm64 ? priced::lambda_arm64 : priced::lambda_x86_64, m.gigabyte_seconds);
  add(m.shared, priced::table_reads, m.read_units);
  add(m.shared, priced::table_writes, m.write_units);
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
