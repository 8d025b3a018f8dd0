/// How the embedded engine lays items, index rows and expiry marks out in its one B+tree.
///
///   item    0x10 PK 00 SK                                     → header, item bytes
///   row     0x20+n partition 00 sort key 00 PK 00 SK          → header, card
///   expiry  0x30 seconds (8 bytes, big-endian) PK 00 SK       → empty
///
/// One tree and not one for each kind: a commit then writes one root. Keys hold no NUL (table.hpp),
/// so byte order of these keys is the order of their parts. The header is 16 bytes in the machine's
/// order: XXH3_64 over all that follows it in the value and over the key, then the expiry.
#pragma once

#include "platform/table/table.hpp"

#include <lmdb.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::table::lmdb {

inline constexpr char item_prefix = 0x10;
inline constexpr char row_prefix = 0x20;  ///< plus the index's number, 1 to 5
inline constexpr char expiry_prefix = 0x30;
inline constexpr std::size_t indexes = std::size(name::index_pk);

/// The expiry of what does not expire.
inline constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

inline constexpr std::size_t header_bytes = 16;
inline constexpr std::size_t item_key_bytes_max = 1 + partition_key_bytes_max + 1 + sort_key_bytes_max;
inline constexpr std::size_t row_key_bytes_max = 2 * item_key_bytes_max;
static_assert(row_key_bytes_max <= 511, "LMDB's limit of a key");

/// A key of the tree, built in place: no allocation.
class tree_key {
 public:
  void clear() { size_ = 0; }
  void push(char byte) { bytes_[size_++] = byte; }
  void push(std::string_view text) {
    if (text.empty()) return;  // its pointer may be null
    std::memcpy(bytes_ + size_, text.data(), text.size());
    size_ += text.size();
  }
  void push(key_view key) {
    push(key.pk);
    push('\0');
    push(key.sk);
  }
  std::string_view view() const { return {bytes_, size_}; }

 private:
  char bytes_[512];
  std::size_t size_ = 0;
};

void make_item_key(tree_key& out, key_view key);
/// `number` is 1 to 5.
void make_row_key(tree_key& out, std::size_t number, std::string_view partition, std::string_view sort_key,
                  key_view key);
void make_expiry_key(tree_key& out, std::int64_t seconds, key_view key);

/// The parts of keys of the tree; empty when they are not built as above.
std::optional<key_view> parse_item_key(std::string_view tree_key);
struct row_key_parts {
  std::size_t number = 0;
  std::string_view partition;
  std::string_view sort_key;
  std::string_view pk;
  std::string_view sk;
};
std::optional<row_key_parts> parse_row_key(std::string_view tree_key);
struct expiry_key_parts {
  std::int64_t seconds = 0;
  std::string_view pk;
  std::string_view sk;
};
std::optional<expiry_key_parts> parse_expiry_key(std::string_view tree_key);

/// A value whose checksum is right.
struct record_view {
  std::int64_t expires = never;
  std::string_view content;

  bool live(std::int64_t now_seconds) const { return now_seconds < expires; }
};

/// Empty when the value is damaged, or not the one of this key.
std::optional<record_view> open_record(std::string_view tree_key, std::string_view value);

/// Writes the header in front of the content that already stands behind it at `value`.
void seal_record(std::string_view tree_key, char* value, std::size_t size, std::int64_t expires);

/// The index an item is in, where it is: both of its attributes are texts.
struct membership {
  std::string_view partition;
  std::string_view sort_key;
  bool is_member() const { return !partition.empty() && !sort_key.empty(); }
};

/// What the engine needs to know of an item, gathered in one pass over its attributes.
struct item_outline {
  membership in[indexes];
  std::string_view card;
  std::int64_t expires = never;
};
item_outline outline_of(record::item_view item);

/// For logs and findings: "PK / SK", bytes that are no printable ASCII escaped.
std::string readable(key_view key);
std::string readable(std::string_view tree_key);

inline MDB_val as_val(std::string_view bytes) {
  return {bytes.size(), const_cast<char*>(bytes.data())};  // LMDB takes keys and values by pointer to non-const
}
inline std::string_view as_view(const MDB_val& val) { return {static_cast<const char*>(val.mv_data), val.mv_size}; }

}  // namespace spaces::table::lmdb
