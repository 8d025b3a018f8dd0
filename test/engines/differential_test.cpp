/// Two engines, the same operations: every answer of one is the other's, too.
///
///   scripts/with-dynamodb build/dev/test_engines --operations=100000 --seed=7
///
/// (or SPACES_DIFFERENTIAL_OPERATIONS and _SEED). What rows of equal sort keys come first is each engine's own
/// affair; so queries are read to their ends, page by page, and rows compared within each sort key.
#include "dynamodb/table_beside.hpp"
#include "engines/odd_values.hpp"
#include "platform/table/cursor.hpp"
#include "platform/table/dynamodb/dynamodb_table.hpp"
#include "platform/table/lmdb/store_under_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <map>
#include <random>
#include <set>

namespace spaces::test {

using namespace spaces::table;

struct differential_plan {
  std::uint64_t operations = 10'000;
  std::uint64_t seed = std::random_device{}();
};
differential_plan plan;

namespace {

/// One engine, its answers as texts that can be compared.
class observed_engine {
 public:
  observed_engine(table_factory make, const clock& time) : under_test_(make(time)) {
    if (!under_test_.table) return;
    auto secret = store_meta::read_secret(table());
    if (secret) seal_.emplace(*std::move(secret));
  }

  const std::string& missing() const { return under_test_.missing; }
  single_table& table() { return *under_test_.table; }

  std::string write(const std::vector<operation>& operations) {
    const result<outcome> done = table().write(operations);
    if (!done) return failed(done.error());
    if (!*done) return "written";
    std::string told = "refused at " + std::to_string((*done)->operation);
    if ((*done)->found) told += ", found " + text_of((*done)->found->view());
    return told;
  }

  std::string get(const key& where, consistency wanted) {
    const auto found = table().get(where, wanted);
    if (!found) return failed(found.error());
    return *found ? text_of((*found)->view()) : "nothing";
  }

  std::string batch(const std::vector<key>& keys) {
    const auto found = table().read_batch(keys, consistency::strong);
    if (!found) return failed(found.error());
    std::string told;
    for (const auto& each : *found) told += (each ? text_of(each->view()) : "nothing") + "\n";
    return told;
  }

  /// All rows, page by page of `limit`, from one to the next by a sealed cursor; within equal sort keys in the
  /// order of their texts. Rows of the first position's own sort key are left out: which of them lie behind it
  /// is the engine's affair.
  std::string rows(query what) {
    std::vector<std::pair<std::string, std::string>> found;
    const std::optional<std::string> given = what.after ? std::optional(what.after->sort_key) : std::nullopt;
    while (true) {
      std::size_t visited = 0;
      position last;
      const auto more = table().visit_index(what, [&](const row& each) {
        ++visited;
        last = {std::string(each.sort_key), {std::string(each.key.pk), std::string(each.key.sk)}};
        if (each.sort_key == given) return true;
        found.emplace_back(each.sort_key, last.key.pk + "|" + last.key.sk + "|" + std::string(each.card));
        return true;
      });
      if (!more) return failed(more.error());
      EXPECT_LE(visited, what.limit);
      if (!*more) break;
      EXPECT_GT(visited, 0U) << "more rows are promised, and no place to go on from";
      if (visited == 0) break;
      what.after = seal_->open(seal_->seal(last, "question"), "question");
    }
    const bool forward = what.direction == direction::forward;
    EXPECT_TRUE(std::ranges::is_sorted(
        found, [&](const auto& a, const auto& b) { return forward ? a.first < b.first : b.first < a.first; }));
    std::ranges::sort(found);
    std::string told;
    for (const auto& [sort_key, text] : found) told += sort_key + "|" + text + "\n";
    return told;
  }

  /// All items of a partition, page by page.
  std::string items(partition_query what) {
    std::string told;
    for (bool more = true; more;) {
      std::size_t visited = 0;
      const auto left = table().visit_partition(what, [&](key_view where, record::item_view item) {
        ++visited;
        what.after = std::string(where.sk);
        told += std::string(where.pk) + "|" + std::string(where.sk) + ": " + text_of(item) + "\n";
        return true;
      });
      if (!left) return failed(left.error());
      EXPECT_LE(visited, what.limit);
      more = *left && visited > 0;
    }
    return told;
  }

