#include "marketplace/inquiries/recent_inquiries.hpp"

#include <gtest/gtest.h>

namespace spaces::inquiries {
namespace {

using namespace std::chrono_literals;

const instant start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
const uuid ben{{1}};

uuid house(std::uint8_t number) { return uuid{{2, number}}; }

recent_inquiries after(const recent_inquiries& before, const sent_message& one) {
  const record::item stored = before.with(ben, one).item;
  const auto read = recent_inquiries::of(&stored);
  EXPECT_TRUE(read);
  return read.value_or(recent_inquiries{});
}

sent_message about(std::uint8_t number, std::string_view text, std::chrono::milliseconds when) {
  return {start + when, house(number), mark_of(text), sending::inquired};
}

TEST(recent_inquiries, takes_texts_for_the_same_that_a_reader_would) {
  EXPECT_EQ(mark_of("Is it  free?"), mark_of("is IT free?"));
  EXPECT_EQ(mark_of("is it\nfree?"), mark_of("is it free?"));
  EXPECT_NE(mark_of("is it free?"), mark_of("is it free"));
}

TEST(recent_inquiries, counts_within_any_hour_to_the_millisecond) {
  recent_inquiries lately;
  for (std::uint8_t n = 0; n < 5; ++n) lately = after(lately, about(n, std::to_string(n), n * 10min));
  const auto early = lately.admits(about(9, "nine", 1h - 1ms));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().kind, error_kind::limited);
  EXPECT_EQ(early.error().retry_after, 1s);
  EXPECT_TRUE(lately.admits(about(9, "nine", 1h)));
  lately = after(lately, about(9, "nine", 1h));
  EXPECT_EQ(lately.admits(about(8, "eight", 1h)).error().retry_after, 10min);
}

TEST(recent_inquiries, puts_what_a_clock_behind_sent_in_its_place) {
  recent_inquiries lately;
  for (std::uint8_t n = 0; n < 4; ++n) lately = after(lately, about(n, std::to_string(n), 20min));
  lately = after(lately, about(4, "four", 10min));
  EXPECT_EQ(lately.admits(about(9, "nine", 30min)).error().retry_after, 40min);
}

TEST(recent_inquiries, expires_when_all_of_it_has_and_not_before) {
  const auto expiry = [](const recent_inquiries& before, const sent_message& one) {
    return *table::expiry_seconds(before.with(ben, one).item.view()) -
           std::chrono::floor<std::chrono::seconds>(start).time_since_epoch().count();
  };
  const std::int64_t first = expiry({}, about(1, "a", 0ms));
  EXPECT_GE(first, 24 * 3600);
  EXPECT_LE(first, 26 * 3600);
  const recent_inquiries lately = after({}, about(1, "a", 0ms));
  EXPECT_EQ(expiry(lately, about(2, "b", 50min)), first) << "its mark in the order of times is moved for nothing";
  EXPECT_GE(expiry(lately, about(2, "b", 3h)), 27 * 3600);
}

TEST(recent_inquiries, forgets_after_a_day) {
  recent_inquiries lately;
  for (int n = 0; n < 200; ++n) lately = after(lately, about(static_cast<std::uint8_t>(n), "x", n * 2h));
  EXPECT_LT(lately.with(ben, about(1, "y", 400h)).item.view().bytes().size(), 700u);
}

TEST(recent_inquiries, is_written_over_nobody_elses) {
  const table::put first = recent_inquiries().with(ben, about(1, "a", 0ms));
  ASSERT_EQ(first.conditions.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<table::absent>(first.conditions[0]));
  const table::put second = recent_inquiries::of(&first.item)->with(ben, about(2, "b", 0ms));
  const record::item_view there = first.item.view();
  EXPECT_TRUE(table::holds(second.conditions, &there));
  const record::item_view later = second.item.view();
  EXPECT_FALSE(table::holds(second.conditions, &later));
  EXPECT_FALSE(table::holds(second.conditions, nullptr));
}

TEST(recent_inquiries, that_is_damaged_is_told) {
  record::item cut = recent_inquiries().with(ben, about(1, "a", 0ms)).item;
  const std::string bytes(cut.find("sent").text);
  cut.set("sent", record::value::of_bytes(std::string_view(bytes).substr(1)));
  EXPECT_FALSE(recent_inquiries::of(&cut));
  record::item other;
  other.append("sent", record::value::of(std::string_view("text")));
  EXPECT_FALSE(recent_inquiries::of(&other));
}

}  // namespace
}  // namespace spaces::inquiries
