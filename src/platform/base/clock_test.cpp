#include "platform/base/clock.hpp"

#include <gtest/gtest.h>

namespace spaces {
namespace {

using std::chrono::milliseconds;

TEST(clock, an_instant_has_one_text) {
  const struct {
    std::int64_t since_epoch_ms;
    std::string_view text;
  } rows[] = {
      {0, "1970-01-01T00:00:00.000Z"},
      {-1, "1969-12-31T23:59:59.999Z"},
      {1'795'334'400'000, "2026-11-22T08:00:00.000Z"},
      {951'782'400'007, "2000-02-29T00:00:00.007Z"},
      {4'107'542'399'999, "2100-02-28T23:59:59.999Z"},
      {4'107'542'400'000, "2100-03-01T00:00:00.000Z"},  // 2100 is no leap year
      {253'402'300'799'999, "9999-12-31T23:59:59.999Z"},
      {-62'167'219'200'000, "0000-01-01T00:00:00.000Z"},
  };
  for (const auto& row : rows) {
    const instant when{milliseconds{row.since_epoch_ms}};
    EXPECT_EQ(to_text(when), row.text);
    EXPECT_EQ(parse_instant(row.text), when) << row.text;
  }
}

TEST(clock, what_four_digits_of_a_year_cannot_say_is_held_at_the_ends) {
  EXPECT_EQ(to_text(instant{milliseconds{253'402'300'800'000}}), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(to_text(instant{milliseconds{-62'167'219'200'001}}), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(to_text(instant::max()).size(), instant_text_size);
  EXPECT_EQ(to_text(instant::min()).size(), instant_text_size);
}

TEST(clock, appends_behind_what_is_there) {
  std::string out = "at ";
  append_instant(out, instant{});
  EXPECT_EQ(out, "at 1970-01-01T00:00:00.000Z");
}

TEST(clock, reads_rfc_3339) {
  const struct {
    std::string_view text;
    std::string_view same;
  } rows[] = {
      {"2026-11-22T08:00:00Z", "2026-11-22T08:00:00.000Z"},
      {"2026-11-22t08:00:00z", "2026-11-22T08:00:00.000Z"},
      {"2026-11-22T08:00:00.5Z", "2026-11-22T08:00:00.500Z"},
      {"2026-11-22T08:00:00.05Z", "2026-11-22T08:00:00.050Z"},
      {"2026-11-22T08:00:00.123999999Z", "2026-11-22T08:00:00.123Z"},
      {"1960-11-22T08:00:00.123999999Z", "1960-11-22T08:00:00.123Z"},
      {"2026-11-22T08:00:00+05:30", "2026-11-22T02:30:00.000Z"},
      {"2026-11-22T23:00:00-01:30", "2026-11-23T00:30:00.000Z"},
      {"2026-11-22T08:00:00-00:00", "2026-11-22T08:00:00.000Z"},
      {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z"},
  };
  for (const auto& row : rows) {
    const auto when = parse_instant(row.text);
    ASSERT_TRUE(when) << row.text;
    EXPECT_EQ(to_text(*when), row.same) << row.text;
  }
}

TEST(clock, refuses_what_is_no_time) {
  for (const std::string_view text : {"",
                                      "2026-11-22",
                                      "2026-11-22T08:00:00",
                                      "2026-11-22 08:00:00Z",
                                      "2026-11-22T08:00Z",
                                      "26-11-22T08:00:00Z",
                                      "2026-11-22T08:00:00.Z",
                                      "2026-11-22T08:00:00.1234567890Z",
                                      "2026-11-22T08:00:00,5Z",
                                      "2026-02-29T00:00:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-11-00T00:00:00Z",
                                      "2026-11-31T00:00:00Z",
                                      "2026-11-22T24:00:00Z",
                                      "2026-11-22T08:60:00Z",
                                      "2026-11-22T23:59:60Z",
                                      "2026-11-22T08:00:00+24:00",
                                      "2026-11-22T08:00:00+05:60",
                                      "2026-11-22T08:00:00+0530",
                                      "2026-11-22T08:00:00+05",
                                      "2026-11-22T08:00:00 05:30",
                                      "2026-11-22T08:00:00ZZ",
                                      " 2026-11-22T08:00:00Z",
                                      "2026-11-22T08:00:00Z ",
                                      "+026-11-22T08:00:00Z",
                                      "2026-1a-22T08:00:00Z",
                                      "-2026-11-22T08:00:00Z",
                                      "0000-01-01T00:00:00+00:01",
                                      "9999-12-31T23:59:59-00:01"}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

TEST(clock, the_machine_s_clock_counts_whole_milliseconds_of_this_century) {
  const instant now = system_clock{}.now();
  EXPECT_GT(to_text(now), "2020");
  EXPECT_EQ(parse_instant(to_text(now)), now);
}

}  // namespace
}  // namespace spaces