  std::string everything() {
    std::map<key, std::string> found;
    const auto done = table().walk({}, [&](key_view where, record::item_view item) {
      if (where != key_view(store_meta::pk, store_meta::sk))
        found.emplace(key{std::string(where.pk), std::string(where.sk)}, text_of(item));
      return true;
    });
    if (!done) return failed(done.error());
    std::string told;
    for (const auto& [where, text] : found) told += where.pk + "|" + where.sk + ": " + text + "\n";
    return told;
  }

 private:
  static std::string failed(const error& why) { return "error of kind " + std::to_string(static_cast<int>(why.kind)); }

  /// Attributes by name, but the id of the write, which must be there.
  static std::string text_of(record::item_view item) {
    std::map<std::string, std::string> attributes;
    for (const record::attribute& each : item) {
      record::item alone;
      alone.append("v", each.value);
      attributes.emplace(each.name, alone.view().bytes());
    }
    EXPECT_EQ(attributes.erase(std::string(name::write_id)), 1U);
    std::string told;
    for (const auto& [called, bytes] : attributes) told += called + "=" + bytes + ";";
    return told;
  }

  table_under_test under_test_;
  std::optional<cursor_seal> seal_;
};

/// What is asked, by one seed.
class random_questions {
 public:
  random_questions(std::uint64_t seed, const held_clock& time) : odd_(seed), time_(time) {}

  odd_values& odd() { return odd_; }

