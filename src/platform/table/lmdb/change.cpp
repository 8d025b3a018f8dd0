#include "platform/table/lmdb/change.hpp"

#include "platform/table/lmdb/environment.hpp"

#include <cstring>
#include <type_traits>
#include <utility>

namespace spaces::table::lmdb {

namespace {

constexpr std::int64_t digits_limit = 1'000'000'000'000'000'000;  // decimal.hpp: 18 digits

/// number + amount; empty when the sum has more than 18 digits.
std::optional<decimal> sum(decimal number, std::int64_t amount) {
  __extension__ using wide = __int128;
  wide scaled_amount = amount;
  for (int i = 0; i < number.places; ++i) {
    scaled_amount *= 10;
    if (scaled_amount >= digits_limit * wide{10} || scaled_amount <= -digits_limit * wide{10}) return std::nullopt;
  }
  const wide total = scaled_amount + number.digits;
  if (total >= digits_limit || total <= -digits_limit) return std::nullopt;
  return make_decimal(static_cast<std::int64_t>(total), number.places);
}

int remove_key(MDB_txn* txn, std::string_view tree_key) {
  MDB_val at = as_val(tree_key);
  const int code = mdb_del(txn, tree, &at, nullptr);
  return code == MDB_NOTFOUND ? MDB_SUCCESS : code;  // already as it should be
}

}  // namespace

change::applied change::apply(MDB_txn* txn, std::vector<operation>& operations, std::int64_t now_seconds,
                              std::string_view write_id) {
  applied answer;
  made_.assign(operations.size(), {});
  if (before_.size() < operations.size()) before_.resize(operations.size());
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (!examine(txn, i, operations[i], now_seconds, answer)) return answer;
  }
  for (std::size_t i = 0; i < operations.size(); ++i) {
    answer.code = perform(txn, i, operations[i], write_id);
    if (answer.code != MDB_SUCCESS) return answer;
  }
  return answer;
}

change::found_item change::find(MDB_txn* txn, key_view key) {
  make_item_key(item_key_, key);
  MDB_val at = as_val(item_key_.view());
  MDB_val value{};
  found_item found;
  found.code = mdb_get(txn, tree, &at, &value);
  if (found.code != MDB_SUCCESS) return found;
  const auto record = open_record(item_key_.view(), as_view(value));
  found.damaged = !record;
  if (record) found.record = *record;
  return found;
}

bool change::examine(MDB_txn* txn, std::size_t number, operation& one, std::int64_t now_seconds, applied& answer) {
  return std::visit(
      [&](auto& what) {
        using type = std::remove_cvref_t<decltype(what)>;
        const found_item found = find(txn, what.key);
        if (found.code != MDB_SUCCESS && found.code != MDB_NOTFOUND) {
          answer.code = found.code;
          return false;
        }
        if (found.damaged) {  // to put over it would leave its index rows behind
          answer.failure = damaged(item_key_.view());
          return false;
        }
        const record::item_view item(found.record.content);
        const bool live = found.code == MDB_SUCCESS && found.record.live(now_seconds);
        if (!holds(what.conditions, live ? &item : nullptr)) {
          answer.refused.emplace();
          answer.refused->operation = number;
          if (live) answer.refused->found.emplace(item);
          return false;
        }
        if constexpr (!std::is_same_v<type, check>) {
          before_[number].there = found.code == MDB_SUCCESS;
          before_[number].content.assign(found.record.content);
        }
        if constexpr (std::is_same_v<type, add>) {
          made_[number] = live ? record::item(item) : what.otherwise;
          answer.failure = add_up(what, made_[number]);
          return !answer.failure;
        }
        return true;
      },
      one);
}

std::optional<error> change::add_up(const add& what, record::item& to) {
  const record::value before = to.find(what.attribute);
  if (before.kind != record::value_kind::none && before.kind != record::value_kind::number) {
    return internal(what.attribute + " of " + readable(key_view(what.key)) + " is no number to add to");
  }
  const std::optional<decimal> after = sum(before.number, what.amount);
  if (!after) return internal(what.attribute + " of " + readable(key_view(what.key)) + " would have too many digits");
  to.set(what.attribute, record::value::of(*after));
  if (counted_bytes(what.key, to.view()) > item_bytes_max)
    return internal(readable(key_view(what.key)) + " would be too large");
  return std::nullopt;
}

int change::perform(MDB_txn* txn, std::size_t number, operation& one, std::string_view write_id) {
  return std::visit(
      [&](auto& what) {
        using type = std::remove_cvref_t<decltype(what)>;
        if constexpr (std::is_same_v<type, put>) {
          what.item.set(name::write_id, record::value::of(write_id));
          return replace(txn, what.key, before_[number], what.item.view());
        }
        if constexpr (std::is_same_v<type, add>) {
          made_[number].set(name::write_id, record::value::of(write_id));
          return replace(txn, what.key, before_[number], made_[number].view());
        }
        if constexpr (std::is_same_v<type, remove>)
          if (before_[number].there) return erase(txn, what.key, before_[number].content);
        return MDB_SUCCESS;
      },
      one);
}

