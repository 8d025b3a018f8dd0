#include "platform/table/lmdb/store_check.hpp"

#include "platform/table/lmdb/environment.hpp"
#include "platform/table/lmdb/layout.hpp"
#include "platform/table/lmdb/snapshots.hpp"

#include <array>
#include <utility>

namespace spaces::table {

using namespace lmdb;

std::string_view to_text(finding_kind kind) {
  static constexpr std::array<std::string_view, 10> names{
      "damaged item", "malformed item", "missing row", "wrong row",      "damaged row",
      "stray row",    "missing mark",   "stray mark",  "unknown record", "damaged page"};
  return names[static_cast<std::size_t>(kind)];
}

namespace {

constexpr std::uint64_t progress_records = 4096;

class checker {
 public:
  checker(const snapshot& view, const check_listener& listener) : view_(view), listener_(listener) {}

  result<check_report> run(const std::function<void(std::string_view)>& at);

 private:
  void look_at(std::string_view place, std::string_view value);
  void look_at_item(std::string_view place, std::string_view value);
  void look_at_row(std::string_view place, std::string_view value, const row_key_parts& parts);
  void look_at_mark(std::string_view place, const expiry_key_parts& parts);
  void report(finding_kind kind, std::string_view place, std::string detail) {
    ++report_.findings;
    if (listener_.found) listener_.found({kind, readable(place), std::move(detail)});
  }
  bool get(std::string_view place, std::string_view& value) { return view_.get(place, value) == MDB_SUCCESS; }

  const snapshot& view_;
  const check_listener& listener_;
  check_report report_;
};

result<check_report> checker::run(const std::function<void(std::string_view)>& at) {
  MDB_stat stat{};
  if (const int code = mdb_stat(view_.txn(), tree, &stat); code != MDB_SUCCESS)
    return failure_of(code, "checking the store");
  std::uint64_t seen = 0;
  std::string before;
  MDB_val key{};
  MDB_val value{};
  int code = mdb_cursor_get(view_.cursor(), &key, &value, MDB_FIRST);
  for (; code == MDB_SUCCESS; code = mdb_cursor_get(view_.cursor(), &key, &value, MDB_NEXT)) {
    const std::string_view place = as_view(key);
    if (at) at(place);
    if (seen > 0 && place <= before) {  // a page that leads back would be walked for ever
      report(finding_kind::damaged_page, place, "The keys are out of order behind " + readable(before));
      return report_;
    }
    before.assign(place);
    look_at(place, as_view(value));
    if (++seen % progress_records == 0 && listener_.progress) listener_.progress(seen, stat.ms_entries);
  }
  if (code != MDB_NOTFOUND)
    report(finding_kind::damaged_page, before, std::string("The walk cannot go on: ") + mdb_strerror(code));
  if (code == MDB_NOTFOUND && seen != stat.ms_entries) {
    report(finding_kind::damaged_page, before,
           "The store says it has " + std::to_string(stat.ms_entries) + " records, and " + std::to_string(seen) +
               " were found");
  }
  if (listener_.progress) listener_.progress(seen, stat.ms_entries);
  return report_;
}

void checker::look_at(std::string_view place, std::string_view value) {
  if (parse_item_key(place)) return look_at_item(place, value);
  if (const auto row = parse_row_key(place)) return look_at_row(place, value, *row);
  if (const auto mark = parse_expiry_key(place)) return look_at_mark(place, *mark);
  report(finding_kind::unknown_record, place, "This version writes no such key");
}

void checker::look_at_item(std::string_view place, std::string_view value) {
  ++report_.items;
  const auto record = open_record(place, value);
  if (!record) return report(finding_kind::damaged_item, place, "The checksum does not match");
  const record::item_view item(record->content);
  if (!item.well_formed()) return report(finding_kind::malformed_item, place, "The attributes cannot be read");
  const item_outline outline = outline_of(item);
  if (outline.expires != record->expires)
    report(finding_kind::malformed_item, place, "The expiry in front is not the item's TTL");
  const auto key = parse_item_key(place);
  tree_key other;
  std::string_view found;
  for (std::size_t i = 0; i < indexes; ++i) {
    if (!outline.in[i].is_member()) continue;
    const std::string index = "GSI" + std::to_string(i + 1);
    make_row_key(other, i + 1, outline.in[i].partition, outline.in[i].sort_key, *key);
    if (!get(other.view(), found)) {
      report(finding_kind::missing_row, place, "It has no row in " + index);
      continue;
    }
    const auto row = open_record(other.view(), found);
    if (row && (row->content != outline.card || row->expires != record->expires)) {
      report(finding_kind::wrong_row, place, "Its row in " + index + " has another card or expiry");
    }
  }
  if (record->expires == never) return;
  make_expiry_key(other, record->expires, *key);
  if (!get(other.view(), found)) report(finding_kind::missing_mark, place, "It expires, and the sweep does not know");
}

void checker::look_at_row(std::string_view place, std::string_view value, const row_key_parts& parts) {
  ++report_.rows;
  if (!open_record(place, value)) report(finding_kind::damaged_row, place, "The checksum does not match");
  tree_key other;
  make_item_key(other, {parts.pk, parts.sk});
  std::string_view found;
  if (!get(other.view(), found)) return report(finding_kind::stray_row, place, "It has no item");
  const auto record = open_record(other.view(), found);
  if (!record) return;  // the item has its own finding
  const membership in = outline_of(record::item_view(record->content)).in[parts.number - 1];
  if (in.partition != parts.partition || in.sort_key != parts.sort_key)
    report(finding_kind::stray_row, place, "Its item is not there in this index");
}

void checker::look_at_mark(std::string_view place, const expiry_key_parts& parts) {
  ++report_.marks;
  tree_key other;
  make_item_key(other, {parts.pk, parts.sk});
  std::string_view found;
  if (!get(other.view(), found)) return report(finding_kind::stray_mark, place, "It has no item");
  const auto record = open_record(other.view(), found);
  if (record && record->expires != parts.seconds)
    report(finding_kind::stray_mark, place, "Its item expires at another time");
}

}  // namespace

result<check_report> check_in_this_process(const std::filesystem::path& folder, const check_listener& listener,
                                           const std::function<void(std::string_view)>& at) {
  lmdb_options options;
  options.folder = folder;
  options.read_only = true;
  environment env(options);
  if (result<void> opened = env.open_unchecked(); !opened) return opened.error();
  snapshots readers(env);
  const snapshot view(readers);
  if (!view) return view.failure();
  return checker(view, listener).run(at);
}

}  // namespace spaces::table
