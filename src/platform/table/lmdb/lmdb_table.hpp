/// The embedded engine: the single table in one LMDB file, for one machine.
///
/// A writer thread takes the writes that wait and commits them together; each is durable before it
/// is answered. Readers look at a snapshot in the memory map and wait for nobody. Other processes may
/// read and write the same store at the same time. Each record carries a checksum over itself and its
/// key, and none that fails it is ever served: such a read is `internal` and its private text names the
/// key. Items past their TTL are never returned, and removed in the background.
///
/// In its folder: `table.lmdb` (everything) and `table.lmdb-lock` (who reads and writes now; may be
/// removed when nobody does). A process may open a store once at a time, and a child made by fork()
/// must not use its parent's: it opens the store itself.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/table/table.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace spaces::table {

/// Address space set aside for the file to grow into: costs page tables only where data is, and a
/// file of 256 GiB holds some 50 million listings. LMDB cannot grow it while others read.
inline constexpr std::size_t map_bytes_default = std::size_t{256} << 30;

struct lmdb_options {
  std::filesystem::path folder;  ///< made when it is not there (mode 0700), with all above it
  /// Nothing is made or changed; write() is refused. For operators' commands beside a server.
  bool read_only = false;
  /// Off: a write may be lost when the machine (not the process) fails. For benches and tests only.
  bool sync = true;
  std::size_t map_bytes = map_bytes_default;
  /// How often expired items are swept and readers that died are cleared.
  std::chrono::milliseconds housekeeping_interval{10'000};
  /// Sentences for the log, from any thread: less address space than asked for, a reopened store.
  std::function<void(std::string_view)> note;
};

/// Of this process, since the store was opened.
struct write_counts {
  std::uint64_t writes = 0;    ///< answered, refused ones too
  std::uint64_t commits = 0;   ///< groups made durable; sweeps not counted
  std::uint64_t swept = 0;     ///< expired items removed
  std::uint64_t reopened = 0;  ///< after LMDB gave up on a failed write of its root, or met a damaged page in a write
};

/// What is in a store, of one snapshot.
struct store_statistics {
  struct kind {
    std::uint64_t items = 0;
    std::uint64_t bytes = 0;  ///< of the encoded items
  };
  std::map<std::string, kind> by_entity_type;  ///< "" for items without one
  std::uint64_t expired_items = 0;             ///< of the above: no longer returned, not yet swept
  std::uint64_t damaged_items = 0;             ///< not in the above
  std::uint64_t index_rows[5] = {};            ///< GSI1 to GSI5
  std::uint64_t index_row_bytes[5] = {};       ///< keys and values
  std::uint64_t expiry_marks = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t disk_bytes = 0;  ///< what the file system keeps for it
  std::uint64_t page_bytes = 0;
  std::uint64_t pages = 0;       ///< in use and free
  std::uint64_t free_pages = 0;  ///< will be used again before the file grows
  std::uint64_t tree_depth = 0;
  std::uint64_t readers = 0;  ///< snapshots held at this moment, by all processes
  std::uint64_t readers_max = 0;
  std::uint64_t last_transaction = 0;
  std::uint64_t map_bytes = 0;
};

/// Bytes done and in all. Called from the calling thread, several times a second.
using copy_progress = std::function<void(std::uint64_t, std::uint64_t)>;

class lmdb_table final : public single_table {
 public:
  ~lmdb_table() override;

  result<bool> read(key_view key, consistency wanted, function_ref<void(record::item_view)> visit) override;
  result<std::vector<std::optional<record::item>>> read_batch(const std::vector<key>& keys,
                                                              consistency wanted) override;
  result<bool> visit_index(const query& what, row_visitor visit) override;
  result<bool> visit_partition(const partition_query& what, item_visitor visit) override;
  /// Waits for the disk: not for an event loop.
  result<outcome> write(std::vector<operation> operations) override;
  /// One snapshot from the first item to the last. While it lasts, pages freed since are not used
  /// again and the file may grow. Damaged items are passed over, and are an error at the end.
  result<void> walk(const std::optional<key>& after, item_visitor visit) override;
  /// The id of the last committed transaction of any process. What is read after the call is at least
  /// as new. An item that expires changes no version.
  std::optional<std::uint64_t> table_version() override;
  bool reads_inline() const override { return true; }
  std::string_view engine() const override { return "lmdb"; }
  result<void> ping() override;

  /// Copies the store as it is at this moment into `folder`, which must be empty or not exist, while
  /// everybody goes on reading and writing. Durable when it returns. On an error nothing stays.
  /// Writers wait for the moment in which the copy notes the root, not for the copy. `compact` leaves free pages out.
  result<void> backup(const std::filesystem::path& folder, const copy_progress& progress = {}, bool compact = false);

  /// Looks at every item and row once.
  result<store_statistics> statistics();

  write_counts counts() const;

 private:
  struct parts;
  explicit lmdb_table(std::unique_ptr<parts> opened);
  friend result<std::unique_ptr<lmdb_table>> open_lmdb(const lmdb_options& options, const clock& time);

  std::unique_ptr<parts> parts_;
};

/// Opens the store in the folder, and makes it where there is none. Refuses, with one sentence for the
/// operator in the error's public text: a network file system, a store of a newer format, a file that
/// is no store, a folder that cannot be written, a store that this process has open already. Ignores
/// SIGXFSZ from then on, so that a file at its size limit is an error and not the end.
result<std::unique_ptr<lmdb_table>> open_lmdb(const lmdb_options& options, const clock& time);

}  // namespace spaces::table
