#include "platform/table/lmdb/lmdb_table.hpp"

#include "platform/table/lmdb/layout.hpp"
#include "platform/table/lmdb/parts.hpp"
#include "platform/table/store_meta.hpp"

#include <utility>

namespace spaces::table {

using lmdb::as_val;
using lmdb::as_view;
using lmdb::snapshot;
using lmdb::tree_key;

lmdb_table::lmdb_table(std::unique_ptr<parts> opened) : parts_(std::move(opened)) {}

lmdb_table::~lmdb_table() = default;

result<std::unique_ptr<lmdb_table>> open_lmdb(const lmdb_options& options, const clock& time) {
  auto opened = std::make_unique<lmdb_table::parts>(options, time);
  if (result<void> done = opened->env.open(time.now()); !done) return done.error();
  if (!options.read_only) opened->writer.emplace(opened->env, opened->readers, time);
  return std::unique_ptr<lmdb_table>(new lmdb_table(std::move(opened)));
}

namespace {

/// The live item of this key in a snapshot: `missing` when there is none, or the code of what failed.
struct looked_up {
  int code = MDB_SUCCESS;
  bool damaged = false;
  std::optional<lmdb::record_view> record;
};

looked_up look_up(const snapshot& view, std::string_view at) {
  looked_up found;
  std::string_view value;
  found.code = view.get(at, value);
  if (found.code == MDB_NOTFOUND) {
    found.code = MDB_SUCCESS;
    return found;
  }
  if (found.code != MDB_SUCCESS) return found;
  found.record = lmdb::open_record(at, value);
  found.damaged = !found.record;
  return found;
}

}  // namespace

result<bool> lmdb_table::read(key_view key, consistency, function_ref<void(record::item_view)> visit) try {
  if (const auto valid = validate(key); !valid) return valid.error();
  tree_key at;
  lmdb::make_item_key(at, key);
  const snapshot view(parts_->readers);
  if (!view) return view.failure();
  const looked_up found = look_up(view, at.view());
  if (found.code != MDB_SUCCESS) return lmdb::failure_of(found.code, "reading an item");
  if (found.damaged) return lmdb::damaged(at.view());
  if (!found.record || !parts_->live(*found.record)) return false;
  visit(record::item_view(found.record->content));
  return true;
} catch (const lmdb::damaged_page& page) {
  return internal(page.what());
}

result<std::vector<std::optional<record::item>>> lmdb_table::read_batch(const std::vector<key>& keys, consistency) try {
  if (const auto valid = validate(keys); !valid) return valid.error();
  std::vector<std::optional<record::item>> items(keys.size());
  const snapshot view(parts_->readers);
  if (!view) return view.failure();
  tree_key at;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    lmdb::make_item_key(at, keys[i]);
    const looked_up found = look_up(view, at.view());
    if (found.code != MDB_SUCCESS) return lmdb::failure_of(found.code, "reading items");
    if (found.damaged) return lmdb::damaged(at.view());
    if (found.record && parts_->live(*found.record)) items[i].emplace(record::item_view(found.record->content));
  }
  return items;
} catch (const lmdb::damaged_page& page) {
  return internal(page.what());
}

namespace {

/// A walk over the rows of a query, in either direction.
class row_walk {
 public:
  row_walk(const snapshot& view, const query& what)
      : cursor_(view.cursor()), forward_(what.direction == direction::forward) {
    const auto prefix = static_cast<char>(lmdb::row_prefix + static_cast<char>(what.index));
    for (tree_key* each : {&low_, &high_}) {
      each->push(prefix);
      each->push(what.partition);
    }
    // Behind a partition or sort key comes NUL: the same with 1 lies behind all its rows, and before
    // those of any longer one, because keys hold no NUL.
    low_.push('\0');
    if (what.from) low_.push(*what.from);
    if (what.to) {
      high_.push('\0');
      high_.push(*what.to);
    }
    high_.push('\1');
    if (what.after) {
      lmdb::make_row_key(after_, static_cast<std::size_t>(what.index), what.partition, what.after->sort_key,
                         what.after->key);
    }
    has_prefix_bytes_ = 1 + what.partition.size() + 1;
  }