int change::replace(MDB_txn* txn, key_view key, const examined& found, record::item_view item) {
  const item_outline before = found.there ? outline_of(record::item_view(found.content)) : item_outline{};
  const item_outline after = outline_of(item);
  compare(key, before, after);
  int code = change_rows(txn, after.card, after.expires);
  if (code == MDB_SUCCESS) code = move_expiry(txn, key, before.expires, after.expires);
  make_item_key(item_key_, key);
  if (code == MDB_SUCCESS) code = put_record(txn, item_key_.view(), item.bytes(), after.expires);
  return code;
}

int change::erase(MDB_txn* txn, key_view key, std::string_view content) {
  const item_outline before = outline_of(record::item_view(content));
  compare(key, before, {});
  int code = change_rows(txn, {}, never);
  if (code == MDB_SUCCESS) code = move_expiry(txn, key, before.expires, never);
  make_item_key(item_key_, key);
  if (code == MDB_SUCCESS) code = remove_key(txn, item_key_.view());
  return code;
}

void change::compare(key_view key, const item_outline& before, const item_outline& after) {
  const bool same_content = before.card == after.card && before.expires == after.expires;
  for (std::size_t i = 0; i < indexes; ++i) {
    row_change& row = rows_[i];
    const membership& from = before.in[i];
    const membership& to = after.in[i];
    const bool stays =
        from.is_member() && to.is_member() && from.partition == to.partition && from.sort_key == to.sort_key;
    row.remove = from.is_member() && !stays;
    row.put = to.is_member() && !(stays && same_content);
    if (row.remove) make_row_key(row.old_key, i + 1, from.partition, from.sort_key, key);
    if (row.put) make_row_key(row.new_key, i + 1, to.partition, to.sort_key, key);
  }
}

int change::change_rows(MDB_txn* txn, std::string_view card, std::int64_t expires) {
  int code = MDB_SUCCESS;
  for (const row_change& row : rows_) {
    if (row.remove && code == MDB_SUCCESS) code = remove_key(txn, row.old_key.view());
    if (row.put && code == MDB_SUCCESS) code = put_record(txn, row.new_key.view(), card, expires);
  }
  return code;
}

int change::move_expiry(MDB_txn* txn, key_view key, std::int64_t before, std::int64_t after) {
  if (before == after) return MDB_SUCCESS;
  int code = MDB_SUCCESS;
  if (before != never) {
    make_expiry_key(expiry_key_, before, key);
    code = remove_key(txn, expiry_key_.view());
  }
  if (after != never && code == MDB_SUCCESS) {
    make_expiry_key(expiry_key_, after, key);
    MDB_val at = as_val(expiry_key_.view());
    MDB_val nothing{};
    code = mdb_put(txn, tree, &at, &nothing, 0);
  }
  return code;
}

int change::put_record(MDB_txn* txn, std::string_view tree_key, std::string_view content, std::int64_t expires) {
  MDB_val at = as_val(tree_key);
  MDB_val value{header_bytes + content.size(), nullptr};
  const int code = mdb_put(txn, tree, &at, &value, MDB_RESERVE);
  if (code != MDB_SUCCESS) return code;
  char* const place = static_cast<char*>(value.mv_data);
  if (!content.empty()) std::memcpy(place + header_bytes, content.data(), content.size());
  seal_record(tree_key, place, value.mv_size, expires);
  return MDB_SUCCESS;
}

change::swept change::sweep(MDB_txn* txn, std::int64_t now_seconds, std::size_t items_max) {
  swept done;
  std::vector<std::string> marks;  // copied: removing one moves the others
  MDB_cursor* cursor = nullptr;
  done.code = mdb_cursor_open(txn, tree, &cursor);
  if (done.code != MDB_SUCCESS) return done;
  MDB_val at = as_val({&expiry_prefix, 1});
  MDB_val value{};
  int code = mdb_cursor_get(cursor, &at, &value, MDB_SET_RANGE);
  while (code == MDB_SUCCESS && marks.size() < items_max) {
    const auto mark = parse_expiry_key(as_view(at));
    if (!mark || mark->seconds > now_seconds) break;
    marks.emplace_back(as_view(at));
    code = mdb_cursor_get(cursor, &at, &value, MDB_NEXT);
  }
  mdb_cursor_close(cursor);
  if (code != MDB_SUCCESS && code != MDB_NOTFOUND) done.code = code;
  done.more = marks.size() == items_max;
  for (const std::string& each : marks) {
    if (done.code != MDB_SUCCESS) break;
    const auto mark = parse_expiry_key(each);
    const key_view key(mark->pk, mark->sk);
    const found_item found = find(txn, key);
    if (found.code != MDB_SUCCESS && found.code != MDB_NOTFOUND) {
      done.code = found.code;
    } else if (found.code == MDB_SUCCESS && !found.damaged && found.record.expires == mark->seconds) {
      done.code = erase(txn, key, found.record.content);
      ++done.items;
    } else {
      done.code = remove_key(txn, each);  // a mark without its item; a damaged item stays, for `check` to name
    }
  }
  return done;
}

}  // namespace spaces::table::lmdb