  record::item some_item() {
    record::item item = made_item{}.number("n", static_cast<std::int64_t>(odd_.below(5)));
    for (std::size_t i = 0; i < 5; ++i) {
      if (!odd_.one_in(3)) item.set(name::index_pk[i], text(odd_.some_partition()));
      if (!odd_.one_in(3)) item.set(name::index_sk[i], text(odd_.some_sort_key()));
    }
    if (!odd_.one_in(3)) item.set(name::card, record::value::of_bytes(odd_.some_text()));
    if (odd_.one_in(4)) {
      const std::int64_t expiry = time_.seconds() - 3 + static_cast<std::int64_t>(odd_.below(20));
      item.set(name::ttl, record::value::of(make_decimal(expiry, 0)));
    }
    for (std::size_t i = odd_.below(6); i > 0; --i) odd_.append_oddity(item);
    if (odd_.one_in(100)) item.set("Large", text(std::string(odd_.below(300'000), 'l')));
    return item;
  }

  std::vector<condition> some_conditions(std::size_t chance) {
    std::vector<condition> conditions;
    while (odd_.one_in(chance)) {
      const decimal number = make_decimal(static_cast<std::int64_t>(odd_.below(6)), 0);
      switch (odd_.below(6)) {
        case 0: conditions.emplace_back(absent{}); break;
        case 1: conditions.emplace_back(exists{}); break;
        case 2: conditions.emplace_back(equals{"n", number}); break;
        case 3: conditions.emplace_back(equals{"Name", odd_.some_text()}); break;
        case 4: conditions.emplace_back(equals{"Status", odd_.one_in(2)}); break;
        default: conditions.emplace_back(table::below{odd_.one_in(4) ? "Size" : "n", number});
      }
    }
    return conditions;
  }

  operation some_operation(const key& where, std::size_t conditioned) {
    std::vector<condition> conditions = some_conditions(conditioned);
    switch (odd_.below(6)) {
      case 0: return remove{where, std::move(conditions)};
      case 1: {
        record::item otherwise = odd_.one_in(2) ? some_item() : record::item();
        otherwise.set("n", {});
        return add{where, "n", static_cast<std::int64_t>(odd_.below(7)) - 3, std::move(conditions),
                   std::move(otherwise)};
      }
      case 2:
        if (conditions.empty()) conditions.emplace_back(odd_.one_in(2) ? condition(exists{}) : condition(absent{}));
        return check{where, std::move(conditions)};
      default: return put{where, some_item(), std::move(conditions)};
    }
  }

  std::vector<operation> some_transaction() {
    std::vector<operation> operations;
    std::set<key> used;
    const std::size_t wanted = odd_.one_in(20) ? 2 + odd_.below(30) : 2 + odd_.below(4);
    for (std::size_t i = 0; i < wanted; ++i) {
      const key& where = odd_.some_key();
      // Many with conditions would all be refused.
      if (used.insert(where).second) operations.push_back(some_operation(where, wanted > 6 ? 20 : 4));
    }
    return operations;
  }

  std::vector<key> some_keys() {
    std::set<key> keys;
    for (std::size_t i = 1 + odd_.below(20); i > 0; --i) keys.insert(odd_.some_key());
    std::vector<key> shuffled(keys.begin(), keys.end());
    for (std::size_t i = shuffled.size(); i > 1; --i) std::swap(shuffled[i - 1], shuffled[odd_.below(i)]);
    return shuffled;
  }

  query some_query() {
    query what{.index = static_cast<index>(1 + odd_.below(5)), .partition = odd_.some_partition()};
    if (odd_.one_in(2)) what.from = odd_.one_in(10) ? "" : odd_.some_sort_key();
    if (odd_.one_in(2)) what.to = odd_.one_in(10) ? "" : odd_.some_sort_key();
    what.direction = odd_.one_in(2) ? direction::forward : direction::backward;
    what.limit = odd_.one_in(3) ? 1 + odd_.below(3) : 1 + odd_.below(query_rows_max);
    if (odd_.one_in(3)) what.after = position{odd_.some_sort_key(), odd_.some_key()};
    return what;
  }

  partition_query some_partition_query() {
    partition_query what{odd_.some_key().pk};
    if (odd_.one_in(2)) what.to = odd_.some_key().sk;
    if (odd_.one_in(3)) what.after = odd_.some_key().sk;
    what.limit = odd_.one_in(3) ? 1 + odd_.below(3) : 1 + odd_.below(query_rows_max);
    return what;
  }

 private:
  static record::value text(std::string_view of) { return record::value::of(of); }

  odd_values odd_;
  const held_clock& time_;
};

/// Asks both the same thing.
class pair_of_engines {
 public:
  pair_of_engines() : first_(&make_an_lmdb_table, time_), second_(&make_a_dynamodb_table, time_) {}

  held_clock& time() { return time_; }
  const std::string& missing() const { return second_.missing(); }

  template <class Ask>
  void same(Ask&& query) {
    const std::string expected = query(first_);
    if (expected.starts_with("error")) ++errors_;
    if (expected.starts_with("refused")) ++failed_conditions_;
    if (!expected.empty() && expected != "nothing") ++answered_;
    EXPECT_EQ(query(second_), expected);
  }
  std::uint64_t failed_conditions() const { return failed_conditions_; }
  std::uint64_t errors() const { return errors_; }
  std::uint64_t answered() const { return answered_; }

 private:
  held_clock time_;
  observed_engine first_;
  observed_engine second_;
  std::uint64_t failed_conditions_ = 0;
  std::uint64_t errors_ = 0;
  std::uint64_t answered_ = 0;
};

void ask_something(random_questions& questions, pair_of_engines& engines) {
  odd_values& odd = questions.odd();
  switch (odd.below(9)) {
    case 0:
    case 1:
    case 2: {
      std::vector<operation> one;
      one.push_back(questions.some_operation(odd.some_key(), 3));
      return engines.same([&](observed_engine& each) { return each.write(one); });
    }
    case 3: {
      const std::vector<operation> several = questions.some_transaction();
      return engines.same([&](observed_engine& each) { return each.write(several); });
    }
    case 4: {
      const std::vector<key> keys = questions.some_keys();
      return engines.same([&](observed_engine& each) { return each.batch(keys); });
    }
    case 5: {
      const partition_query what = questions.some_partition_query();
      return engines.same([&](observed_engine& each) { return each.items(what); });
    }
    case 6:
    case 7: {
      const query what = questions.some_query();
      return engines.same([&](observed_engine& each) { return each.rows(what); });
    }
    default: {
      const key& where = odd.some_key();
      const consistency wanted = odd.one_in(2) ? consistency::strong : consistency::eventual;
      return engines.same([&](observed_engine& each) { return each.get(where, wanted); });
    }
  }
}

TEST(two_engines, answer_the_same_to_random_operations) {
  SCOPED_TRACE("--operations=" + std::to_string(plan.operations) + " --seed=" + std::to_string(plan.seed));
  std::cout << "--operations=" << plan.operations << " --seed=" << plan.seed << '\n';
  pair_of_engines engines;
  if (!engines.missing().empty()) GTEST_SKIP() << engines.missing();
  random_questions questions(plan.seed, engines.time());
  for (std::uint64_t number = 0; number < plan.operations && !testing::Test::HasFailure(); ++number) {
    SCOPED_TRACE("operation " + std::to_string(number));
    if (questions.odd().one_in(30)) engines.time().move(std::chrono::seconds{1});
    ask_something(questions, engines);
    if (number % 1000 == 999) engines.same([](observed_engine& each) { return each.everything(); });
  }
  if (plan.operations < 1000) return;
  // Were most answers empty, or all failed conditions, it would show little.
  EXPECT_GT(engines.answered(), plan.operations / 2);
  EXPECT_GT(engines.failed_conditions(), plan.operations / 100);
  EXPECT_LT(engines.failed_conditions(), plan.operations / 2);
}

TEST(two_engines, keep_every_naughty_string_alike) {
  pair_of_engines engines;
  if (!engines.missing().empty()) GTEST_SKIP() << engines.missing();
  odd_values odd(1);
  if (odd.texts() < 500) GTEST_SKIP() << "shared/vectors/naughty_strings.json is not here";
  for (std::size_t i = 0; i < odd.texts();) {
    std::vector<operation> operations;
    for (; operations.size() < 50 && i < odd.texts(); ++i) {
      const std::string& text = odd.next_text();
      record::item item = made_item{}.text("Text", text).bytes("Card", text);
      if (!text.empty() && text.size() <= 255) item.set(text, record::value::of(std::string_view("named so")));
      if (!text.empty() && text.size() <= sort_key_bytes_max && text.find('\0') == std::string::npos)
        item = made_item{}.text("Text", text).in(1, "NAUGHTY", text).bytes("Card", text);
      operations.emplace_back(put{{"NAUGHTY", std::to_string(i)}, item, {equals{"Text", text}}});
      std::get<put>(operations.back()).conditions.clear();
    }
    engines.same([&](observed_engine& each) { return each.write(operations); });
    for (operation& each : operations) {  // and as the value of a condition
      auto& one = std::get<put>(each);
      one.conditions.emplace_back(equals{"Text", std::string(one.item.find("Text").text)});
    }
    engines.same([&](observed_engine& each) { return each.write(operations); });
  }
  engines.same(
      [](observed_engine& each) { return each.rows({.index = index::gsi1, .partition = "NAUGHTY", .limit = 7}); });
  engines.same([](observed_engine& each) { return each.everything(); });
  EXPECT_EQ(engines.failed_conditions() + engines.errors(), 0U);
}

/// --operations= and --seed=, or the variables; false for anything else.
bool read_plan(int count, char** words) {
  const auto read = [](std::string_view text, std::uint64_t& into) {
    return std::from_chars(text.data(), text.data() + text.size(), into).ec == std::errc{};
  };
  if (const char* text = std::getenv("SPACES_DIFFERENTIAL_OPERATIONS"); text && !read(text, plan.operations))
    return false;
  if (const char* text = std::getenv("SPACES_DIFFERENTIAL_SEED"); text && !read(text, plan.seed)) return false;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    const std::string_view value = word.substr(std::min(word.find('=') + 1, word.size()));
    const bool known = word.starts_with("--operations=") ? read(value, plan.operations)
                                                         : word.starts_with("--seed=") && read(value, plan.seed);
    if (!known) return false;
  }
  return true;
}

}  // namespace

}  // namespace spaces::test

int main(int count, char** words) {
  testing::InitGoogleTest(&count, words);
  if (!spaces::test::read_plan(count, words)) {
    std::cerr << "test_engines takes --operations=N and --seed=N\n";
    return 2;
  }
  return RUN_ALL_TESTS();
}
