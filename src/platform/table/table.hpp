/// The single table: the only way in which the marketplace keeps anything. What stands here is what
/// DynamoDB can do; the embedded engine (table/lmdb) does the same, and one contract suite
/// (table/contract_test.hpp) holds both to it.
///
/// An item is a set of named values (record/item.hpp). These names mean something to the table:
///   PK, SK                 text; the key, given beside the item and not inside it
///   GSI1PK, GSI1SK … GSI5  text; an item is in an index when it has both
///   Card                   bytes; the summary that index rows carry
///   TTL                    number; seconds since 1970 from which the item counts as absent
///   WriteId                text; the write that put the item, set by the table
#pragma once

#include "platform/base/error.hpp"
#include "platform/base/function_ref.hpp"
#include "platform/record/item.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace spaces::table {

/// Sizes that both engines keep. LMDB holds at most 511 bytes in a key, and an index entry holds two
/// partition keys, two sort keys and their separators: 2 * (128 + 96) + 4 = 452. Keys, those of the
/// indexes and bounds of queries too, are UTF-8 of at least one byte and hold no NUL, which separates
/// them; other texts may.
inline constexpr std::size_t partition_key_bytes_max = 128;
inline constexpr std::size_t sort_key_bytes_max = 96;
/// DynamoDB's limit for one item, names and values together (400 KB), as `counted_bytes` counts.
inline constexpr std::size_t item_bytes_max = 400 * 1024;
/// Counted for what the table adds to an item: the names of the key and the id of the write.
inline constexpr std::size_t item_added_bytes = 64;
/// DynamoDB's limits for one TransactWriteItems.
inline constexpr std::size_t operations_max = 100;
inline constexpr std::size_t transaction_bytes_max = 4 * 1024 * 1024;
/// DynamoDB's limit for one BatchGetItem.
inline constexpr std::size_t batch_keys_max = 100;
/// One query visits at most this many rows; a longer walk goes on from its last row.
inline constexpr std::size_t query_rows_max = 1000;

namespace name {
inline constexpr std::string_view pk = "PK";
inline constexpr std::string_view sk = "SK";
inline constexpr std::string_view card = "Card";
inline constexpr std::string_view ttl = "TTL";
inline constexpr std::string_view write_id = "WriteId";
inline constexpr std::string_view entity_type = "EntityType";
inline constexpr std::string_view created_at = "CreatedAt";
inline constexpr std::string_view updated_at = "UpdatedAt";
inline constexpr std::string_view index_pk[] = {"GSI1PK", "GSI2PK", "GSI3PK", "GSI4PK", "GSI5PK"};
inline constexpr std::string_view index_sk[] = {"GSI1SK", "GSI2SK", "GSI3SK", "GSI4SK", "GSI5SK"};
}  // namespace name

struct key {
  std::string pk;
  std::string sk;
  friend auto operator<=>(const key&, const key&) = default;
};

struct key_view {
  std::string_view pk;
  std::string_view sk;
  key_view(std::string_view p, std::string_view s) : pk(p), sk(s) {}
  key_view(const key& k) : pk(k.pk), sk(k.sk) {}  // NOLINT(google-explicit-constructor)
  friend auto operator<=>(const key_view&, const key_view&) = default;
};

struct keyed_item {
  table::key key;
  record::item item;
};

/// `strong` sees every write answered before the call; `eventual` may be a moment behind (and costs
/// half on DynamoDB). The embedded engine is always strong.
enum class consistency { eventual, strong };

enum class index : std::uint8_t { gsi1 = 1, gsi2, gsi3, gsi4, gsi5 };
enum class direction { forward, backward };

/// Where a walk over an index stopped: the row's own keys. Exclusive.
struct position {
  std::string sort_key;
  table::key key;
  friend bool operator==(const position&, const position&) = default;
};

/// One partition of one index, in the byte order of its sort keys (rows of equal sort keys in an
/// order that is the same at each call). `from` and `to` are inclusive bounds of the sort key; none
/// lies between bounds that cross.
struct query {
  table::index index = index::gsi1;
  std::string partition = {};
  std::optional<std::string> from = {};
  std::optional<std::string> to = {};
  table::direction direction = direction::forward;
  std::size_t limit = query_rows_max;  ///< rows to visit at most; 1 to query_rows_max
  std::optional<position> after = {};  ///< start behind this row; it need not exist any more, nor lie
                                       ///< between the bounds
};

/// Items of one partition of the table itself, in the byte order of their sort keys: for few and small ones that are
/// looked for in that order alone, and need no row in an index.
struct partition_query {
  std::string partition;
  std::optional<std::string> to = {};     ///< inclusive bound of the sort key
  std::size_t limit = query_rows_max;     ///< items to visit at most; 1 to query_rows_max
  std::optional<std::string> after = {};  ///< start behind this sort key; the item need not exist any more
};

/// A row of an index: views that live as long as the visitor's call.
struct row {
  std::string_view sort_key;
  key_view key;
  std::string_view card;
};

/// True to go on, false to stop behind this row.
using row_visitor = function_ref<bool(const row&)>;
using item_visitor = function_ref<bool(key_view, record::item_view)>;

// ---- Writing. An expired item counts as absent in every condition.

