/// The bodies of requests to DynamoDB.
#pragma once

#include "platform/table/table.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::table::dynamodb {

/// How an `add` is requested. One expression cannot say "make it of these attributes, or add and leave the
/// rest": so it is tried as it nearly always is, and where that is refused, as the item found demands.
enum class add_shape : std::uint8_t {
  either,  ///< not there, or live with every attribute of `otherwise`
  onto,    ///< live
  anew,    ///< absent or expired: a put
};

/// What one write's operations have in common.
struct write_frame {
  std::string_view table;
  std::int64_t now_seconds = 0;
  std::string_view write_id;
};

/// "PutItem", "DeleteItem", "UpdateItem"; a check is none by itself ("ConditionCheck").
std::string_view name_of(const operation& one, add_shape shape);

/// One operation, for a request of its own.
std::string write_body(const operation& one, add_shape shape, const write_frame& frame);

/// TransactWriteItems; `token` makes a repetition harmless for ten minutes. `shapes` has one for each operation.
std::string transaction_body(const std::vector<operation>& operations, std::span<const add_shape> shapes,
                             const write_frame& frame, std::string_view token);

std::string get_body(std::string_view table, key_view key, consistency wanted);

/// BatchGetItem's RequestItems for these keys.
std::string batch_items(std::string_view table, const std::vector<key>& keys, consistency wanted);
/// Around RequestItems: the first ones, or the UnprocessedKeys of an answer as they stand.
std::string batch_body(std::string_view items);

/// A query over an index or a partition of the table, except where it starts and how far it goes. The bounds must not
/// cross.
class query_body {
 public:
  query_body(std::string_view table, const query& what);
  query_body(std::string_view table, const partition_query& what);
  /// `start` is an ExclusiveStartKey object or empty.
  std::string page(std::string_view start, std::size_t rows_max) const;

 private:
  std::string body_;
};
/// The ExclusiveStartKey of a position in an index.
std::string start_of(const query& what);

/// A Scan's page; `start` as above.
std::string scan_body(std::string_view table, std::string_view start);
std::string start_of(key_view key);

std::string describe_body(std::string_view table);

}  // namespace spaces::table::dynamodb
