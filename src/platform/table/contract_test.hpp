/// What every engine of the single table must do, written once against the interface. An engine's
/// tests include this and the three headers named contract_*_test.hpp, and say
///
///   INSTANTIATE_TEST_SUITE_P(lmdb, table_contract, testing::Values(make_a_table));
///
/// Nothing here asks for what DynamoDB cannot do.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/table/store_meta.hpp"
#include "platform/table/table.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::table {

/// Stands still until a test moves it.
class held_clock final : public clock {
 public:
  instant now() const override { return instant(std::chrono::milliseconds(now_ms_.load())); }
  void move(std::chrono::seconds by) { now_ms_ += by.count() * 1000; }
  std::int64_t seconds() const { return now_ms_.load() / 1000; }

 private:
  std::atomic<std::int64_t> now_ms_{1'795'334'400'000};  // 2026-11-22T08:00:00Z
};

/// A table and what it stands on; or why it cannot be had on this machine.
struct table_under_test {
  std::shared_ptr<void> ground;
  std::unique_ptr<single_table> table;
  std::string missing;
};
/// Makes an empty table (except the store's own item, if it has one).
using table_factory = table_under_test (*)(const clock& time);

/// An item by its attributes, for tests.
class made_item {
 public:
  made_item&& text(std::string_view name, std::string_view value) && {
    return std::move(*this).with(name, record::value::of(value));
  }
  made_item&& number(std::string_view name, std::int64_t value) && {
    return std::move(*this).with(name, record::value::of(make_decimal(value, 0)));
  }
  made_item&& bytes(std::string_view name, std::string_view value) && {
    return std::move(*this).with(name, record::value::of_bytes(value));
  }
  made_item&& with(std::string_view name, const record::value& value) && {
    item_.set(name, value);
    return std::move(*this);
  }
  /// In an index: `number` is 1 to 5.
  made_item&& in(std::size_t number, std::string_view partition, std::string_view sort_key) && {
    return std::move(*this).text(name::index_pk[number - 1], partition).text(name::index_sk[number - 1], sort_key);
  }
  operator record::item() && { return std::move(item_); }  // NOLINT(google-explicit-constructor): it is one

 private:
  record::item item_;
};

class table_contract : public testing::TestWithParam<table_factory> {
 protected:
  void SetUp() override {
    under_test_ = GetParam()(time_);
    if (!under_test_.missing.empty()) GTEST_SKIP() << under_test_.missing;
    ASSERT_TRUE(under_test_.table);
  }

  single_table& table() const { return *under_test_.table; }

  static std::vector<operation> one(operation what) {
    std::vector<operation> operations;
    operations.push_back(std::move(what));
    return operations;
  }

  /// True when it was written; a failed condition is false and an error fails the test.
  bool write(std::vector<operation> operations) {
    const result<outcome> done = table().write(std::move(operations));
    EXPECT_TRUE(done) << text_of(done);
    return done && !*done;
  }
  bool write(operation what) { return write(one(std::move(what))); }
  bool put_item(key where, record::item what) { return write(put{std::move(where), std::move(what), {}}); }

  /// True when the engine calls it a mistake of the caller's.
  bool refused_as_invalid(std::vector<operation> operations) {
    const result<outcome> done = table().write(std::move(operations));
    return !done && done.error().kind == error_kind::internal;
  }
  bool refused_as_invalid(operation what) { return refused_as_invalid(one(std::move(what))); }

  std::optional<record::item> get(const key& where) {
    auto found = table().get(where, consistency::strong);
    EXPECT_TRUE(found) << text_of(found);
    return found ? std::move(*found) : std::nullopt;
  }
  bool is_there(const key& where) { return get(where).has_value(); }

  /// The rows of a query, page by page: "sort key|PK|SK|card".
  std::vector<std::string> rows(query what, std::size_t page = query_rows_max) {
    std::vector<std::string> found;
    what.limit = page;
    for (int pages = 0; pages < 10'000; ++pages) {
      std::size_t visited = 0;
      const result<bool> more = table().visit_index(what, [&](const row& each) {
        found.push_back(text_of(each));
        what.after = position{std::string(each.sort_key), {std::string(each.key.pk), std::string(each.key.sk)}};
        ++visited;
        return true;
      });
      EXPECT_TRUE(more) << text_of(more);
      EXPECT_LE(visited, page);
      if (!more || !*more) return found;
      EXPECT_GT(visited, 0U) << "more rows are promised, and no place to go on from";
      if (visited == 0) return found;
    }
    ADD_FAILURE() << "the pages do not end";
    return found;
  }

  static std::string text_of(const row& each) {
    return std::string(each.sort_key) + "|" + std::string(each.key.pk) + "|" + std::string(each.key.sk) + "|" +
           std::string(each.card);
  }
  template <class T>
  static std::string text_of(const result<T>& done) {
    return done ? "" : done.error().public_text + " (" + done.error().private_text + ")";
  }

  /// Every live item but the store's own, in the engine's order.
  std::vector<key> walked(const std::optional<key>& after = {}) {
    std::vector<key> found;
    const result<void> done = table().walk(after, [&](key_view where, record::item_view) {
      if (where != key_view(store_meta::pk, store_meta::sk))
        found.push_back({std::string(where.pk), std::string(where.sk)});
      return true;
    });
    EXPECT_TRUE(done) << text_of(done);
    return found;
  }

  /// Equal except the id of the write.
  static bool same_but_write_id(const record::item& a, const record::item& b) {
    record::item left = a;
    record::item right = b;
    left.set(name::write_id, {});
    right.set(name::write_id, {});
    return same_attributes(left, right);
  }

  held_clock time_;

 private:
  table_under_test under_test_;
};

}  // namespace spaces::table