struct absent {};
struct exists {};
/// The attribute is there and equals `value`.
struct equals {
  std::string attribute;
  std::variant<decimal, std::string, bool> value;
};
/// The attribute, a number, is below `bound`; a missing attribute or item counts as 0.
struct below {
  std::string attribute;
  decimal bound;
};
using condition = std::variant<absent, exists, equals, below>;

/// Puts the whole item in place of what is there.
struct put {
  table::key key;
  record::item item;
  std::vector<condition> conditions;
};
/// Removes the item; removing what is absent succeeds unless a condition says otherwise.
struct remove {
  table::key key;
  std::vector<condition> conditions;
};
/// Adds to a number, which starts at 0, of an item, which is made when it is absent or expired.
/// `otherwise` are attributes set only when the item is made so (its TTL, say).
struct add {
  table::key key;
  std::string attribute;
  std::int64_t amount = 0;
  std::vector<condition> conditions;
  record::item otherwise;
};
/// Only the conditions.
struct check {
  table::key key;
  std::vector<condition> conditions;
};
using operation = std::variant<put, remove, add, check>;

/// A condition did not hold, and nothing was written.
struct condition_failure {
  std::size_t operation = 0;          ///< the first of the transaction whose conditions failed
  std::optional<record::item> found;  ///< the item that was there, where there was one
};
/// Empty: all was written and is durable.
using outcome = std::optional<condition_failure>;

class single_table {
 public:
  single_table() = default;
  single_table(const single_table&) = delete;
  single_table& operator=(const single_table&) = delete;
  virtual ~single_table() = default;

  /// Calls `visit` with the item and returns true, or returns false when there is none. The view
  /// lives as long as the call.
  virtual result<bool> read(key_view key, consistency wanted, function_ref<void(record::item_view)> visit) = 0;

  /// The items of up to `batch_keys_max` distinct keys, in the keys' order, empty where there is none.
  /// No keys give no items.
  virtual result<std::vector<std::optional<record::item>>> read_batch(const std::vector<key>& keys,
                                                                      consistency wanted) = 0;

  /// Visits rows in order. True when rows may be left behind the last one visited.
  virtual result<bool> visit_index(const query& what, row_visitor visit) = 0;

  /// Visits items in order, as they were a moment ago (`consistency::eventual`). True when items may be left behind the
  /// last one visited. Damaged items are passed over, and are an error at the end.
  virtual result<bool> visit_partition(const partition_query& what, item_visitor visit) = 0;

  /// All operations or none, durable before it returns. 1 to `operations_max` operations on distinct
  /// keys. Errors: `invalid` arguments and sizes are `internal` (a bug here), a full disk is
  /// `storage_full`, anything that may pass is `unavailable`.
  virtual result<outcome> write(std::vector<operation> operations) = 0;

  /// So many operations that do not belong together are best written together: where the commit is what costs,
  /// many; where each is charged for, and in a transaction twice, one.
  virtual std::size_t operations_together() const { return operations_max; }

  /// Every live item, the store's own (table/store_meta.hpp) too, from behind `after`: for operators'
  /// commands only, no request walks. The order is the engine's own and always the same (of the
  /// embedded one: by key); from there `after` goes on. Index rows are not visited.
  virtual result<void> walk(const std::optional<key>& after, item_visitor visit) = 0;

  /// Changes with every write by anyone, this process or another; equal versions mean that nothing
  /// changed. Costs nothing (no lock, no system call). Empty where the engine cannot know (DynamoDB).
  virtual std::optional<std::uint64_t> table_version() = 0;

  /// True where reads never wait for a disk or network that is not the machine's own memory map:
  /// they may then run on an event loop.
  virtual bool reads_inline() const = 0;

  /// The engine's name for people: "lmdb", "dynamodb".
  virtual std::string_view engine() const = 0;

  /// Answers when the store does: what /health asks.
  virtual result<void> ping() = 0;

  /// The item, copied.
  result<std::optional<record::item>> get(key_view key, consistency wanted);
};

/// Puts the item into an index.
void append_index(record::item& to, index which, std::string_view partition, std::string_view sort_key);

/// Whether an attribute of this name, read from the table, is the table's own or made anew with each write:
/// what an entity does not keep as an attribute that it does not know.
bool is_table_name(std::string_view attribute);

/// The time an item counts as absent from, in its TTL attribute; empty when it has none.
std::optional<std::int64_t> expiry_seconds(record::item_view item);

/// What an item counts for `item_bytes_max` and `transaction_bytes_max`: its encoding, its key and
/// `item_added_bytes`. Never less than DynamoDB counts.
std::size_t counted_bytes(key_view key, record::item_view item);

/// `internal`, with what is wrong, for a transaction that no engine takes (sizes, counts, keys used twice). Both
/// engines call it first, so that they refuse the same.
result<void> validate(const std::vector<operation>& operations);

/// The same for an index query, for one of a partition, for a batch and for one key.
result<void> validate(const query& what);
result<void> validate(const partition_query& what);
result<void> validate(const std::vector<key>& batch);
result<void> validate(key_view key);

/// True when every condition holds for `found` (null: absent). Shared by engines that evaluate
/// conditions themselves; the embedded one hands in only live items.
bool holds(const std::vector<condition>& conditions, const record::item_view* found);

}  // namespace spaces::table
