/// The contract's part on indexes: order, bounds, pages, and what moves between them.
#pragma once

#include "platform/table/contract_test.hpp"

#include <algorithm>

namespace spaces::table {

/// Sort keys that a careless order gets wrong.
inline const std::vector<std::string>& tricky_sort_keys() {
  static const std::vector<std::string> keys{"\x01", " ",  "!",  "0", "00", "1",    "10", "2", "A", "a", "a\x01",
                                             "a!",   "aa", "ab", "b", "~",  "\x7F", "é",  "ñ", "ﬀ", "🏡"};
  return keys;
}

TEST_P(table_contract, rows_come_in_the_byte_order_of_their_sort_keys) {
  std::vector<std::string> expected = tricky_sort_keys();
  std::ranges::sort(
      expected, [](const std::string& a, const std::string& b) { return std::string_view(a) < std::string_view(b); });
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::size_t scattered = i * 8 % expected.size();  // 21 keys: 8 reaches all
    ASSERT_TRUE(put_item({"P" + std::to_string(i), "S"},
                         made_item{}.in(2, "I", expected[scattered]).bytes("Card", expected[scattered])));
  }
  std::vector<std::string> sorted;
  const auto collect = [&](direction way) {
    sorted.clear();
    const auto more =
        table().visit_index({.index = index::gsi2, .partition = "I", .direction = way}, [&](const row& each) {
          EXPECT_EQ(each.sort_key, each.card);
          sorted.emplace_back(each.sort_key);
          return true;
        });
    EXPECT_TRUE(more);
    return sorted;
  };
  EXPECT_EQ(collect(direction::forward), expected);
  std::ranges::reverse(expected);
  EXPECT_EQ(collect(direction::backward), expected);
}

TEST_P(table_contract, bounds_are_inclusive_in_both_directions) {
  const std::vector<std::string>& keys = tricky_sort_keys();
  for (std::size_t i = 0; i < keys.size(); ++i)
    ASSERT_TRUE(put_item({"P" + std::to_string(i), "S"}, made_item{}.in(1, "I", keys[i])));
  std::vector<std::optional<std::string>> bounds(keys.begin(), keys.end());
  bounds.insert(bounds.end(), {std::nullopt, "", "a0", "zz"});
  for (const auto& from : bounds) {
    for (const auto& to : bounds) {
      const auto between = std::ranges::count_if(
          keys, [&](std::string_view each) { return (!from || each >= *from) && (!to || each <= *to); });
      for (const direction way : {direction::forward, direction::backward}) {
        const auto found = rows({.index = index::gsi1, .partition = "I", .from = from, .to = to, .direction = way});
        EXPECT_EQ(found.size(), static_cast<std::size_t>(between)) << from.value_or("-") << " to " << to.value_or("-");
      }
    }
  }
}

TEST_P(table_contract, pages_of_any_size_show_each_row_once) {
  for (int i = 0; i < 23; ++i) {
    // Sort keys three times each: a page may end between equal ones.
    ASSERT_TRUE(put_item({"P" + std::to_string(i), "S" + std::to_string(i % 2)},
                         made_item{}.in(3, "I", std::to_string(i / 3))));
  }
  for (const direction way : {direction::forward, direction::backward}) {
    const query what{.index = index::gsi3, .partition = "I", .from = "1", .to = "6", .direction = way};
    const std::vector<std::string> whole = rows(what);
    EXPECT_EQ(whole.size(), 18U);
    EXPECT_EQ(rows(what), whole) << "equal sort keys keep their order";
    for (std::size_t page = 1; page <= 24; ++page) EXPECT_EQ(rows(what, page), whole) << page;
  }
}

TEST_P(table_contract, a_query_goes_on_behind_a_row_that_is_gone) {
  for (const char* each : {"1", "2", "3", "4"}) ASSERT_TRUE(put_item({each, "S"}, made_item{}.in(1, "I", each)));
  query what{.index = index::gsi1, .partition = "I"};
  what.after = position{"2", {"2", "S"}};
  EXPECT_EQ(rows(what), (std::vector<std::string>{"3|3|S|", "4|4|S|"}));
  ASSERT_TRUE(write(remove{{"2", "S"}, {}}));
  EXPECT_EQ(rows(what), (std::vector<std::string>{"3|3|S|", "4|4|S|"}));
  what.direction = direction::backward;
  EXPECT_EQ(rows(what), (std::vector<std::string>{"1|1|S|"}));
  what.after = position{"25", {"never", "was"}};
  EXPECT_EQ(rows(what), (std::vector<std::string>{"1|1|S|"}));
  what.direction = direction::forward;
  EXPECT_EQ(rows(what), (std::vector<std::string>{"3|3|S|", "4|4|S|"}));
}

