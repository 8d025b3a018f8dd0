#include "platform/audit/audit.hpp"

#include "platform/base/legible.hpp"
#include "platform/base/text.hpp"
#include "platform/record/write.hpp"
#include "platform/table/entity.hpp"

#include <utility>

namespace spaces::audit {

namespace {

using namespace record;

constexpr field entry_fields[] = {
    of<&entry::id>("id", fixed, {}),
    of<&entry::at>("at", fixed, {.stored_as = table::name::created_at}),
    of<&entry::action>("action", fixed, {.length_max = reason_max}),
    of<&entry::subject>("subject", fixed, {.length_max = reason_max}),
    of<&entry::by>("by", fixed, {.length_max = reason_max}),
    of<&entry::reason>("reason", fixed, {.length_max = reason_max}),
};

constexpr std::string_view partition = "AUDIT";

result<entry> to_entry(item_view stored) {
  entry read;
  if (!read_attributes(stored, entry::fields(), &read, nullptr)) return table::damaged("an audit entry");
  return read;
}

}  // namespace

field_span entry::fields() { return entry_fields; }

entry make_entry(std::string_view action, std::string_view subject, std::string_view by,
                 std::optional<std::string> reason, instant now) {
  return {make_uuid_v7(now), now, std::string(action), std::string(subject), std::string(by), std::move(reason)};
}

table::put put_entry(const entry& made) {
  item stored;
  stored.append(table::name::entity_type, value::of(std::string_view("AuditEntry")));
  append_attributes(stored, entry::fields(), &made);
  table::append_index(stored, table::index::gsi1, partition, to_text(made.at) + '#' + to_text(made.id));
  return {{"AUDIT#" + to_text(made.id), "ENTRY"}, std::move(stored), {table::absent{}}};
}

result<std::vector<entry>> list(table::single_table& table, std::size_t count,
                                const std::optional<std::string>& subject, std::optional<instant> before) {
  std::vector<entry> found;
  table::query rows;
  rows.partition = partition;
  rows.direction = table::direction::backward;
  rows.limit = table::batch_keys_max;
  if (before) rows.to = to_text(*before);
  for (bool more = true; more && found.size() < count;) {
    std::vector<table::key> keys;
    std::optional<table::position> last;
    const auto visited = table.visit_index(rows, [&](const table::row& row) {
      keys.push_back({std::string(row.key.pk), std::string(row.key.sk)});
      last = table::position{std::string(row.sort_key), keys.back()};
      return true;
    });
    if (!visited) return visited.error();
    more = *visited;
    rows.after = last;
    const auto items = table.read_batch(keys, table::consistency::eventual);
    if (!items) return items.error();
    for (const std::optional<item>& stored : *items) {
      if (!stored || found.size() == count) continue;
      result<entry> read = to_entry(stored->view());
      if (!read) return read.error();
      if (!subject || read->subject == *subject) found.push_back(*std::move(read));
    }
  }
  return found;
}

result<void> validate_reason(std::string_view reason) {
  if (!is_utf8(reason) || code_points(reason) > reason_max || has_control(reason, false) || !is_legible(reason))
    return invalid(
        {{"reason", "malformed", "must be 1 to " + std::to_string(reason_max) + " legible characters in one line"}});
  return {};
}

}  // namespace spaces::audit
