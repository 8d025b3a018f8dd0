/// What DynamoDB answers, read.
#pragma once

#include "platform/table/dynamodb/attributes.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::table::dynamodb {

/// Capacity units come in halves.
struct capacity {
  std::uint64_t half_units = 0;
};

/// Reads a ConsumedCapacity: an object, or a list of them, one for each table.
capacity read_capacity(record::json_reader& in);

/// The ConsumedCapacity of an answer of which nothing else is wanted (a write's).
capacity capacity_of(std::string_view answer);

/// The item of a GetItem, or that was there when a condition failed, without its key.
std::optional<record::item> item_of(std::string_view answer);

/// Why one operation of a transaction was in the way; "None" where it was not.
struct cancellation_reason {
  std::string code;
  std::string text;
  std::optional<record::item> found;
};
/// In the operations' order. Empty when the answer says nothing that can be understood.
std::vector<cancellation_reason> cancellation_reasons(std::string_view answer);

/// What a write is charged that a condition refused, of which its answer says nothing: a unit for each kB begun of the
/// item that was there, and one where none was; in a transaction each operation, twice. An item larger than the one
/// that was there would be charged by its own size.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html, conditional writes
capacity charge_of_failure(std::string_view answer);

}  // namespace spaces::table::dynamodb