TEST_P(table_contract, a_position_may_lie_outside_the_bounds) {
  for (const char* each : {"1", "2", "3", "4"}) ASSERT_TRUE(put_item({each, "S"}, made_item{}.in(1, "I", each)));
  const auto count = [&](direction way, const char* after) {
    query what{.index = index::gsi1, .partition = "I", .from = "2", .to = "3", .direction = way};
    what.after = position{after, {after, "S"}};
    return rows(what).size();
  };
  EXPECT_EQ(count(direction::forward, "1"), 2U);
  EXPECT_EQ(count(direction::forward, "4"), 0U);
  EXPECT_EQ(count(direction::backward, "4"), 2U);
  EXPECT_EQ(count(direction::backward, "1"), 0U);
}

TEST_P(table_contract, queries_have_limits) {
  const query good{.index = index::gsi1, .partition = "I"};
  const auto visits = [&](const query& what) {
    return table().visit_index(what, [](const row&) { return true; }).has_value();
  };
  const auto with = [&](auto change) {
    query what = good;
    change(what);
    return what;
  };
  EXPECT_TRUE(visits(good));
  EXPECT_TRUE(visits(with([](query& q) { q.limit = query_rows_max; })));
  EXPECT_TRUE(visits(with([](query& q) { q.partition.assign(partition_key_bytes_max, 'p'); })));
  EXPECT_TRUE(visits(with([](query& q) { q.to = std::string(sort_key_bytes_max, 's'); })));
  EXPECT_FALSE(visits(with([](query& q) { q.limit = 0; })));
  EXPECT_FALSE(visits(with([](query& q) { q.limit = query_rows_max + 1; })));
  EXPECT_FALSE(visits(with([](query& q) { q.partition = ""; })));
  EXPECT_FALSE(visits(with([](query& q) { q.partition.assign(partition_key_bytes_max + 1, 'p'); })));
  EXPECT_FALSE(visits(with([](query& q) { q.from = std::string(sort_key_bytes_max + 1, 's'); })));
  EXPECT_FALSE(visits(with([](query& q) { q.to = std::string(1, '\0'); })));
  EXPECT_FALSE(visits(with([](query& q) { q.to = "\xFF"; })));
  EXPECT_FALSE(visits(with([](query& q) { q.after = position{"", {"P", "S"}}; })));
  EXPECT_FALSE(visits(with([](query& q) { q.after = position{"1", {"", "S"}}; })));
  EXPECT_FALSE(visits(with([](query& q) { q.index = static_cast<index>(6); })));
}

TEST_P(table_contract, at_most_limit_rows_are_visited_and_more_are_told_of) {
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(put_item({std::to_string(i), "S"}, made_item{}.in(1, "I", std::to_string(i))));
  for (const direction way : {direction::forward, direction::backward}) {
    std::size_t visited = 0;
    const auto more =
        table().visit_index({.index = index::gsi1, .partition = "I", .direction = way, .limit = 3}, [&](const row&) {
          ++visited;
          return true;
        });
    ASSERT_TRUE(more);
    EXPECT_TRUE(*more);
    EXPECT_EQ(visited, 3U);
  }
}

TEST_P(table_contract, a_visitor_may_stop) {
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(put_item({std::to_string(i), "S"}, made_item{}.in(1, "I", std::to_string(i))));
  std::size_t visited = 0;
  const auto more =
      table().visit_index({.index = index::gsi1, .partition = "I"}, [&](const row&) { return ++visited < 2; });
  ASSERT_TRUE(more);
  EXPECT_TRUE(*more);
  EXPECT_EQ(visited, 2U);
}

TEST_P(table_contract, partitions_do_not_mix) {
  for (const char* each : {"A", "AB", "A\x01", "B", "a"})
    ASSERT_TRUE(put_item({each, "S"}, made_item{}.in(1, each, "1")));
  for (const char* each : {"A", "AB", "A\x01", "B", "a"}) {
    for (const direction way : {direction::forward, direction::backward}) {
      EXPECT_EQ(rows({.index = index::gsi1, .partition = each, .direction = way}),
                std::vector{"1|" + std::string(each) + "|S|"});
    }
  }
  EXPECT_TRUE(rows({.index = index::gsi1, .partition = "C"}).empty());
  EXPECT_TRUE(rows({.index = index::gsi2, .partition = "A"}).empty());
}

