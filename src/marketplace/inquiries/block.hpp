/// Whom a seller does not want to hear from: the inquiries of a blocked person are refused in the words of a
/// closed listing, so that nobody learns of the block.
#pragma once

#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/field.hpp"
#include "platform/record/read.hpp"
#include "platform/table/cursor.hpp"
#include "platform/table/idempotency.hpp"
#include "platform/table/table.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace spaces::inquiries {

struct block {
  uuid user_id;     ///< who is blocked
  uuid blocked_by;  ///< for whom
  instant created_at;

  static constexpr std::int64_t version = 1;  ///< a block does not change

  static record::field_span fields();
  static constexpr std::string_view name = "Block";
  static constexpr std::string_view create_name = "BlockCreate";
  static constexpr std::string_view card_name = "BlockCard";
};

/// USER#blockedBy / BLOCK#userId: there while it holds.
table::key block_key(const uuid& blocked_by, const uuid& user_id);

/// Whom one person blocks. A seller who is pestered blocks a few people a year; more than these are made up.
inline constexpr std::int64_t blocks_max = 1000;

/// USER#blockedBy / BLOCKS: how many there are.
table::key block_count_key(const uuid& blocked_by);

/// A person's blocks, newest first.
table::query block_rows_of(const uuid& blocked_by);

/// The keys of a person's blocks, newest first, at most `max`.
result<std::vector<table::key>> block_keys_of(table::single_table& table, const uuid& blocked_by, std::size_t max);

struct block_query {
  std::int64_t limit = 20;
  std::optional<std::string> cursor;

  static record::field_span fields();
};

struct block_page {
  std::vector<std::string> cards;
  std::optional<std::string> next_cursor;
};

class blocks {
 public:
  blocks(table::single_table& table, const clock& clock, std::string_view store_secret);

  /// Blocks a person from now on; once more is as it was. `invalid` for oneself and for an id that no account has,
  /// `conflict` for one more than `blocks_max`.
  result<block> add(const caller& who, const record::draft<block>& request,
                    const std::optional<table::idempotent_request>& idempotency);
  /// `not_found` where there is no block.
  result<void> remove(const caller& who, const uuid& user_id);
  /// The caller's, newest first.
  result<block_page> list(const caller& who, const block_query& query);

  /// Removes those of somebody who left. Repeatable; what an index does not show yet is for the next time.
  result<void> remove_all_of(const uuid& blocked_by);

 private:
  table::single_table& table_;
  const clock& clock_;
  table::cursor_seal seal_;
};

}  // namespace spaces::inquiries
