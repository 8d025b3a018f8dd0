#include "platform/table/table.hpp"

#include "platform/base/text.hpp"

#include <algorithm>
#include <type_traits>

namespace spaces::table {

namespace {

/// What is wrong, in a few words; empty: nothing.
using violation = std::optional<std::string>;
using record::value_kind;

violation violation_of_key_text(std::string_view what, std::string_view text, std::size_t bytes_max) {
  if (text.empty()) return std::string(what) + " is empty";
  if (text.size() > bytes_max) {
    return std::string(what) + " has " + std::to_string(text.size()) + " bytes, over " + std::to_string(bytes_max);
  }
  if (text.find('\0') != std::string_view::npos) return std::string(what) + " holds a NUL";
  if (!is_utf8(text)) return std::string(what) + " is not UTF-8";
  return std::nullopt;
}

violation violation_of_key(key_view key) {
  if (violation found = violation_of_key_text("the partition key", key.pk, partition_key_bytes_max)) return found;
  return violation_of_key_text("the sort key", key.sk, sort_key_bytes_max);
}

enum class meaning { none, key, index_partition, index_sort, card, ttl, write_id };

meaning meaning_of(std::string_view attribute) {
  if (attribute == name::pk || attribute == name::sk) return meaning::key;
  if (attribute == name::card) return meaning::card;
  if (attribute == name::ttl) return meaning::ttl;
  if (attribute == name::write_id) return meaning::write_id;
  if (attribute.size() != 6 || !attribute.starts_with("GSI")) return meaning::none;
  if (std::ranges::find(name::index_pk, attribute) != std::end(name::index_pk)) return meaning::index_partition;
  if (std::ranges::find(name::index_sk, attribute) != std::end(name::index_sk)) return meaning::index_sort;
  return meaning::none;
}

violation violation_of_index_key(const record::attribute& attribute, std::size_t bytes_max) {
  if (attribute.value.kind != value_kind::text) return std::string(attribute.name) + " is not a text";
  return violation_of_key_text(attribute.name, attribute.value.text, bytes_max);
}

violation violation_of_attribute(const record::attribute& attribute) {
  const std::string_view called = attribute.name;
  const record::value& value = attribute.value;
  if (!is_utf8(called)) return "the name of an attribute is not UTF-8";
  switch (meaning_of(called)) {
    case meaning::key: return std::string(called) + " stands inside the item";
    case meaning::index_partition: return violation_of_index_key(attribute, partition_key_bytes_max);
    case meaning::index_sort: return violation_of_index_key(attribute, sort_key_bytes_max);
    case meaning::card:
      if (value.kind != value_kind::bytes) return "Card is not bytes";
      return std::nullopt;
    case meaning::ttl:
      if (value.kind != value_kind::number || !scaled(value.number, 0)) return "TTL is not a whole number";
      return std::nullopt;
    case meaning::write_id:
    case meaning::none: break;
  }
  bool utf8 = true;
  if (value.kind == value_kind::text) utf8 = is_utf8(value.text);
  value.texts.each([&](std::string_view text) { utf8 = utf8 && is_utf8(text); });
  if (!utf8) return std::string(called) + " is not UTF-8";
  return std::nullopt;
}

violation violation_of_item(key_view key, record::item_view item) {
  if (!item.well_formed()) return "the item is not well formed";
  for (const record::attribute& attribute : item) {
    if (violation found = violation_of_attribute(attribute)) return found;
  }
  const std::size_t bytes = counted_bytes(key, item);
  if (bytes > item_bytes_max)
    return "the item counts " + std::to_string(bytes) + " bytes, over " + std::to_string(item_bytes_max);
  return std::nullopt;
}

violation violation_of_add(const add& what) {
  if (what.attribute.empty() || what.attribute.size() > 255)
    return "the attribute to add to has no name of 1 to 255 bytes";
  if (meaning_of(what.attribute) != meaning::none) return what.attribute + " cannot be added to";
  // A decimal's 18 digits: the sum with what is not there would be none.
  constexpr std::int64_t amount_max = 999'999'999'999'999'999;
  if (what.amount > amount_max || what.amount < -amount_max) return "the amount to add has more than 18 digits";
  if (what.otherwise.find(what.attribute).kind != value_kind::none) return what.attribute + " is both added to and set";
  return violation_of_item(what.key, what.otherwise.view());
}

violation violation_of_operation(const operation& one) {
  return std::visit(
      [](const auto& what) -> violation {
        using type = std::remove_cvref_t<decltype(what)>;
        if (violation found = violation_of_key(what.key)) return found;
        if constexpr (std::is_same_v<type, put>) return violation_of_item(what.key, what.item.view());
        if constexpr (std::is_same_v<type, add>) return violation_of_add(what);
        if constexpr (std::is_same_v<type, check>) {
          if (what.conditions.empty()) return "a check has no condition";
        }
        return std::nullopt;
      },
      one);
}

const key& key_of(const operation& one) {
  return std::visit([](const auto& what) -> const key& { return what.key; }, one);
}

std::size_t counted_bytes(const operation& one) {
  if (const auto* what = std::get_if<put>(&one)) return spaces::table::counted_bytes(what->key, what->item.view());
  if (const auto* what = std::get_if<add>(&one)) return spaces::table::counted_bytes(what->key, what->otherwise.view());
  return key_of(one).pk.size() + key_of(one).sk.size();
}

bool any_twice(std::vector<key_view> keys) {
  std::ranges::sort(keys);
  return std::ranges::adjacent_find(keys) != keys.end();
}

bool holds_equals(const equals& wanted, record::item_view found) {
  const record::value value = found.find(wanted.attribute);
  return std::visit(
      [&](const auto& expected) {
        using type = std::remove_cvref_t<decltype(expected)>;
        if constexpr (std::is_same_v<type, decimal>)
          return value.kind == value_kind::number && value.number == expected;
        if constexpr (std::is_same_v<type, bool>) return value.kind == value_kind::boolean && value.flag == expected;
        if constexpr (std::is_same_v<type, std::string>)
          return value.kind == value_kind::text && value.text == expected;
      },
      wanted.value);
}

bool holds_below(const below& wanted, const record::item_view* found) {
  const record::value value = found ? found->find(wanted.attribute) : record::value{};
  if (value.kind == value_kind::none) return decimal{} < wanted.bound;
  return value.kind == value_kind::number && value.number < wanted.bound;
}

violation violation_of_operations(const std::vector<operation>& operations) {
  if (operations.empty()) return "a transaction has no operation";
  if (operations.size() > operations_max) {
    return "a transaction has " + std::to_string(operations.size()) + " operations, over " +
           std::to_string(operations_max);
  }
  std::vector<key_view> keys;
  keys.reserve(operations.size());
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (violation found = violation_of_operation(operations[i]))
      return "operation " + std::to_string(i) + ": " + *found;
    keys.emplace_back(key_of(operations[i]));
    bytes += counted_bytes(operations[i]);
  }
  if (bytes > transaction_bytes_max) {
    return "a transaction counts " + std::to_string(bytes) + " bytes, over " + std::to_string(transaction_bytes_max);
  }
  if (any_twice(std::move(keys))) return "two operations of a transaction have the same key";
  return std::nullopt;
}

violation violation_of_query(const query& what) {
  if (what.index < index::gsi1 || what.index > index::gsi5) return "there is no such index";
  if (violation found = violation_of_key_text("the partition", what.partition, partition_key_bytes_max)) return found;
  for (const std::optional<std::string>* bound : {&what.from, &what.to}) {
    if (!*bound || (*bound)->empty()) continue;  // an empty one lies before every sort key
    if (violation found = violation_of_key_text("a bound", **bound, sort_key_bytes_max)) return found;
  }
  if (what.limit == 0 || what.limit > query_rows_max) return "the limit is not 1 to " + std::to_string(query_rows_max);
  if (!what.after) return std::nullopt;
  if (violation found = violation_of_key_text("the position", what.after->sort_key, sort_key_bytes_max)) return found;
  return violation_of_key(what.after->key);
}

violation violation_of_partition_query(const partition_query& what) {
  if (violation found = violation_of_key_text("the partition", what.partition, partition_key_bytes_max)) return found;
  for (const std::optional<std::string>* place : {&what.to, &what.after}) {
    if (!*place) continue;
    if (violation found = violation_of_key_text("a bound", **place, sort_key_bytes_max)) return found;
  }
  if (what.limit == 0 || what.limit > query_rows_max) return "the limit is not 1 to " + std::to_string(query_rows_max);
  return std::nullopt;
}

violation violation_of_batch(const std::vector<key>& batch) {
  if (batch.size() > batch_keys_max) {
    return "a batch has " + std::to_string(batch.size()) + " keys, over " + std::to_string(batch_keys_max);
  }
  for (const key& each : batch) {
    if (violation found = violation_of_key(each)) return found;
  }
  if (any_twice({batch.begin(), batch.end()})) return "a batch names a key twice";
  return std::nullopt;
}

result<void> valid_unless(const violation& found) {
  if (found) return internal(*found);
  return {};
}

}  // namespace

