/// The contract's part that nobody thought of: random operations beside a plain model.
///
/// SPACES_CONTRACT_STEPS sets how many transactions (3000), SPACES_CONTRACT_SEED which (printed).
#pragma once

#include "platform/table/contract_test.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <map>
#include <random>
#include <set>

namespace spaces::table {

/// What the table promises, in the plainest words.
class table_model {
 public:
  struct told {
    bool refused = false;
    std::size_t operation = 0;
    std::optional<record::item> found;
  };

  told write(const std::vector<operation>& operations, std::int64_t now) {
    for (std::size_t i = 0; i < operations.size(); ++i) {
      const auto& [where, conditions] = parts_of(operations[i]);
      const record::item* live = find(where, now);
      for (const condition& each : conditions) {
        if (!holds_for(each, live)) return {true, i, live ? std::optional(*live) : std::nullopt};
      }
    }
    for (const operation& each : operations) perform(each, now);
    return {};
  }

  const record::item* find(const key& where, std::int64_t now) const {
    const auto at = items_.find(where);
    if (at == items_.end() || expiry_of(at->second) <= now) return nullptr;
    return &at->second;
  }

  std::set<key> keys(std::int64_t now) const {
    std::set<key> live;
    for (const auto& [where, item] : items_) {
      if (expiry_of(item) > now) live.insert(where);
    }
    return live;
  }

  /// "sort key|PK|SK|card" of each row, in any order within equal sort keys.
  std::multimap<std::string, std::string> rows(const query& what, std::int64_t now) const {
    std::multimap<std::string, std::string> found;
    const std::size_t number = static_cast<std::size_t>(what.index) - 1;
    for (const auto& [where, item] : items_) {
      const std::string_view sort_key = item.find(name::index_sk[number]).text;
      if (item.find(name::index_pk[number]).text != what.partition || sort_key.empty() || expiry_of(item) <= now)
        continue;
      if ((what.from && sort_key < *what.from) || (what.to && sort_key > *what.to)) continue;
      found.emplace(sort_key, std::string(sort_key) + "|" + where.pk + "|" + where.sk + "|" +
                                  std::string(item.find(name::card).text));
    }
    return found;
  }

 private:
  static std::pair<const key&, const std::vector<condition>&> parts_of(const operation& one) {
    return std::visit(
        [](const auto& what) {
          return std::pair<const key&, const std::vector<condition>&>(what.key, what.conditions);
        },
        one);
  }

  static std::int64_t expiry_of(const record::item& item) {
    const record::value ttl = item.find(name::ttl);
    return ttl.kind == record::value_kind::none ? std::numeric_limits<std::int64_t>::max() : ttl.number.digits;
  }

  static bool holds_for(const condition& what, const record::item* live) {
    if (std::holds_alternative<absent>(what)) return !live;
    if (std::holds_alternative<exists>(what)) return live;
    if (const auto* wanted = std::get_if<equals>(&what))
      return live && live->find(wanted->attribute).number == std::get<decimal>(wanted->value);
    const auto& bound = std::get<below>(what);
    return (live ? live->find(bound.attribute).number : decimal{}) < bound.bound;
  }

  void perform(const operation& one, std::int64_t now) {
    if (const auto* what = std::get_if<put>(&one)) items_[what->key] = what->item;
    if (const auto* what = std::get_if<remove>(&one)) items_.erase(what->key);
    if (const auto* what = std::get_if<add>(&one)) {
      if (!find(what->key, now)) items_[what->key] = what->otherwise;
      record::item& item = items_[what->key];
      item.set(what->attribute,
               record::value::of(make_decimal(item.find(what->attribute).number.digits + what->amount, 0)));
    }
  }

  std::map<key, record::item> items_;
};

class random_operations {
 public:
  random_operations(std::uint64_t seed, const held_clock& time) : random_(seed), time_(time) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool one_in(std::size_t chance) { return below(chance) == 0; }
  key some_key() { return {"P" + std::to_string(below(8)), "S" + std::to_string(below(6))}; }
  std::string some_partition() { return "I" + std::to_string(below(3)); }
  std::string some_sort_key() {
    return std::string(1 + below(3), static_cast<char>('a' + below(4))) + (one_in(3) ? "\x01" : "");
  }

