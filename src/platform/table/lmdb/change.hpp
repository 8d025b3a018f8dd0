/// Writes of table.hpp inside an LMDB transaction: conditions first, then items with their index rows
/// and expiry marks.
#pragma once

#include "platform/table/lmdb/layout.hpp"
#include "platform/table/table.hpp"

#include <lmdb.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::table::lmdb {

/// Keeps its buffers between writes; for one thread.
class change {
 public:
  /// What became of one write. With a `code` the transaction is spoilt and must be aborted; with
  /// `failure` or `refused` nothing of this write was put, and the transaction is as before.
  struct applied {
    int code = MDB_SUCCESS;
    std::optional<error> failure;
    outcome refused;
  };

  /// Gives the operations' items `write_id`, and changes nothing else in them, so that a write
  /// may be applied again after the transaction failed.
  applied apply(MDB_txn* txn, std::vector<operation>& operations, std::int64_t now_seconds, std::string_view write_id);

  /// Removes up to `items_max` items that expired. `more`: that many were there.
  struct swept {
    int code = MDB_SUCCESS;
    std::size_t items = 0;
    bool more = false;
  };
  swept sweep(MDB_txn* txn, std::int64_t now_seconds, std::size_t items_max);

 private:
  struct found_item {
    int code = MDB_SUCCESS;  ///< MDB_NOTFOUND when there is none
    bool damaged = false;
    record_view record;
  };
  /// What an operation found, for what it changes: copied, because pages move with the first change, and to look
  /// again would cost a second way down the tree and a second checksum.
  struct examined {
    bool there = false;
    std::string content;
  };
  struct row_change {
    tree_key old_key;
    tree_key new_key;
    bool remove = false;
    bool put = false;
  };

  found_item find(MDB_txn* txn, key_view key);
  /// Checks one operation; true to go on. Makes the new item of an `add`.
  bool examine(MDB_txn* txn, std::size_t number, operation& one, std::int64_t now_seconds, applied& answer);
  static std::optional<error> add_up(const add& what, record::item& to);
  int perform(MDB_txn* txn, std::size_t number, operation& one, std::string_view write_id);
  int replace(MDB_txn* txn, key_view key, const examined& found, record::item_view item);
  /// Of an item that is there, with this content.
  int erase(MDB_txn* txn, key_view key, std::string_view content);
  /// Fills `rows_` with what has to change; the views of `before` are dead after the first change.
  void compare(key_view key, const item_outline& before, const item_outline& after);
  int change_rows(MDB_txn* txn, std::string_view card, std::int64_t expires);
  int move_expiry(MDB_txn* txn, key_view key, std::int64_t before, std::int64_t after);
  int put_record(MDB_txn* txn, std::string_view tree_key, std::string_view content, std::int64_t expires);

  tree_key item_key_;
  tree_key expiry_key_;
  std::array<row_change, indexes> rows_;
  std::vector<record::item> made_;  ///< by operation: the new items of adds
  std::vector<examined> before_;    ///< by operation; keeps the room of their bytes between writes
};

}  // namespace spaces::table::lmdb
