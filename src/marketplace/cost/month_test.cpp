#include "marketplace/cost/month.hpp"
#include <source_dir.hpp>

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

namespace spaces::cost {
namespace {

using testing::HasSubstr;

constexpr double cent = 0.005;

std::string text_of(const std::string& file) {
  std::ifstream in(std::string(SPACES_SOURCE_DIR) + "/" + file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// The load that the project is held to: the initial assumptions.
const assumptions usual{};

TEST(Month, AsPromised) {
  const month m = month_of(usual);
  EXPECT_LE(m.total(front_door::gateway), 5.00);
  EXPECT_LE(m.total(front_door::cloudfront), 1.50);
  EXPECT_GT(m.total(front_door::cloudfront), 0.40) << "somebody lost a line";
  EXPECT_LT(m.total(front_door::gateway), to_beat_from / 10);
}

TEST(Month, IsHeldToOnDemandThroughTheGatewayToo) {
  assumptions on_demand;
  on_demand.capacity = table_capacity::on_demand;
  EXPECT_LE(month_of(on_demand).total(front_door::gateway), 5.00);
}

TEST(Month, ProvisionsWhatItsPeakNeedsAndTakesTheCheaper) {
  const month m = month_of(usual);
  EXPECT_TRUE(m.provisioned);
  EXPECT_EQ(m.provisioned_dollars, 0) << "within the units that are free";
  EXPECT_LE(m.read_capacity * table_parts, 25);
  EXPECT_GE(m.read_capacity * days_a_month * 24 * 3600, m.read_units * busiest_part * peak);
  assumptions large;
  large.users *= 50;
  large.requests_per_day *= 50;
  const month much = month_of(large);
  EXPECT_EQ(much.provisioned, much.provisioned_dollars < much.on_demand_dollars);
  large.capacity = table_capacity::provisioned;
  EXPECT_TRUE(month_of(large).provisioned);
}

TEST(Month, AddsUp) {
  const month m = month_of(usual);
  double requests = 0, reads = 0, writes = 0;
  for (const usage& one : m.usages) {
    requests += one.requests;
    reads += one.requests * one.kind->read_units;
    writes += one.requests * one.kind->write_units;
  }
  const double after =
      m.usages.end()[-1].requests + m.usages.end()[-2].requests;  // jobs and minutes are nobody's requests
  EXPECT_NEAR(requests - after, 100'000 * days_a_month, 1);
  EXPECT_NEAR(m.read_units, reads, 1);
  EXPECT_NEAR(m.write_units, writes, 1);
  for (const std::size_t door : {std::size_t{0}, std::size_t{1}}) {
    double sum = 0;
    for (const line& one : m.shared) sum += one.dollars;
    for (const line& one : m.doors[door]) sum += one.dollars;
    EXPECT_NEAR(m.dollars[door], sum, 1e-9);
  }
}

TEST(Month, ByHandWhereNothingIsFree) {
  assumptions a;
  a.users = 0;
  a.requests_per_day = 1e6 * 12 / 365;  // a million a month
  a.percents.assign(request_kinds().size(), 0);
  a.percents[0] = 100;
  a.capacity = table_capacity::on_demand;
  a.memory_megabytes = 1769;
  a.cold_start_percent = 0;
  a.listings = 0;
  a.free_tiers = false;
  const month m = month_of(a);
  // 1 + 5 + 0.2 ms are billed as 7: 1,000,000 and 43,800 minutes * 0.007 s * 1769 / 1024 GB.
  EXPECT_NEAR(m.gigabyte_seconds, 12'622.5, 0.1);
  const double logs = 400e6 / (1 << 30) * 0.50;
  const double gateway = 1.00 + 1350e6 / (1 << 30) * 0.09;
  EXPECT_NEAR(m.total(front_door::gateway), gateway + 0.2088 + 0.1683 + 0.0652 + logs, cent);
  const double cloudfront = 1.00 + 1350e6 / (1 << 30) * 0.085 + 1000e6 / (1 << 30) * 0.02;
  EXPECT_NEAR(m.total(front_door::cloudfront), cloudfront + 0.2088 + 0.1683 + 0.0652 + logs, cent);
}

TEST(Month, FreeTiersOnlyEverTakeAway) {
  for (const price& p : prices()) {
    EXPECT_EQ(dollars_for(p.what, p.free_a_month, true), 0) << p.name;
    EXPECT_NEAR(dollars_for(p.what, p.free_a_month + p.per, true), p.dollars, p.dollars * 1e-3) << p.name;
    EXPECT_NEAR(dollars_for(p.what, p.per, false), p.dollars, 1e-9) << p.name;
    EXPECT_EQ(&price_of(p.what), &p) << "the table is in another order than the names";
    EXPECT_FALSE(p.source.empty() || p.seen.size() != 7) << p.name;
  }
}

TEST(Month, WhatIsAskedForCosts) {
  const double before = month_of(usual).total(front_door::gateway);
  const auto dearer = [&](auto change) {
    assumptions a;
    change(a);
    return month_of(a).total(front_door::gateway) - before;
  };
  EXPECT_NEAR(dearer([](assumptions& a) { a.secrets = 2; }), 0.80, cent);
  EXPECT_NEAR(dearer([](assumptions& a) { a.keys = 1; }), 1.00, cent);
  EXPECT_LT(dearer([](assumptions& a) { a.recovery = false; }), 0);
  EXPECT_GT(dearer([](assumptions& a) { a.free_tiers = false; }), 1);
  EXPECT_GT(dearer([](assumptions& a) { a.capacity = table_capacity::on_demand; }), 0.5);
  EXPECT_GT(dearer([](assumptions& a) { a.requests_per_day *= 2; }), 3);
  EXPECT_GT(dearer([](assumptions& a) { a.users *= 100; }), 1);
  EXPECT_GT(dearer([](assumptions& a) { a.log_bytes = 4000; }), 1);
  const auto x86_64 = [](assumptions& a) { a.arm64 = false; };
  EXPECT_EQ(dearer(x86_64), 0) << "both are within the free GB-seconds";
  EXPECT_GT(dearer([&](assumptions& a) { (x86_64(a), a.free_tiers = false); }),
            dearer([](assumptions& a) { a.free_tiers = false; }));
}

TEST(Month, LessMemoryIsSlowerWhereTheProcessorWorks) {
  assumptions small;
  small.memory_megabytes = 128;
  const month slow = month_of(small);
  const month usual_month = month_of(usual);
  const std::size_t login = request_kinds().size();
  ASSERT_EQ(slow.usages[login].kind, &login_kind());
  EXPECT_NEAR(slow.usages[login].billed_ms, 31 + 203.5 * whole_processor_megabytes / 128, 1);
  EXPECT_GT(slow.usages[login].billed_ms, 3 * usual_month.usages[login].billed_ms);
}

TEST(Mix, TheUsualOneIsWhole) {
  const auto percents = mix_of({});
  ASSERT_TRUE(percents);
  EXPECT_EQ(percents->size(), request_kinds().size());
}

TEST(Mix, NamesAndSumsAreHeldTo) {
  const mix_share twice[] = {{"get", 30}, {"page", 50}};
  ASSERT_TRUE(mix_of(twice));
  EXPECT_EQ((*mix_of(twice))[1], 50);
  const mix_share unknown[] = {{"gets", 50}};
  EXPECT_THAT(mix_of(unknown).error().public_text, HasSubstr("'gets', which is not one of get, page"));
  const mix_share too_much[] = {{"get", 60}};
  EXPECT_THAT(mix_of(too_much).error().public_text, HasSubstr("110 percent"));
}

TEST(CostDocument, ShowsWhatTheProgramSays) {
  const std::string document = text_of("docs/COST.md");
  EXPECT_THAT(document, HasSubstr(to_text(usual, month_of(usual))));
  EXPECT_THAT(document, HasSubstr(prices_text()));
}

/// What the text around the month says is the model's, too.
TEST(CostDocument, SaysInItsTextWhatTheModelSays) {
  std::string document = text_of("docs/COST.md");
  std::ranges::replace(document, '\n', ' ');
  const auto both = [](const month& m, std::string_view pattern) {
    return fmt::format(fmt::runtime(pattern), m.total(front_door::gateway), m.total(front_door::cloudfront));
  };
  assumptions other;
  other.capacity = table_capacity::on_demand;
  const month on_demand = month_of(other);
  EXPECT_THAT(document, HasSubstr(both(on_demand, "${:.2f} through API Gateway and ${:.2f} through CloudFront")));
  EXPECT_THAT(document, HasSubstr(fmt::format("reads and writes are ${:.2f} of it", on_demand.on_demand_dollars)));
  EXPECT_THAT(document, HasSubstr(fmt::format("On demand that is ${:.2f}.", on_demand.total(front_door::cloudfront))));
  other = {};
  other.free_tiers = false;
  EXPECT_THAT(document, HasSubstr(both(month_of(other), "pays ${:.2f} and ${:.2f} (`--no-free-tiers`)")));
  const month usual_month = month_of(usual);
  const double seconds = days_a_month * 24 * 3600;
  EXPECT_THAT(document, HasSubstr(fmt::format("{:.1f} reads and {:.1f} writes a second",
                                              usual_month.read_units / seconds, usual_month.write_units / seconds)));
  EXPECT_THAT(document, HasSubstr(fmt::format("{:.0f} and {:.0f} units suffice", usual_month.read_capacity,
                                              usual_month.write_capacity)));
}

}  // namespace
}  // namespace spaces::cost
