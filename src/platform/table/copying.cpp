#include "platform/table/copying.hpp"

#include "platform/table/item_writers.hpp"
#include "platform/table/patient_table.hpp"
#include "platform/table/store_meta.hpp"

#include <set>

namespace spaces::table {

namespace {

/// Progress is told after so many items.
constexpr std::uint64_t items_between_progress = 64;

const key meta_key{std::string(store_meta::pk), std::string(store_meta::sk)};

bool is_meta(key_view key) { return key == key_view(meta_key); }

/// The store's own item, as `from` has it; `filling` says that a copy of it is not whole.
result<record::item> meta_of(single_table& table, std::string_view which) {
  auto found = table.get(meta_key, consistency::strong);
  if (!found) return found.error();
  if (!*found) return internal("the " + std::string(which) + " has no META / STORE");
  return **std::move(found);
}

bool is_filling(const record::item& meta) { return meta.find(store_meta::filling).flag; }

bool same_store(const record::item& a, const record::item& b) {
  return a.find(store_meta::secret).text == b.find(store_meta::secret).text;
}

result<void> put_meta(single_table& to, record::item meta, bool filling) {
  meta.set(store_meta::filling, filling ? record::value::of(true) : record::value());
  std::vector<operation> operations;
  operations.emplace_back(put{meta_key, std::move(meta), {}});
  const auto written = to.write(std::move(operations));
  if (!written) return written.error();
  return {};
}

/// Nothing but the store's own item.
result<bool> is_empty(single_table& table) {
  bool empty = true;
  const auto walked = table.walk(std::nullopt, [&](key_view key, record::item_view) {
    empty = is_meta(key);
    return empty;
  });
  if (!walked) return walked.error();
  return empty;
}

class copy_run {
 public:
  copy_run(single_table& from, single_table& to, const clock& time, const copy_progress_told& progress,
           const patience& how)
      : from_(from, how), to_(to, how), goes_on_(how.goes_on), progress_(progress) {
    const auto day = std::chrono::duration_cast<std::chrono::seconds>((time.now() + copy_time_max).time_since_epoch());
    until_ = day.count();
  }

  result<copy_report> copy();
  result<copy_report> compare();

 private:
  result<void> admit();
  result<void> write_all();
  result<void> remove_extras();
  result<void> check();
  result<void> name_differences();
  result<item_digest> digest_of(single_table& table);
  result<void> held_against(single_table& walked, single_table& other,
                            const std::function<void(const keyed_item&, const record::item* there)>& visit);
  bool lasts(record::item_view item) const {
    const auto expiry = expiry_seconds(item);
    return !expiry || *expiry > until_;
  }
  /// False when somebody wants the end.
  bool go_on(std::uint64_t count) {
    if (count % items_between_progress == 0 && !progress_(report_.counts)) report_.interrupted = true;
    return !report_.interrupted;
  }