  /// MDB_NOTFOUND behind the last one. `key` and `value` live as long as the snapshot.
  int next(std::string_view& key, std::string_view& value) {
    MDB_val at{};
    MDB_val found{};
    const int code = started_ ? mdb_cursor_get(cursor_, &at, &found, forward_ ? MDB_NEXT : MDB_PREV) : start(at, found);
    started_ = true;
    if (code != MDB_SUCCESS) return code;
    key = as_view(at);
    value = as_view(found);
    return within(key) ? MDB_SUCCESS : MDB_NOTFOUND;
  }

  /// The sort key and key inside a row's tree key.
  bool parse(std::string_view key, row& out) const {
    const std::string_view rest = key.substr(has_prefix_bytes_);
    const std::size_t sort_end = rest.find('\0');
    if (sort_end == std::string_view::npos) return false;
    const std::size_t pk_end = rest.find('\0', sort_end + 1);
    if (pk_end == std::string_view::npos) return false;
    out.sort_key = rest.substr(0, sort_end);
    out.key = key_view(rest.substr(sort_end + 1, pk_end - sort_end - 1), rest.substr(pk_end + 1));
    return true;
  }

 private:
  bool within(std::string_view key) const { return forward_ ? key < high_.view() : key >= low_.view(); }

  int start(MDB_val& at, MDB_val& found) {
    const bool has_after = !after_.view().empty();
    if (forward_) {
      const bool skip = has_after && after_.view() >= low_.view();
      const std::string_view from = skip ? after_.view() : low_.view();
      at = as_val(from);
      int code = mdb_cursor_get(cursor_, &at, &found, MDB_SET_RANGE);
      if (code == MDB_SUCCESS && skip && as_view(at) == from) code = mdb_cursor_get(cursor_, &at, &found, MDB_NEXT);
      return code;
    }
    at = as_val(has_after && after_.view() < high_.view() ? after_.view() : high_.view());
    const int code = mdb_cursor_get(cursor_, &at, &found, MDB_SET_RANGE);
    if (code == MDB_NOTFOUND) return mdb_cursor_get(cursor_, &at, &found, MDB_LAST);
    if (code != MDB_SUCCESS) return code;
    return mdb_cursor_get(cursor_, &at, &found, MDB_PREV);  // what was found lies at or behind the end
  }

  MDB_cursor* cursor_;
  bool forward_;
  bool started_ = false;
  tree_key low_;    ///< inclusive
  tree_key high_;   ///< exclusive
  tree_key after_;  ///< empty when there is none
  std::size_t has_prefix_bytes_ = 0;
};

}  // namespace

result<bool> lmdb_table::visit_index(const query& what, row_visitor visit) try {
  if (const auto valid = validate(what); !valid) return valid.error();
  const snapshot view(parts_->readers);
  if (!view) return view.failure();
  row_walk walk(view, what);
  std::size_t visited = 0;
  bool stopped = false;
  std::string_view at;
  std::string_view value;
  while (true) {
    const int code = walk.next(at, value);
    if (code == MDB_NOTFOUND) return false;
    if (code != MDB_SUCCESS) return lmdb::failure_of(code, "reading an index");
    const auto record = lmdb::open_record(at, value);
    row found{{}, {{}, {}}, {}};
    if (!record || !walk.parse(at, found)) return lmdb::damaged(at);
    if (!parts_->live(*record)) continue;
    if (stopped || visited == what.limit) return true;  // this one is left behind
    found.card = record->content;
    stopped = !visit(found);
    ++visited;
  }
} catch (const lmdb::damaged_page& page) {
  return internal(page.what());
}

