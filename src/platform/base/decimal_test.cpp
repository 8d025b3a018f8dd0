#include "platform/base/decimal.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>

namespace spaces {
namespace {

TEST(decimal, reads_json_numbers_exactly_and_writes_them_plainly) {
  const struct {
    std::string_view text;
    decimal number;
    std::string_view plain;
  } rows[] = {
      {"0", {0, 0}, "0"},
      {"-0", {0, 0}, "0"},
      {"0.000", {0, 0}, "0"},
      {"0e999999999999", {0, 0}, "0"},
      {"1", {1, 0}, "1"},
      {"450000", {450000, 0}, "450000"},
      {"450000.00", {450000, 0}, "450000"},
      {"-122.319", {-122319, 3}, "-122.319"},
      {"0.1", {1, 1}, "0.1"},
      {"-0.05", {-5, 2}, "-0.05"},
      {"10.010", {1001, 2}, "10.01"},
      {"1e3", {1000, 0}, "1000"},
      {"1E+3", {1000, 0}, "1000"},
      {"1.5e1", {15, 0}, "15"},
      {"1.25e1", {125, 1}, "12.5"},
      {"100e-2", {1, 0}, "1"},
      {"1e-24", {1, 24}, "0.000000000000000000000001"},
      {"1e0000000000000000003", {1000, 0}, "1000"},
      {"123456789012345678", {123456789012345678, 0}, "123456789012345678"},
      {"-999999999999999999", {-999999999999999999, 0}, "-999999999999999999"},
      {"1e17", {100000000000000000, 0}, "100000000000000000"},
      {"0.00001e22", {100000000000000000, 0}, "100000000000000000"},
      {"1.00000000000000000000000000000000000000000", {1, 0}, "1"},
      {"0.30000000000000004", {30000000000000004, 17}, "0.30000000000000004"},
      {"1000000000000000000000e-20", {10, 0}, "10"},
  };
  for (const auto& row : rows) {
    const auto number = parse_decimal(row.text);
    ASSERT_TRUE(number) << row.text;
    EXPECT_EQ(*number, row.number) << row.text;
    EXPECT_EQ(to_text(*number), row.plain);
    EXPECT_EQ(parse_decimal(row.plain), row.number) << row.plain;
  }
}

TEST(decimal, refuses_what_is_no_json_number_or_does_not_fit) {
  for (const std::string_view text : {"",
                                      "-",
                                      "+1",
                                      "01",
                                      "-01",
                                      "1.",
                                      ".5",
                                      "1e",
                                      "1e+",
                                      "1e1.5",
                                      "0x10",
                                      "1 ",
                                      " 1",
                                      "1,5",
                                      "NaN",
                                      "Infinity",
                                      "1e1e1",
                                      "--1",
                                      "1.2.3",
                                      "1_000",  // no numbers
                                      "1e18",
                                      "1000000000000000000",
                                      "-1e400",  // 10^18 or more
                                      "1e999999999999999999999",
                                      "1e-25",  // too many places
                                      "1234567890123456789",
                                      "1.000000000000000001",
                                      "0.1234567890123456789"}) {  // 19 digits
    EXPECT_FALSE(parse_decimal(text)) << text;
  }
  EXPECT_FALSE(parse_decimal(std::string_view("1\0", 2)));
}

TEST(decimal, every_double_s_shortest_text_comes_back) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> numbers(-1e6, 1e6);
  for (int count = 0; count < 20'000; ++count) {
    const double wanted = numbers(random);
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", wanted);
    const auto number = parse_decimal(text);
    ASSERT_TRUE(number) << text;
    ASSERT_EQ(std::strtod(to_text(*number).c_str(), nullptr), wanted) << text;
  }
}

TEST(decimal, canonical_form_has_no_trailing_zero_behind_the_point) {
  EXPECT_EQ(make_decimal(1500, 2), (decimal{15, 0}));
  EXPECT_EQ(make_decimal(-1510, 2), (decimal{-151, 1}));
  EXPECT_EQ(make_decimal(0, 20), (decimal{0, 0}));
  EXPECT_EQ(make_decimal(100, 0), (decimal{100, 0}));
  EXPECT_EQ(to_text(decimal{std::numeric_limits<std::int64_t>::min(), 0}), "-9223372036854775808");
}

TEST(decimal, order_is_by_value) {
  const std::string_view rising[] = {"-999999999999999999",
                                     "-2",
                                     "-1.5",
                                     "-1.25",
                                     "-1",
                                     "-0.5",
                                     "-1e-24",
                                     "0",
                                     "1e-24",
                                     "2e-24",
                                     "0.09",
                                     "0.1",
                                     "0.5",
                                     "1",
                                     "1.000000000000001",
                                     "9.99",
                                     "10",
                                     "10.5",
                                     "123456789012345678",
                                     "999999999999999999"};
  for (std::size_t a = 0; a < std::size(rising); ++a) {
    for (std::size_t b = 0; b < std::size(rising); ++b) {
      EXPECT_EQ(*parse_decimal(rising[a]) <=> *parse_decimal(rising[b]), a <=> b) << rising[a] << " " << rising[b];
    }
  }
  EXPECT_LT((decimal{std::numeric_limits<std::int64_t>::min(), 0}),
            (decimal{std::numeric_limits<std::int64_t>::max(), 24}));
}

TEST(decimal, scales_to_whole_numbers_or_not_at_all) {
  EXPECT_EQ(scaled({45, 1}, 2), 450);
  EXPECT_EQ(scaled({-45, 1}, 1), -45);
  EXPECT_EQ(scaled({0, 0}, 24), 0);
  EXPECT_EQ(scaled({45, 1}, 0), std::nullopt);
  EXPECT_EQ(scaled({100000000000000000, 0}, 1), 1000000000000000000);
  EXPECT_EQ(scaled({100000000000000000, 0}, 2), std::nullopt);
  EXPECT_EQ(scaled({-100000000000000000, 0}, 24), std::nullopt);
}

TEST(decimal, money_is_whole_cents) {
  EXPECT_EQ(to_money(*parse_decimal("450000.50")), money{45000050});
  EXPECT_EQ(to_money(*parse_decimal("-0.01")), money{-1});
  EXPECT_EQ(to_money(*parse_decimal("0.005")), std::nullopt);
  EXPECT_EQ(to_money(*parse_decimal("999999999999999999")), std::nullopt);
  EXPECT_EQ(to_text(to_decimal(money{45000050})), "450000.5");
}

TEST(decimal, quarters_are_whole) {
  EXPECT_EQ(to_quarters(*parse_decimal("2.25")), quarters{9});
  EXPECT_EQ(to_quarters(*parse_decimal("2")), quarters{8});
  EXPECT_EQ(to_quarters(*parse_decimal("2.1")), std::nullopt);
  EXPECT_EQ(to_quarters(*parse_decimal("2.125")), std::nullopt);
  EXPECT_EQ(to_text(to_decimal(quarters{9})), "2.25");
}

}  // namespace
}  // namespace spaces
