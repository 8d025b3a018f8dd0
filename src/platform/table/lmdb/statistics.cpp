#include "platform/table/lmdb/layout.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"
#include "platform/table/lmdb/parts.hpp"

#include <sys/stat.h>

#include <cstring>

namespace spaces::table {

namespace {

constexpr MDB_dbi free_pages_tree = 0;

void count_item(store_statistics& out, std::string_view place, std::string_view value, std::int64_t now_seconds) {
  const auto record = lmdb::open_record(place, value);
  if (!record) {
    ++out.damaged_items;
    return;
  }
  const record::value type = record::item_view(record->content).find(name::entity_type);
  store_statistics::kind& kind = out.by_entity_type[std::string(type.text)];
  ++kind.items;
  kind.bytes += record->content.size();
  if (!record->live(now_seconds)) ++out.expired_items;
}

int count_records(MDB_cursor* cursor, store_statistics& out, std::int64_t now_seconds) {
  MDB_val at{};
  MDB_val value{};
  int code = mdb_cursor_get(cursor, &at, &value, MDB_FIRST);
  for (; code == MDB_SUCCESS; code = mdb_cursor_get(cursor, &at, &value, MDB_NEXT)) {
    const std::string_view place = lmdb::as_view(at);
    if (place.front() == lmdb::item_prefix) {
      count_item(out, place, lmdb::as_view(value), now_seconds);
    } else if (place.front() == lmdb::expiry_prefix) {
      ++out.expiry_marks;
    } else if (const auto row = lmdb::parse_row_key(place)) {
      ++out.index_rows[row->number - 1];
      out.index_row_bytes[row->number - 1] += at.mv_size + value.mv_size;
    }
  }
  return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}

/// Each entry of LMDB's list of free pages begins with their number.
int count_free_pages(MDB_txn* txn, store_statistics& out) {
  MDB_cursor* cursor = nullptr;
  int code = mdb_cursor_open(txn, free_pages_tree, &cursor);
  if (code != MDB_SUCCESS) return code;
  MDB_val at{};
  MDB_val value{};
  for (code = mdb_cursor_get(cursor, &at, &value, MDB_FIRST); code == MDB_SUCCESS;
       code = mdb_cursor_get(cursor, &at, &value, MDB_NEXT)) {
    std::size_t pages = 0;
    if (value.mv_size >= sizeof pages) std::memcpy(&pages, value.mv_data, sizeof pages);
    out.free_pages += pages;
  }
  mdb_cursor_close(cursor);
  return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}

/// LMDB lists readers as lines of text: a heading, then "pid thread txnid" with "-" for none.
int count_reader(const char* line, void* context) {
  const std::string_view text(line);
  auto* const out = static_cast<store_statistics*>(context);
  const std::size_t last = text.find_last_not_of(" \n");
  const bool digits_last = last != std::string_view::npos && text[last] >= '0' && text[last] <= '9';
  if (digits_last) ++out->readers;
  return 0;
}

}  // namespace

result<store_statistics> lmdb_table::statistics() try {
  store_statistics out;
  const lmdb::snapshot view(parts_->readers);
  if (!view) return view.failure();
  MDB_env* const env = parts_->env.get();
  MDB_envinfo info{};
  MDB_stat stat{};
  int code = mdb_env_info(env, &info);
  if (code == MDB_SUCCESS) code = mdb_stat(view.txn(), lmdb::tree, &stat);
  if (code == MDB_SUCCESS) code = count_records(view.cursor(), out, parts_->now_seconds());
  if (code == MDB_SUCCESS) code = count_free_pages(view.txn(), out);
  if (code != MDB_SUCCESS) return lmdb::failure_of(code, "counting the store");
  mdb_reader_list(env, count_reader, &out);
  struct stat file{};
  if (::stat(parts_->env.file().c_str(), &file) == 0) {
    out.file_bytes = static_cast<std::uint64_t>(file.st_size);
    out.disk_bytes = static_cast<std::uint64_t>(file.st_blocks) * 512;  // st_blocks: always of 512 bytes
  }
  out.page_bytes = stat.ms_psize;
  out.pages = info.me_last_pgno + 1;
  out.tree_depth = stat.ms_depth;
  out.readers_max = info.me_maxreaders;
  out.last_transaction = mdb_txn_id(view.txn());
  out.map_bytes = info.me_mapsize;
  return out;
} catch (const lmdb::damaged_page& page) {
  return internal(page.what());
}

}  // namespace spaces::table
