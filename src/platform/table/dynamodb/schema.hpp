/// The shape of the DynamoDB table, as data: its key, its five indexes and what they carry, which
/// attribute expires. What makes a table, checks one, and reads and writes one goes by this.
///
/// Index rows carry the card and, of what expires, the TTL: DynamoDB removes expired items within days,
/// so that a reader has to tell. An item without a TTL pays nothing for that.
#pragma once

#include "platform/record/json.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::table::dynamodb {

struct index_shape {
  std::string_view name;       ///< of the index: "GSI1"
  std::string_view partition;  ///< its HASH attribute
  std::string_view sort;       ///< its RANGE attribute
};

/// The table's own HASH and RANGE attributes are `name::pk` and `name::sk`. All keys are texts ("S").
inline constexpr index_shape index_shapes[] = {
    {"GSI1", name::index_pk[0], name::index_sk[0]}, {"GSI2", name::index_pk[1], name::index_sk[1]},
    {"GSI3", name::index_pk[2], name::index_sk[2]}, {"GSI4", name::index_pk[3], name::index_sk[3]},
    {"GSI5", name::index_pk[4], name::index_sk[4]},
};

constexpr const index_shape& shape_of(index which) { return index_shapes[static_cast<std::size_t>(which) - 1]; }

/// What an index row holds besides keys (projection INCLUDE).
inline constexpr std::string_view projected_attributes[] = {name::card, name::ttl};

/// The attribute of the table's TimeToLiveSpecification.
inline constexpr std::string_view expiring_attribute = name::ttl;

/// Capacity units a second, for a table and each of its indexes.
struct throughput {
  std::uint64_t read_units = 0;
  std::uint64_t write_units = 0;
};

/// Appends the members of a CreateTable request that make the shape, without braces: AttributeDefinitions,
/// KeySchema, GlobalSecondaryIndexes and BillingMode, with ProvisionedThroughput where it is given;
/// on demand otherwise.
void append_shape(std::string& out, const std::optional<throughput>& provisioned = std::nullopt);

/// How a table differs, by the `Table` member of what describes it.
std::vector<std::string> flaws_of(const record::json_value& table);

/// What DescribeTable tells of a table.
struct description {
  std::string status;              ///< "ACTIVE", "CREATING", …
  std::vector<std::string> flaws;  ///< sentences: how its shape differs; empty when it is ours
};

/// Reads a DescribeTable answer. Empty when it is none. An index that carries more than it must is no
/// flaw; one that is missing, is not active yet, or carries less is.
std::optional<description> read_description(std::string_view answer);

}  // namespace spaces::table::dynamodb
