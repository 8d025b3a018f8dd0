/// A table in memory for tests of what is built on tables: keys and conditions, no indexes. A test may
/// step in before a write, as another writer would, or have the table fail.
#pragma once

#include "platform/table/table.hpp"

#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace spaces::test {

class test_table : public table::single_table {
 public:
  std::map<table::key, record::item> items;
  std::function<void()> before_write;  ///< another writer's chance
  std::optional<error> read_fails;     ///< what reads and pings answer instead
  std::optional<error> write_fails;
  std::size_t reads = 0;
  std::size_t writes = 0;

  result<bool> read(table::key_view key, table::consistency, function_ref<void(record::item_view)> visit) override {
    ++reads;
    if (read_fails) return *read_fails;
    const auto at = items.find({std::string(key.pk), std::string(key.sk)});
    if (at == items.end()) return false;
    visit(at->second.view());
    return true;
  }

  result<table::outcome> write(std::vector<table::operation> operations) override {
    ++writes;
    if (before_write) before_write();
    if (write_fails) return *write_fails;
    if (const auto valid = table::validate(operations); !valid) return valid.error();
    for (std::size_t i = 0; i < operations.size(); ++i) {
      const record::item* found = std::visit([&](const auto& o) { return find(o.key); }, operations[i]);
      const record::item_view view = found ? found->view() : record::item_view();
      const bool held =
          std::visit([&](const auto& o) { return table::holds(o.conditions, found ? &view : nullptr); }, operations[i]);
      if (!held) return table::outcome(table::condition_failure{i, found ? std::optional(*found) : std::nullopt});
    }
    for (table::operation& each : operations) {
      if (auto* put = std::get_if<table::put>(&each)) items[put->key] = std::move(put->item);
      if (const auto* gone = std::get_if<table::remove>(&each)) items.erase(gone->key);
    }
    return table::outcome();
  }

  result<std::vector<std::optional<record::item>>> read_batch(const std::vector<table::key>&,
                                                              table::consistency) override {
    return internal("not a part of this table");
  }
  result<bool> visit_index(const table::query&, table::row_visitor) override {
    return internal("not a part of this table");
  }
  result<bool> visit_partition(const table::partition_query&, table::item_visitor) override {
    return internal("not a part of this table");
  }
  result<void> walk(const std::optional<table::key>&, table::item_visitor) override {
    return internal("not a part of this table");
  }
  std::optional<std::uint64_t> table_version() override { return writes; }
  bool reads_inline() const override { return true; }
  std::string_view engine() const override { return "test"; }
  result<void> ping() override {
    if (read_fails) return *read_fails;
    return {};
  }

 private:
  const record::item* find(const table::key& key) const {
    const auto at = items.find(key);
    return at == items.end() ? nullptr : &at->second;
  }
};

}  // namespace spaces::test
