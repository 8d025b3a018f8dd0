/// The contract's part on items: puts, removes, adds, conditions, transactions, limits, walks.
#pragma once

#include <source_dir.hpp>
#include "platform/record/json.hpp"
#include "platform/table/contract_test.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

namespace spaces::table {

using namespace std::string_literals;
using namespace std::string_view_literals;

TEST_P(table_contract, gives_back_what_was_put) {
  std::string texts;
  record::texts_view::append(texts, "pool");
  record::texts_view::append(texts, "");
  record::item item = made_item{}
                          .text("Title", "Loft with a \0 in it"sv)
                          .text("Empty", "")
                          .text("Emoji", "🏡 Ñandú \u202e")
                          .number("Zero", 0)
                          .number("Price", -999'999'999'999'999'999)
                          .with("Small", record::value::of(make_decimal(1, 18)))
                          .with("Yes", record::value::of(true))
                          .with("No", record::value::of(false))
                          .bytes("Raw", "\xFF\x00\xFE"sv)
                          .bytes("NoBytes", "")
                          .with("Features", record::value::of(record::texts_view(texts)))
                          .with("NoFeatures", record::value::of(record::texts_view()))
                          .text("OfALaterVersion", "kept");
  ASSERT_TRUE(put_item({"P", "S"}, item));
  const auto found = get({"P", "S"});
  ASSERT_TRUE(found);
  EXPECT_TRUE(same_but_write_id(*found, item));
  EXPECT_FALSE(is_there({"P", "S2"}));
  EXPECT_FALSE(is_there({"P2", "S"}));
}

TEST_P(table_contract, gives_naughty_strings_back) {
  std::ifstream file(SPACES_SOURCE_DIR "/../shared/vectors/naughty_strings.json");
  if (!file) GTEST_SKIP() << "shared/vectors/naughty_strings.json is not here";
  std::stringstream text;
  text << file.rdbuf();
  const auto strings = record::parse_json(text.str());
  ASSERT_TRUE(strings);
  ASSERT_GT(strings->elements.size(), 500U);
  record::item item;
  for (std::size_t i = 0; i < strings->elements.size(); ++i) {
    const std::string& each = strings->elements[i].text;
    item.append("N" + std::to_string(i), record::value::of(std::string_view(each)));
    const bool fits_a_key = !each.empty() && each.size() <= sort_key_bytes_max && each.find('\0') == std::string::npos;
    if (!fits_a_key) continue;
    ASSERT_TRUE(put_item({"NAUGHTY", each}, made_item{}.text("Value", each))) << each;
    const auto found = get({"NAUGHTY", each});
    ASSERT_TRUE(found) << each;
    EXPECT_EQ(found->find("Value").text, each);
  }
  ASSERT_TRUE(put_item({"P", "S"}, item));
  EXPECT_TRUE(same_but_write_id(*get({"P", "S"}), item));
}

TEST_P(table_contract, a_put_replaces_the_whole_item) {
  ASSERT_TRUE(put_item({"P", "S"}, made_item{}.text("Old", "1").text("Both", "1")));
  ASSERT_TRUE(put_item({"P", "S"}, made_item{}.text("Both", "2").text("New", "2")));
  EXPECT_TRUE(same_but_write_id(*get({"P", "S"}), made_item{}.text("New", "2").text("Both", "2")));
}

TEST_P(table_contract, a_remove_removes_and_does_not_mind_absence) {
  ASSERT_TRUE(put_item({"P", "S"}, made_item{}.text("A", "1")));
  EXPECT_TRUE(write(remove{{"P", "S"}, {}}));
  EXPECT_FALSE(is_there({"P", "S"}));
  EXPECT_TRUE(write(remove{{"P", "S"}, {}}));
}

TEST_P(table_contract, keys_at_their_limits_are_taken_and_over_them_refused) {
  const std::string pk(partition_key_bytes_max, 'p');
  const std::string sk(sort_key_bytes_max, 's');
  EXPECT_TRUE(put_item({pk, sk}, made_item{}.text("A", "1").in(1, pk, sk)));
  EXPECT_TRUE(is_there({pk, sk}));
  EXPECT_EQ(rows({.index = index::gsi1, .partition = pk}), std::vector{sk + "|" + pk + "|" + sk + "|"});
  for (const key& bad :
       {key{pk + "p", sk}, key{pk, sk + "s"}, key{"", sk}, key{pk, ""}, key{"a\0b"s, sk}, key{pk, "\xC0\x80"}}) {
    EXPECT_TRUE(refused_as_invalid(put{bad, made_item{}.text("A", "1"), {}}));
    EXPECT_TRUE(refused_as_invalid(remove{bad, {}}));
    EXPECT_TRUE(refused_as_invalid(check{bad, {absent{}}}));
    EXPECT_TRUE(refused_as_invalid(add{bad, "n", 1, {}, {}}));
    EXPECT_FALSE(table().read(bad, consistency::strong, [](record::item_view) {}));
    EXPECT_FALSE(table().read_batch({bad}, consistency::strong));
  }
}

TEST_P(table_contract, an_item_may_not_spoil_its_own_place) {
  const std::string pk(partition_key_bytes_max, 'p');
  const std::string sk(sort_key_bytes_max, 's');
  const key where{"P", "S"};
  EXPECT_TRUE(refused_as_invalid(put{where, made_item{}.text("PK", "x"), {}}));
  EXPECT_TRUE(refused_as_invalid(put{where, made_item{}.text("SK", "x"), {}}));
  EXPECT_TRUE(refused_as_invalid(put{where, made_item{}.in(2, pk + "p", sk), {}}));
  EXPECT_TRUE(refused_as_invalid(put{where, made_item{}.in(3, pk, sk + "s"), {}}));
  EXPECT_TRUE(refused_as_invalid(put{where, made_item{}.in(3, pk, ""), {}}));
  EXPECT_TRUE(refused_as_invalid(put{where, made_item{}.number("GSI5SK", 1), {}}));
  EXPECT_TRUE(refused_as_invalid(put{where, made_item{}.text("Card", "a text"), {}}));
  EXPECT_TRUE(refused_as_invalid(put{where, made_item{}.text("TTL", "soon"), {}}));
  EXPECT_TRUE(refused_as_invalid(put{where, made_item{}.with("TTL", record::value::of(make_decimal(15, 1))), {}}));
  EXPECT_TRUE(refused_as_invalid(put{where, made_item{}.text("A", "\xFF"), {}}));
  EXPECT_TRUE(refused_as_invalid(add{where, "GSI1SK", 1, {}, {}}));
  EXPECT_TRUE(refused_as_invalid(add{where, "", 1, {}, {}}));
  EXPECT_TRUE(refused_as_invalid(add{where, "n", 1, {}, made_item{}.number("n", 1)}));
  EXPECT_TRUE(refused_as_invalid(add{where, "n", 1'000'000'000'000'000'000, {}, {}}));
  EXPECT_TRUE(refused_as_invalid(check{where, {}}));
  EXPECT_TRUE(walked().empty());
}

TEST_P(table_contract, sizes_at_their_limits_are_taken_and_over_them_refused) {
  const auto item_counting = [](const key& where, std::size_t bytes) {
    record::item item = made_item{}.text("T", std::string(bytes, 't'));
    const std::size_t over = counted_bytes(where, item.view()) - bytes;
    return record::item(made_item{}.text("T", std::string(bytes - over, 't')));
  };
  const key where{"P", "S"};
  const record::item largest = item_counting(where, item_bytes_max);
  ASSERT_EQ(counted_bytes(where, largest.view()), item_bytes_max);
  EXPECT_TRUE(put_item(where, largest));
  EXPECT_TRUE(same_but_write_id(*get(where), largest));
  EXPECT_TRUE(refused_as_invalid(put{where, item_counting(where, item_bytes_max + 1), {}}));

  std::vector<operation> operations;
  std::size_t left = transaction_bytes_max;
  while (left > 0) {
    const key at{"P", "S" + std::to_string(operations.size())};
    const std::size_t bytes = std::min<std::size_t>(left, 300'000);
    operations.emplace_back(put{at, item_counting(at, bytes), {}});
    left -= bytes;
  }
  std::vector<operation> larger = operations;
  larger.emplace_back(remove{{"x", "y"}, {}});
  EXPECT_TRUE(refused_as_invalid(std::move(larger)));
  EXPECT_FALSE(is_there({"P", "S0"}));
  EXPECT_TRUE(write(std::move(operations)));
  EXPECT_TRUE(is_there({"P", "S0"}));
}

TEST_P(table_contract, a_transaction_has_1_to_100_operations_on_distinct_keys) {
  const auto puts = [](std::size_t count) {
    std::vector<operation> operations;
    operations.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
      operations.emplace_back(put{{"P", std::to_string(i)}, made_item{}.text("A", "1"), {}});
    return operations;
  };
  EXPECT_TRUE(refused_as_invalid(puts(0)));
  EXPECT_TRUE(refused_as_invalid(puts(operations_max + 1)));
  EXPECT_TRUE(walked().empty());
  EXPECT_TRUE(write(puts(operations_max)));
  EXPECT_EQ(walked().size(), operations_max);
  std::vector<operation> twice = puts(2);
  twice.emplace_back(check{{"P", "1"}, {exists{}}});
  EXPECT_TRUE(refused_as_invalid(std::move(twice)));
}

/// One row of the table of conditions: does it hold for what is not there, what has expired, and
/// what is there with Number 5, Text "a" and Flag true?
struct condition_row {
  condition what;
  bool on_absent;
  bool on_present;
};

TEST_P(table_contract, conditions_hold_or_refuse) {
  const auto number = [](std::int64_t n) { return make_decimal(n, 0); };
  const std::vector<condition_row> table_of_conditions{
      {absent{}, true, false},
      {exists{}, false, true},
      {equals{"Number", number(5)}, false, true},
      {equals{"Number", make_decimal(50, 1)}, false, true},
      {equals{"Number", number(6)}, false, false},
      {equals{"Number", "5"s}, false, false},
      {equals{"Text", "a"s}, false, true},
      {equals{"Text", "A"s}, false, false},
      {equals{"Text", number(1)}, false, false},
      {equals{"Flag", true}, false, true},
      {equals{"Flag", false}, false, false},
      {equals{"Missing", "a"s}, false, false},
      {below{"Number", number(6)}, true, true},
      {below{"Number", number(5)}, true, false},
      {below{"Number", make_decimal(51, 1)}, true, true},
      {below{"Number", number(-1)}, false, false},
      {below{"Number", number(0)}, false, false},
      {below{"Missing", number(1)}, true, true},
      {below{"Missing", number(0)}, false, false},
      {below{"Text", number(9)}, true, false},
  };
  const record::item present = made_item{}.number("Number", 5).text("Text", "a").with("Flag", record::value::of(true));
  record::item expired = present;
  expired.set(name::ttl, record::value::of(number(time_.seconds())));
  const key where{"P", "S"};
  for (std::size_t i = 0; i < table_of_conditions.size(); ++i) {
    const auto& [what, on_absent, on_present] = table_of_conditions[i];
    for (const std::string state : {"absent", "expired", "present"}) {
      const bool expected = state == "present" ? on_present : on_absent;
      const std::vector<operation> each_kind{put{where, made_item{}.text("A", "1"), {what}}, remove{where, {what}},
                                             check{where, {what}}, add{where, "Number", 1, {what}, {}}};
      for (const operation& tried : each_kind) {
        SCOPED_TRACE("condition " + std::to_string(i) + ", " + state + ", operation " + std::to_string(tried.index()));
        write(remove{where, {}});
        if (state == "present") put_item(where, present);
        if (state == "expired") put_item(where, expired);
        const result<outcome> done = table().write(one(tried));
        ASSERT_TRUE(done) << text_of(done);
        EXPECT_EQ(!*done, expected);
        if (expected) continue;
        EXPECT_EQ((*done)->operation, 0U);
        ASSERT_EQ((*done)->found.has_value(), state == "present");
        if ((*done)->found) {
          EXPECT_TRUE(same_but_write_id(*(*done)->found, present));
        }
        EXPECT_EQ(is_there(where), state == "present");
      }
    }
  }
}

TEST_P(table_contract, every_condition_of_an_operation_must_hold) {
  ASSERT_TRUE(put_item({"P", "S"}, made_item{}.number("Version", 3)));
  const condition right = equals{"Version", make_decimal(3, 0)};
  EXPECT_TRUE(write(check{{"P", "S"}, {exists{}, right}}));
  EXPECT_FALSE(write(check{{"P", "S"}, {right, absent{}}}));
  EXPECT_FALSE(write(check{{"P", "S"}, {absent{}, right}}));
}

TEST_P(table_contract, a_refused_transaction_changes_nothing_and_names_the_first) {
  ASSERT_TRUE(put_item({"P", "old"}, made_item{}.text("A", "before").in(1, "I", "1")));
  ASSERT_TRUE(put_item({"P", "gone"}, made_item{}.text("A", "before")));
  ASSERT_TRUE(put_item({"P", "taken"}, made_item{}.text("A", "mine")));
  std::vector<operation> operations;
  operations.emplace_back(put{{"P", "old"}, made_item{}.text("A", "after").in(1, "I", "2"), {}});
  operations.emplace_back(remove{{"P", "gone"}, {}});
  operations.emplace_back(add{{"P", "counter"}, "n", 1, {}, {}});
  operations.emplace_back(put{{"P", "taken"}, made_item{}.text("A", "yours"), {absent{}}});
  operations.emplace_back(check{{"P", "nowhere"}, {exists{}}});
  const result<outcome> done = table().write(std::move(operations));
  ASSERT_TRUE(done) << text_of(done);
  ASSERT_TRUE(*done);
  EXPECT_EQ((*done)->operation, 3U);
  ASSERT_TRUE((*done)->found);
  EXPECT_EQ((*done)->found->find("A").text, "mine");
  EXPECT_EQ(get({"P", "old"})->find("A").text, "before");
  EXPECT_EQ(get({"P", "taken"})->find("A").text, "mine");
  EXPECT_TRUE(is_there({"P", "gone"}));
  EXPECT_FALSE(is_there({"P", "counter"}));
  EXPECT_EQ(rows({.index = index::gsi1, .partition = "I"}), std::vector{"1|P|old|"s});
}

TEST_P(table_contract, a_transaction_changes_all) {
  ASSERT_TRUE(put_item({"P", "old"}, made_item{}.text("A", "before").in(1, "I", "1")));
  ASSERT_TRUE(put_item({"P", "gone"}, made_item{}.text("A", "before").in(1, "I", "0")));
  std::vector<operation> operations;
  operations.emplace_back(check{{"P", "nowhere"}, {absent{}}});
  operations.emplace_back(put{{"P", "old"}, made_item{}.text("A", "after").in(1, "I", "2"), {exists{}}});
  operations.emplace_back(remove{{"P", "gone"}, {exists{}}});
  operations.emplace_back(
      add{{"Q", "counter"}, "n", 7, {below{"n", make_decimal(1, 0)}}, made_item{}.text("Made", "now")});
  EXPECT_TRUE(write(std::move(operations)));
  EXPECT_EQ(get({"P", "old"})->find("A").text, "after");
  EXPECT_FALSE(is_there({"P", "gone"}));
  EXPECT_TRUE(same_but_write_id(*get({"Q", "counter"}), made_item{}.number("n", 7).text("Made", "now")));
  EXPECT_EQ(rows({.index = index::gsi1, .partition = "I"}), std::vector{"2|P|old|"s});
}

TEST_P(table_contract, an_add_starts_at_0_and_keeps_the_rest) {
  const key where{"P", "S"};
  const auto adds = [&](std::int64_t amount) {
    return add{where, "n", amount, {}, made_item{}.text("Otherwise", "set")};
  };
  EXPECT_TRUE(write(adds(5)));
  EXPECT_TRUE(same_but_write_id(*get(where), made_item{}.number("n", 5).text("Otherwise", "set")));
  EXPECT_TRUE(write(adds(-7)));
  EXPECT_EQ(get(where)->find("n").number, make_decimal(-2, 0));
  ASSERT_TRUE(put_item(where, made_item{}.with("n", record::value::of(make_decimal(25, 1))).text("Kept", "yes")));
  EXPECT_TRUE(write(adds(1)));
  EXPECT_TRUE(same_but_write_id(*get(where),
                                made_item{}.with("n", record::value::of(make_decimal(35, 1))).text("Kept", "yes")));
  ASSERT_TRUE(put_item(where, made_item{}.text("Kept", "yes")));
  EXPECT_TRUE(write(adds(3)));
  EXPECT_TRUE(same_but_write_id(*get(where), made_item{}.number("n", 3).text("Kept", "yes")));
}

TEST_P(table_contract, an_add_to_what_is_no_number_is_an_error_and_changes_nothing) {
  ASSERT_TRUE(put_item({"P", "S"}, made_item{}.text("n", "five")));
  std::vector<operation> operations;
  operations.emplace_back(put{{"P", "T"}, made_item{}.text("A", "1"), {}});
  operations.emplace_back(add{{"P", "S"}, "n", 1, {}, {}});
  EXPECT_FALSE(table().write(std::move(operations)));
  EXPECT_EQ(get({"P", "S"})->find("n").text, "five");
  EXPECT_FALSE(is_there({"P", "T"}));
}

TEST_P(table_contract, an_expired_item_is_absent_everywhere) {
  const key where{"P", "S"};
  const auto dies_in = [&](std::int64_t seconds) {
    return record::item(made_item{}.number("TTL", time_.seconds() + seconds).number("n", 5).in(1, "I", "1"));
  };
  ASSERT_TRUE(put_item(where, dies_in(2)));
  time_.move(std::chrono::seconds{1});
  EXPECT_TRUE(is_there(where));
  EXPECT_EQ(rows({.index = index::gsi1, .partition = "I"}).size(), 1U);
  time_.move(std::chrono::seconds{1});  // at its second it is gone
  EXPECT_FALSE(is_there(where));
  EXPECT_TRUE(rows({.index = index::gsi1, .partition = "I"}).empty());
  EXPECT_TRUE(walked().empty());
  const auto batch = table().read_batch({where}, consistency::strong);
  ASSERT_TRUE(batch);
  EXPECT_FALSE((*batch)[0]);

  EXPECT_TRUE(write(add{where, "n", 1, {absent{}}, made_item{}.text("Otherwise", "set")})) << "made anew, not added to";
  EXPECT_TRUE(same_but_write_id(*get(where), made_item{}.number("n", 1).text("Otherwise", "set")));

  ASSERT_TRUE(put_item(where, dies_in(1)));
  time_.move(std::chrono::seconds{1});
  EXPECT_TRUE(write(put{where, made_item{}.text("A", "new"), {absent{}}}));
  EXPECT_TRUE(is_there(where)) << "the old TTL must not take the new item";
  time_.move(std::chrono::seconds{100});
  EXPECT_TRUE(is_there(where));
}

TEST_P(table_contract, a_longer_ttl_keeps_the_item_and_its_rows) {
  const key where{"P", "S"};
  ASSERT_TRUE(put_item(where, made_item{}.number("TTL", time_.seconds() + 1).in(1, "I", "1")));
  ASSERT_TRUE(put_item(where, made_item{}.number("TTL", time_.seconds() + 100).in(1, "I", "1")));
  time_.move(std::chrono::seconds{50});
  EXPECT_TRUE(is_there(where));
  EXPECT_EQ(rows({.index = index::gsi1, .partition = "I"}).size(), 1U);
}

TEST_P(table_contract, each_write_stamps_what_it_put) {
  const auto write_id_of = [&](const key& where) { return std::string(get(where)->find(name::write_id).text); };
  std::vector<operation> operations;
  operations.emplace_back(put{{"P", "1"}, made_item{}.text("WriteId", "not mine to say"), {}});
  operations.emplace_back(put{{"P", "2"}, made_item{}.text("A", "1"), {}});
  operations.emplace_back(add{{"P", "3"}, "n", 1, {}, {}});
  ASSERT_TRUE(write(std::move(operations)));
  const std::string first = write_id_of({"P", "1"});
  EXPECT_FALSE(first.empty());
  EXPECT_NE(first, "not mine to say");
  EXPECT_EQ(write_id_of({"P", "2"}), first);
  EXPECT_EQ(write_id_of({"P", "3"}), first);
  ASSERT_TRUE(put_item({"P", "1"}, *get({"P", "2"})));
  EXPECT_NE(write_id_of({"P", "1"}), first);
}

TEST_P(table_contract, a_batch_keeps_the_order_of_its_keys) {
  std::vector<key> keys;
  for (std::size_t i = 0; i < batch_keys_max; ++i) {
    const std::size_t scattered = i * 37 % batch_keys_max;
    keys.push_back({"P" + std::to_string(scattered % 7), "S" + std::to_string(scattered)});
    if (i % 3 != 0) {
      ASSERT_TRUE(put_item(keys.back(), made_item{}.number("i", static_cast<std::int64_t>(i))));
    }
  }
  const auto found = table().read_batch(keys, consistency::strong);
  ASSERT_TRUE(found) << text_of(found);
  ASSERT_EQ(found->size(), keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    ASSERT_EQ((*found)[i].has_value(), i % 3 != 0);
    if ((*found)[i]) {
      EXPECT_EQ((*found)[i]->find("i").number, make_decimal(static_cast<std::int64_t>(i), 0));
    }
  }
  keys.push_back({"one", "more"});
  EXPECT_FALSE(table().read_batch(keys, consistency::strong));
  EXPECT_FALSE(table().read_batch({{"P", "S"}, {"P", "S"}}, consistency::strong));
  const auto none = table().read_batch({}, consistency::eventual);
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
}

TEST_P(table_contract, concurrent_increments_are_all_counted) {
  constexpr int threads = 8;
  constexpr int increments = 20;
  std::vector<std::thread> workers;
  workers.reserve(threads);
  std::atomic<int> errors = 0;
  for (int t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      for (int i = 0; i < increments;) {
        const result<outcome> done = table().write(one(add{{"P", "S"}, "n", 1, {}, {}}));
        const bool again = !done && done.error().kind == error_kind::unavailable;  // DynamoDB's conflicts
        if (!done && !again) ++errors;
        if (!again) ++i;
      }
    });
  }
  for (std::thread& each : workers) each.join();
  EXPECT_EQ(errors, 0);
  EXPECT_EQ(get({"P", "S"})->find("n").number, make_decimal(threads * increments, 0));
}

TEST_P(table_contract, of_concurrent_first_puts_one_wins) {
  for (int round = 0; round < 10; ++round) {
    const key where{"P", std::to_string(round)};
    std::vector<std::thread> workers;
    workers.reserve(6);
    std::atomic<int> winners = 0;
    for (int t = 0; t < 6; ++t) {
      workers.emplace_back([&, t] {
        const result<outcome> done = table().write(one(put{where, made_item{}.number("Winner", t), {absent{}}}));
        if (done && !*done) ++winners;
      });
    }
    for (std::thread& each : workers) each.join();
    EXPECT_EQ(winners, 1);
  }
}

TEST_P(table_contract, a_walk_visits_every_live_item_once_and_goes_on_from_anywhere) {
  for (int i = 0; i < 30; ++i) {
    made_item item;
    record::item made = std::move(item).number("i", i).in(1, "I", std::to_string(i));
    if (i % 10 == 9) made.set(name::ttl, record::value::of(make_decimal(time_.seconds() - 1, 0)));
    ASSERT_TRUE(put_item({"P" + std::to_string(i % 4), "S" + std::to_string(i)}, made));
  }
  const std::vector<key> all = walked();
  EXPECT_EQ(all.size(), 27U);
  EXPECT_EQ(std::set<key>(all.begin(), all.end()).size(), 27U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(walked(all[i]), std::vector<key>(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end()));
  }
  int visited = 0;
  EXPECT_TRUE(table().walk({}, [&](key_view, record::item_view) { return ++visited < 5; }));
  EXPECT_EQ(visited, 5);
}

TEST_P(table_contract, the_version_changes_with_every_write_where_there_is_one) {
  const auto before = table().table_version();
  EXPECT_EQ(table().table_version(), before);
  ASSERT_TRUE(put_item({"P", "S"}, made_item{}.text("A", "1")));
  const auto after = table().table_version();
  EXPECT_EQ(before.has_value(), after.has_value());
  if (before) {
    EXPECT_NE(after, before);
  }
  EXPECT_EQ(table().table_version(), after);
}

TEST_P(table_contract, it_answers_and_has_a_name) {
  EXPECT_TRUE(table().ping());
  EXPECT_FALSE(table().engine().empty());
}

}  // namespace spaces::table
