/// The contract's part on partitions of the table itself: whole items in the order of their sort keys.
#pragma once

#include "platform/table/contract_indexes_test.hpp"
#include "platform/table/contract_test.hpp"

#include <algorithm>

namespace spaces::table {

/// Sort keys as they are visited, page by page.
inline std::vector<std::string> visited(single_table& table, partition_query what, std::size_t page = query_rows_max) {
  std::vector<std::string> found;
  what.limit = page;
  for (bool more = true; more;) {
    const std::size_t before = found.size();
    const auto left = table.visit_partition(what, [&](key_view where, record::item_view) {
      EXPECT_EQ(where.pk, what.partition);
      found.emplace_back(where.sk);
      what.after = found.back();
      return true;
    });
    EXPECT_TRUE(left);
    EXPECT_LE(found.size() - before, page);
    more = left && *left && found.size() > before;
  }
  return found;
}

TEST_P(table_contract, a_partition_is_visited_in_the_byte_order_of_its_sort_keys) {
  std::vector<std::string> keys = tricky_sort_keys();
  std::ranges::sort(
      keys, [](const std::string& a, const std::string& b) { return std::string_view(a) < std::string_view(b); });
  for (std::size_t i = 0; i < keys.size(); ++i)
    ASSERT_TRUE(put_item({"P", keys[i * 8 % keys.size()]}, made_item{}.text("text", "a")));
  // Partitions before and behind it, and one that it begins with.
  for (const char* other : {"O", "P!", "P\x01", "PP", "Q"}) ASSERT_TRUE(put_item({other, "S"}, {}));
  EXPECT_EQ(visited(table(), {"P"}), keys);
  for (std::size_t page = 1; page <= keys.size() + 1; ++page) EXPECT_EQ(visited(table(), {"P"}, page), keys) << page;
  EXPECT_TRUE(visited(table(), {"N"}).empty());
  std::vector<std::string> places = keys;
  places.insert(places.end(), {"a0", "zz"});
  for (const std::string& to : places) {
    const auto within = std::ranges::count_if(keys, [&](std::string_view each) { return each <= to; });
    EXPECT_EQ(visited(table(), {"P", to}).size(), static_cast<std::size_t>(within)) << to;
    const auto behind = std::ranges::count_if(keys, [&](std::string_view each) { return each > to; });
    EXPECT_EQ(visited(table(), {.partition = "P", .after = to}).size(), static_cast<std::size_t>(behind)) << to;
    EXPECT_TRUE(visited(table(), {.partition = "P", .to = to, .after = to}).empty()) << to;
  }
}

TEST_P(table_contract, a_partition_shows_whole_items_that_live_and_says_what_is_left) {
  ASSERT_TRUE(put_item({"P", "1"}, made_item{}.text("text", "first").in(1, "I", "9").bytes("Card", "c")));
  ASSERT_TRUE(put_item({"P", "2"}, made_item{}.text("text", "over").number("TTL", time_.seconds())));
  ASSERT_TRUE(put_item({"P", "3"}, made_item{}.text("text", "third").number("TTL", time_.seconds() + 10)));
  std::vector<std::string> texts;
  const auto visit = [&](std::size_t limit, std::size_t stop_at) {
    texts.clear();
    return *table().visit_partition({.partition = "P", .limit = limit}, [&](key_view, record::item_view item) {
      texts.emplace_back(item.find("text").text);
      return texts.size() < stop_at;
    });
  };
  EXPECT_FALSE(visit(10, 10));
  EXPECT_EQ(texts, (std::vector<std::string>{"first", "third"}));
  EXPECT_TRUE(visit(1, 10));
  EXPECT_EQ(texts, std::vector<std::string>{"first"});
  EXPECT_TRUE(visit(10, 1));
  EXPECT_EQ(texts, std::vector<std::string>{"first"});
  time_.move(std::chrono::seconds(10));
  EXPECT_FALSE(visit(10, 10));
  EXPECT_EQ(texts, std::vector<std::string>{"first"});
}

TEST_P(table_contract, queries_of_a_partition_that_no_engine_takes_are_refused) {
  const auto kind_of = [&](const partition_query& what) {
    const auto done = table().visit_partition(what, [](key_view, record::item_view) { return true; });
    return done ? std::optional<error_kind>() : done.error().kind;
  };
  EXPECT_FALSE(kind_of({"P"}));
  EXPECT_EQ(kind_of({""}), error_kind::internal);
  EXPECT_EQ(kind_of({std::string(partition_key_bytes_max + 1, 'P')}), error_kind::internal);
  EXPECT_EQ(kind_of({"P", ""}), error_kind::internal);
  EXPECT_EQ(kind_of({"P", std::string(sort_key_bytes_max + 1, 'S')}), error_kind::internal);
  EXPECT_EQ(kind_of({.partition = "P", .limit = 0}), error_kind::internal);
  EXPECT_EQ(kind_of({.partition = "P", .limit = query_rows_max + 1}), error_kind::internal);
}

}  // namespace spaces::table