result<bool> lmdb_table::visit_partition(const partition_query& what, item_visitor visit) try {
  if (const auto valid = validate(what); !valid) return valid.error();
  const snapshot view(parts_->readers);
  if (!view) return view.failure();
  // Behind a partition or sort key comes NUL or the end: the same with 1 lies behind it, and before any longer one
  // that could be meant.
  tree_key low, high;
  for (tree_key* each : {&low, &high}) {
    each->push(lmdb::item_prefix);
    each->push(what.partition);
  }
  low.push('\0');
  if (what.after) low.push(*what.after);
  if (what.to) {
    high.push('\0');
    high.push(*what.to);
  } else {
    high.push('\1');
  }
  const auto within = [&](std::string_view at) { return what.to ? at <= high.view() : at < high.view(); };
  MDB_val at = as_val(low.view());
  MDB_val value{};
  int code = mdb_cursor_get(view.cursor(), &at, &value, MDB_SET_RANGE);
  if (code == MDB_SUCCESS && what.after && as_view(at) == low.view())
    code = mdb_cursor_get(view.cursor(), &at, &value, MDB_NEXT);
  std::size_t visited = 0;
  bool stopped = false;
  std::optional<error> damage;
  for (; code == MDB_SUCCESS && within(as_view(at)); code = mdb_cursor_get(view.cursor(), &at, &value, MDB_NEXT)) {
    const auto key = lmdb::parse_item_key(as_view(at));
    const auto record = lmdb::open_record(as_view(at), as_view(value));
    if ((!key || !record) && !damage) damage = lmdb::damaged(as_view(at));
    if (!key || !record || !parts_->live(*record)) continue;
    if (stopped || visited == what.limit) return true;  // this one is left behind
    stopped = !visit(*key, record::item_view(record->content));
    ++visited;
  }
  if (code != MDB_SUCCESS && code != MDB_NOTFOUND) return lmdb::failure_of(code, "reading a partition");
  if (damage) return *damage;
  return false;
} catch (const lmdb::damaged_page& page) {
  return internal(page.what());
}

result<outcome> lmdb_table::write(std::vector<operation> operations) {
  if (const auto valid = validate(operations); !valid) return valid.error();
  if (!parts_->writer) return unavailable("the store is open for reading only");
  return parts_->writer->write(std::move(operations));
}

result<void> lmdb_table::walk(const std::optional<key>& after, item_visitor visit) try {
  if (after) {
    if (const auto valid = validate(key_view(*after)); !valid) return valid.error();
  }
  const snapshot view(parts_->readers);
  if (!view) return view.failure();
  tree_key start;
  start.push(lmdb::item_prefix);
  if (after) lmdb::make_item_key(start, *after);
  MDB_val at = as_val(start.view());
  MDB_val value{};
  std::uint64_t damaged_items = 0;
  std::string first_damaged;
  int code = mdb_cursor_get(view.cursor(), &at, &value, MDB_SET_RANGE);
  if (code == MDB_SUCCESS && after && as_view(at) == start.view())
    code = mdb_cursor_get(view.cursor(), &at, &value, MDB_NEXT);
  for (; code == MDB_SUCCESS; code = mdb_cursor_get(view.cursor(), &at, &value, MDB_NEXT)) {
    const std::string_view place = as_view(at);
    if (place.empty() || place.front() != lmdb::item_prefix) break;
    if (parts_->readers.wanted_back()) return unavailable("the store is being reopened; the walk was cut short");
    const auto key = lmdb::parse_item_key(place);
    const auto record = lmdb::open_record(place, as_view(value));
    if (!key || !record) {
      if (damaged_items++ == 0) first_damaged = lmdb::readable(place);
      continue;
    }
    if (!parts_->live(*record)) continue;
    if (!visit(*key, record::item_view(record->content))) break;
  }
  if (code != MDB_SUCCESS && code != MDB_NOTFOUND) return lmdb::failure_of(code, "walking the store");
  if (damaged_items > 0)
    return internal(std::to_string(damaged_items) + " damaged items were passed over, the first: " + first_damaged);
  return {};
} catch (const lmdb::damaged_page& page) {
  return internal(page.what());
}

std::optional<std::uint64_t> lmdb_table::table_version() {
  // By a snapshot and not by mdb_env_info: the root in the map is replaced a moment before readers are
  // sent to it, so that its id could be ahead of what a read right after would see.
  const snapshot view(parts_->readers);
  if (!view) return std::nullopt;
  return mdb_txn_id(view.txn());
}

result<void> lmdb_table::ping() {
  const result<bool> found = read({store_meta::pk, store_meta::sk}, consistency::strong, [](record::item_view) {});
  if (!found) return found.error();
  if (!*found) return internal("the store has lost its META / STORE");
  return {};
}

write_counts lmdb_table::counts() const { return parts_->writer ? parts_->writer->counts() : write_counts{}; }

}  // namespace spaces::table