result<std::optional<record::item>> single_table::get(key_view key, consistency wanted) {
  std::optional<record::item> copy;
  const result<bool> found = read(key, wanted, [&](record::item_view view) { copy.emplace(view); });
  if (!found) return found.error();
  return copy;
}

void append_index(record::item& to, index which, std::string_view partition, std::string_view sort_key) {
  const auto at = static_cast<std::size_t>(which) - 1;
  to.append(name::index_pk[at], record::value::of(partition));
  to.append(name::index_sk[at], record::value::of(sort_key));
}

bool is_table_name(std::string_view attribute) {
  return attribute == name::entity_type || attribute == name::card || attribute == name::write_id ||
         attribute.starts_with("GSI");
}

std::optional<std::int64_t> expiry_seconds(record::item_view item) {
  const record::value ttl = item.find(name::ttl);
  if (ttl.kind != value_kind::number) return std::nullopt;
  return scaled(ttl.number, 0);
}

std::size_t counted_bytes(key_view key, record::item_view item) {
  return key.pk.size() + key.sk.size() + item.bytes().size() + item_added_bytes;
}

result<void> validate(const std::vector<operation>& operations) {
  return valid_unless(violation_of_operations(operations));
}

result<void> validate(const query& what) { return valid_unless(violation_of_query(what)); }
result<void> validate(const partition_query& what) { return valid_unless(violation_of_partition_query(what)); }

result<void> validate(const std::vector<key>& batch) { return valid_unless(violation_of_batch(batch)); }

result<void> validate(key_view key) { return valid_unless(violation_of_key(key)); }

bool holds(const std::vector<condition>& conditions, const record::item_view* found) {
  return std::ranges::all_of(conditions, [&](const condition& each) {
    if (std::holds_alternative<absent>(each)) return found == nullptr;
    if (std::holds_alternative<exists>(each)) return found != nullptr;
    if (const auto* wanted = std::get_if<equals>(&each)) return found != nullptr && holds_equals(*wanted, *found);
    return holds_below(std::get<below>(each), found);
  });
}

}  // namespace spaces::table