  record::item some_item() {
    record::item item =
        made_item{}.number("n", static_cast<std::int64_t>(below(5))).text("T", std::string(below(40), 't'));
    for (std::size_t i = 0; i < 5; ++i) {
      if (!one_in(3)) item.set(name::index_pk[i], record::value::of(std::string_view(some_partition())));
      if (!one_in(3)) item.set(name::index_sk[i], record::value::of(std::string_view(some_sort_key())));
    }
    if (!one_in(3)) item.set(name::card, record::value::of_bytes(std::string(below(4), 'c')));
    if (one_in(4))
      item.set(name::ttl, record::value::of(make_decimal(time_.seconds() + static_cast<std::int64_t>(below(20)), 0)));
    if (one_in(50)) item.set("Large", record::value::of(std::string_view(std::string(below(20'000), 'l'))));
    return item;
  }

  std::vector<condition> some_conditions() {
    std::vector<condition> conditions;
    while (one_in(3)) {
      const decimal number = make_decimal(static_cast<std::int64_t>(below(6)), 0);
      const condition choices[] = {absent{}, exists{}, equals{"n", number}, spaces::table::below{"n", number}};
      conditions.push_back(choices[below(4)]);
    }
    return conditions;
  }

  std::vector<operation> some_transaction() {
    std::vector<operation> operations;
    std::set<key> used;
    for (std::size_t i = 1 + below(4); i > 0; --i) {
      const key where = some_key();
      if (!used.insert(where).second) continue;
      std::vector<condition> conditions = some_conditions();
      switch (below(5)) {
        case 0: operations.emplace_back(remove{where, std::move(conditions)}); break;
        case 1:
          operations.emplace_back(
              add{where, "n", static_cast<std::int64_t>(below(7)) - 3, std::move(conditions), without_n(some_item())});
          break;
        case 2:
          if (conditions.empty()) conditions.emplace_back(exists{});
          operations.emplace_back(check{where, std::move(conditions)});
          break;
        default: operations.emplace_back(put{where, some_item(), std::move(conditions)});
      }
    }
    return operations;
  }

  query some_query() {
    query what{.index = static_cast<index>(1 + below(5)), .partition = some_partition()};
    if (one_in(2)) what.from = some_sort_key();
    if (one_in(2)) what.to = some_sort_key();
    what.direction = one_in(2) ? direction::forward : direction::backward;
    return what;
  }

 private:
  static record::item without_n(record::item item) {
    item.set("n", {});
    return item;
  }

  std::mt19937_64 random_;
  const held_clock& time_;
};

TEST_P(table_contract, random_operations_do_what_a_plain_model_does) {
  const char* const steps_wanted = std::getenv("SPACES_CONTRACT_STEPS");
  const char* const seed_wanted = std::getenv("SPACES_CONTRACT_SEED");
  const std::uint64_t steps = steps_wanted ? std::strtoull(steps_wanted, nullptr, 10) : 3000;
  const std::uint64_t seed = seed_wanted ? std::strtoull(seed_wanted, nullptr, 10) : std::random_device{}();
  SCOPED_TRACE("SPACES_CONTRACT_SEED=" + std::to_string(seed));
  std::cout << "SPACES_CONTRACT_SEED=" << seed << '\n';
  random_operations random(seed, time_);
  table_model model;
  for (std::uint64_t step = 0; step < steps && !HasFailure(); ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    if (random.one_in(10)) time_.move(std::chrono::seconds{1});
    const std::vector<operation> operations = random.some_transaction();
    const table_model::told expected = model.write(operations, time_.seconds());
    const result<outcome> done = table().write(operations);
    ASSERT_TRUE(done) << text_of(done);
    ASSERT_EQ(done->has_value(), expected.refused);
    if (expected.refused) {
      EXPECT_EQ((*done)->operation, expected.operation);
      ASSERT_EQ((*done)->found.has_value(), expected.found.has_value());
      if (expected.found) {
        EXPECT_TRUE(same_but_write_id(*(*done)->found, *expected.found));
      }
    }
    const key where = random.some_key();
    const auto found = get(where);
    const record::item* const should_be = model.find(where, time_.seconds());
    ASSERT_EQ(found.has_value(), should_be != nullptr);
    if (should_be) {
      EXPECT_TRUE(same_but_write_id(*found, *should_be));
    }

    const query what = random.some_query();
    const std::vector<std::string> shown = rows(what, 1 + random.below(5));
    const auto rows_expected = model.rows(what, time_.seconds());
    std::vector<std::string> in_order;
    for (const auto& [sort_key, text] : rows_expected) in_order.push_back(sort_key);
    if (what.direction == direction::backward) std::ranges::reverse(in_order);
    std::vector<std::string> sort_keys_shown;
    sort_keys_shown.reserve(shown.size());
    std::multiset<std::string> texts;
    for (const std::string& each : shown) sort_keys_shown.push_back(each.substr(0, each.find('|')));
    for (const auto& each : rows_expected) texts.insert(each.second);
    EXPECT_EQ(sort_keys_shown, in_order);
    EXPECT_EQ(std::multiset<std::string>(shown.begin(), shown.end()), texts);
    if (step % 100 == 0) {
      const std::vector<key> all = walked();
      EXPECT_EQ(std::set<key>(all.begin(), all.end()), model.keys(time_.seconds()));
      EXPECT_EQ(all.size(), model.keys(time_.seconds()).size());
    }
  }
}

}  // namespace spaces::table