  patient_table from_;
  patient_table to_;
  bool (*goes_on_)();
  const copy_progress_told& progress_;
  std::int64_t until_ = 0;
  record::item meta_;
  copy_report report_;
};

/// Whether the source may be copied, and into this destination; marks it as not whole.
result<void> copy_run::admit() {
  auto mine = meta_of(from_, "source");
  if (!mine) return mine.error();
  meta_ = *std::move(mine);
  if (const auto valid = store_meta::validate(meta_.view()); !valid) return valid.error();
  if (is_filling(meta_)) return conflict("The source is itself a copy that is not whole; complete that first");
  const auto theirs = meta_of(to_, "destination");
  if (!theirs) return theirs.error();
  report_.again = same_store(meta_, *theirs);
  if (!report_.again) {
    const auto empty = is_empty(to_);
    if (!empty) return empty.error();
    if (!*empty)
      return conflict("The destination holds another store; a copy goes into an empty one, or on into its own");
  }
  return put_meta(to_, meta_, true);
}

result<void> copy_run::write_all() {
  item_writers writers(to_, report_.again, copy_writers_count, copy_queue_max, goes_on_);
  item_writers::batch filling;
  std::size_t bytes = 0;
  const auto walked = from_.walk(std::nullopt, [&](key_view key, record::item_view item) {
    if (is_meta(key)) return true;
    if (lasts(item)) report_.source.add(canonical(key, item));
    bytes += counted_bytes(key, item);
    filling.push_back({{std::string(key.pk), std::string(key.sk)}, record::item(item)});
    if (filling.size() == copy_batch_items || bytes > copy_batch_bytes_max) {
      writers.add(std::exchange(filling, {}));
      bytes = 0;
    }
    report_.counts.written = writers.written();
    report_.counts.unchanged = writers.unchanged();
    return go_on(++report_.counts.read) && !writers.failed();
  });
  if (!filling.empty()) writers.add(std::move(filling));
  auto written = writers.finish();
  report_.counts.written = writers.written();
  report_.counts.unchanged = writers.unchanged();
  if (!goes_on_()) {
    report_.interrupted = true;  // what was read is not all written, and a table that cannot answer is no failure now
    return {};
  }
  if (!walked) return walked.error();
  return written;
}

result<item_digest> copy_run::digest_of(single_table& table) {
  item_digest sum;
  const auto walked = table.walk(std::nullopt, [&](key_view key, record::item_view item) {
    if (!is_meta(key) && lasts(item)) sum.add(canonical(key, item));
    return go_on(++report_.counts.checked);
  });
  if (!walked) return walked.error();
  return sum;
}

/// Visits each item of one table with what the other has under its key.
result<void> copy_run::held_against(single_table& walked, single_table& other,
                                    const std::function<void(const keyed_item&, const record::item* there)>& visit) {
  std::vector<keyed_item> gathered;
  std::optional<error> failure;
  const auto compare_gathered = [&] {
    std::vector<key> keys;
    keys.reserve(gathered.size());
    for (const keyed_item& one : gathered) keys.push_back(one.key);
    const auto there = other.read_batch(keys, consistency::strong);
    if (!there) {
      failure = there.error();
      return false;
    }
    for (std::size_t i = 0; i < gathered.size(); ++i) visit(gathered[i], (*there)[i] ? &*(*there)[i] : nullptr);
    gathered.clear();
    return true;
  };
  const auto done = walked.walk(std::nullopt, [&](key_view key, record::item_view item) {
    if (is_meta(key)) return true;
    gathered.push_back({{std::string(key.pk), std::string(key.sk)}, record::item(item)});
    return gathered.size() < batch_keys_max || compare_gathered();
  });
  if (!done) return done.error();
  if (!failure && !gathered.empty()) compare_gathered();
  if (failure) return *failure;
  return {};
}

/// Of an earlier copy: what the source has lost since.
result<void> copy_run::remove_extras() {
  std::vector<key> extras;
  const auto found = held_against(to_, from_, [&](const keyed_item& one, const record::item* there) {
    if (!there) extras.push_back(one.key);
  });
  if (!found) return found.error();
  for (key& one : extras) {
    std::vector<operation> gone;
    gone.emplace_back(remove{std::move(one), {}});
    if (const auto done = to_.write(std::move(gone)); !done) return done.error();
    ++report_.counts.removed;
  }
  return {};
}

result<void> copy_run::name_differences() {
  std::set<std::string> named;
  const auto name = [&](const key& key, std::string_view what) {
    if (named.size() < differences_named_max) named.insert(key.pk + " / " + key.sk + " " + std::string(what));
  };
  const auto forward = held_against(from_, to_, [&](const keyed_item& one, const record::item* there) {
    if (!lasts(one.item.view())) return;
    if (!there)
      name(one.key, "is missing in the destination");
    else if (canonical(one.key, one.item.view()) != canonical(one.key, there->view()))
      name(one.key, "differs");
  });
  if (!forward) return forward.error();
  const auto backward = held_against(to_, from_, [&](const keyed_item& one, const record::item* there) {
    if (!there && lasts(one.item.view())) name(one.key, "is not in the source");
  });
  if (!backward) return backward.error();
  report_.differences.assign(named.begin(), named.end());
  return {};
}

result<void> copy_run::check() {
  auto sum = digest_of(to_);
  if (!sum) return sum.error();
  report_.destination = *sum;
  return {};
}

result<copy_report> copy_run::copy() {
  const auto table_version = from_.table_version();
  if (const auto admitted = admit(); !admitted) return admitted.error();
  if (const auto done = write_all(); !done) return done.error();
  if (report_.interrupted) return report_;
  if (const auto done = check(); !done) return done.error();
  if (!report_.interrupted && report_.again && !(report_.source == report_.destination)) {
    if (const auto done = remove_extras(); !done) return done.error();
    if (const auto done = check(); !done) return done.error();
  }
  report_.source_changed = table_version != from_.table_version();
  if (report_.interrupted) return report_;
  if (!(report_.source == report_.destination)) {
    if (const auto named = name_differences(); !named) return named.error();
    return report_;
  }
  if (const auto whole = put_meta(to_, meta_, false); !whole) return whole.error();
  return report_;
}

result<copy_report> copy_run::compare() {
  const auto mine = meta_of(from_, "source");
  if (!mine) return mine.error();
  const auto theirs = meta_of(to_, "destination");
  if (!theirs) return theirs.error();
  const auto table_version = from_.table_version();
  auto sum = digest_of(from_);
  if (!sum) return sum.error();
  report_.source = *sum;
  if (report_.interrupted) return report_;
  if (const auto done = check(); !done) return done.error();
  report_.source_changed = table_version != from_.table_version();
  if (report_.interrupted) return report_;
  if (!(report_.source == report_.destination)) {
    if (const auto named = name_differences(); !named) return named.error();
  }
  if (!same_store(*mine, *theirs)) report_.differences.emplace_back("META / STORE is of another store");
  if (is_filling(*theirs)) report_.differences.emplace_back("META / STORE says that the copy is not whole");
  return report_;
}

}  // namespace

result<copy_report> copy_table(single_table& from, single_table& to, const clock& time,
                               const copy_progress_told& progress, const patience& how) {
  return copy_run(from, to, time, progress, how).copy();
}

result<copy_report> compare_tables(single_table& from, single_table& to, const clock& time,
                                   const copy_progress_told& progress, const patience& how) {
  return copy_run(from, to, time, progress, how).compare();
}

}  // namespace spaces::table