TEST_P(table_contract, an_item_is_in_each_index_that_it_names) {
  ASSERT_TRUE(put_item({"P", "S"}, made_item{}
                                       .in(1, "I", "1")
                                       .in(2, "I", "2")
                                       .in(3, "I", "3")
                                       .in(4, "I", "4")
                                       .in(5, "I", "5")
                                       .bytes("Card", "card")));
  for (std::uint8_t i = 1; i <= 5; ++i) {
    EXPECT_EQ(rows({.index = static_cast<index>(i), .partition = "I"}), std::vector{std::to_string(i) + "|P|S|card"});
  }
}

TEST_P(table_contract, an_item_without_both_keys_is_not_in_the_index) {
  ASSERT_TRUE(put_item({"P", "1"}, made_item{}.text("GSI1PK", "I")));
  ASSERT_TRUE(put_item({"P", "2"}, made_item{}.text("GSI1SK", "I")));
  ASSERT_TRUE(put_item({"P", "3"}, made_item{}.in(1, "I", "3")));
  EXPECT_EQ(rows({.index = index::gsi1, .partition = "I"}), std::vector<std::string>{"3|P|3|"});
  ASSERT_TRUE(put_item({"P", "3"}, made_item{}.text("GSI1PK", "I")));
  EXPECT_TRUE(rows({.index = index::gsi1, .partition = "I"}).empty());
}

TEST_P(table_contract, an_item_moves_within_and_between_partitions) {
  const key where{"P", "S"};
  ASSERT_TRUE(put_item(where, made_item{}.in(2, "STATUS#active", "1").in(4, "CITY#a", "1").bytes("Card", "c1")));
  ASSERT_TRUE(put_item(where, made_item{}.in(2, "STATUS#active", "2").in(4, "CITY#b", "1").bytes("Card", "c1")));
  EXPECT_EQ(rows({.index = index::gsi2, .partition = "STATUS#active"}), std::vector<std::string>{"2|P|S|c1"});
  EXPECT_TRUE(rows({.index = index::gsi4, .partition = "CITY#a"}).empty());
  EXPECT_EQ(rows({.index = index::gsi4, .partition = "CITY#b"}), std::vector<std::string>{"1|P|S|c1"});
  ASSERT_TRUE(write(remove{where, {}}));
  EXPECT_TRUE(rows({.index = index::gsi2, .partition = "STATUS#active"}).empty());
  EXPECT_TRUE(rows({.index = index::gsi4, .partition = "CITY#b"}).empty());
}

TEST_P(table_contract, a_row_carries_the_card_of_the_last_put) {
  const key where{"P", "S"};
  for (const char* card : {"one", "a longer one", "", "x"}) {
    ASSERT_TRUE(put_item(where, made_item{}.in(1, "I", "1").bytes("Card", card)));
    EXPECT_EQ(rows({.index = index::gsi1, .partition = "I"}), std::vector{"1|P|S|" + std::string(card)});
  }
  ASSERT_TRUE(put_item(where, made_item{}.in(1, "I", "1")));
  EXPECT_EQ(rows({.index = index::gsi1, .partition = "I"}), std::vector<std::string>{"1|P|S|"});
}

TEST_P(table_contract, an_add_can_make_an_item_that_is_in_an_index) {
  ASSERT_TRUE(write(add{{"P", "S"}, "n", 1, {}, made_item{}.in(1, "DUE", "9").bytes("Card", "job")}));
  EXPECT_EQ(rows({.index = index::gsi1, .partition = "DUE"}), std::vector<std::string>{"9|P|S|job"});
  ASSERT_TRUE(write(add{{"P", "S"}, "n", 1, {}, made_item{}.in(1, "DUE", "8")}));
  EXPECT_EQ(rows({.index = index::gsi1, .partition = "DUE"}), std::vector<std::string>{"9|P|S|job"});
}

TEST_P(table_contract, expired_rows_count_neither_as_rows_nor_as_more) {
  for (int i = 0; i < 6; ++i) {
    record::item item = made_item{}.in(1, "I", std::to_string(i));
    if (i % 2 == 1) item.set(name::ttl, record::value::of(make_decimal(time_.seconds(), 0)));
    ASSERT_TRUE(put_item({std::to_string(i), "S"}, item));
  }
  const std::vector<std::string> live{"0|0|S|", "2|2|S|", "4|4|S|"};
  EXPECT_EQ(rows({.index = index::gsi1, .partition = "I"}), live);
  EXPECT_EQ(rows({.index = index::gsi1, .partition = "I"}, 1), live);
  EXPECT_EQ(rows({.index = index::gsi1, .partition = "I"}, 2), live);
}

}  // namespace spaces::table
