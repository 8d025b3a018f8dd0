#include "marketplace/accounts/export.hpp"

#include "marketplace/accounts/accounts.hpp"
#include "platform/record/json.hpp"
#include "platform/record/write.hpp"
#include "platform/table/page.hpp"

#include <algorithm>
#include <utility>

namespace spaces::accounts {

namespace {

using namespace record;

constexpr field query_fields[] = {of<&export_query::cursor>("cursor", on_create, table::page_cursor_rules)};

/// Separates a section's name from the place in it, in a cursor.
constexpr char section_end = '\n';

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += out.back() == '{' ? "\"" : ",\"";
  out.append(name).append("\":");
  append_json_string(out, text);
}

void append_line(std::string& out, std::string_view section, std::string_view json) {
  out.append("{\"section\":\"").append(section).append("\",\"item\":").append(json).append("}\n");
}

std::string json_of(const identity::session_record& one) {
  std::string out = "{";
  append_member(out, "id", to_text(one.id));
  append_member(out, "device", one.device);
  append_member(out, "address", one.address);
  append_member(out, "createdAt", to_text(one.created_at));
  append_member(out, "lastUsedAt", to_text(one.last_used_at));
  return out += '}';
}

std::string question_of(const uuid& person) { return "export of " + to_text(person); }

}  // namespace

field_span export_query::fields() { return query_fields; }

export_gate::place::~place() {
  if (!gate_) return;
  const std::lock_guard lock(gate_->mutex_);
  gate_->inside_.erase(person_);
}

result<export_gate::place> export_gate::enter(const uuid& person) {
  const std::lock_guard lock(mutex_);
  if (inside_.size() < export_pages_max && inside_.insert(person).second) return place(*this, person);
  error busy = unavailable("exports: " + std::to_string(inside_.size()) + " pages are being made");
  busy.retry_after = export_retry_after;
  return busy;
}

/// The lines that every export begins with.
result<std::string> accounts::export_head(const caller& who) {
  const result<user> me = profile(who);
  if (!me) return me.error();
  const auto open = context_.sessions.list(who.id);
  if (!open) return open.error();
  std::string out;
  std::string json;
  append_object(json, user::fields(), &*me, on_show);
  append_line(out, "user", json);
  for (const identity::session_record& one : *open) append_line(out, "sessions", json_of(one));
  return out;
}

result<export_page> accounts::export_page_of(const caller& who, const std::optional<std::string>& cursor) {
  const auto inside = gate_.enter(who.id);
  if (!inside) return inside.error();
  export_page page;
  std::size_t section = 0;
  std::optional<table::position> after;
  if (cursor) {
    const auto place = seal_.open(*cursor, question_of(who.id));
    const std::size_t end = place ? place->sort_key.find(section_end) : std::string::npos;
    if (end != std::string::npos)
      while (section < sections_.size() && sections_[section].name != place->sort_key.substr(0, end)) ++section;
    if (end == std::string::npos || section == sections_.size())
      return invalid({{"cursor", "bad-cursor", "is not one that an export of yours gave"}});
    if (end + 1 < place->sort_key.size()) after = {place->sort_key.substr(end + 1), place->key};
  } else {
    auto head = export_head(who);
    if (!head) return head.error();
    page.lines = *std::move(head);
  }
  for (; section < sections_.size(); ++section, after.reset()) {
    const std::string_view name = sections_[section].name;
    const auto add = [&](std::string_view json) {
      if (!page.lines.empty() && page.lines.size() + json.size() > export_page_bytes) return false;
      append_line(page.lines, name, json);
      return true;
    };
    const auto place = sections_[section].page(who.id, after, add);
    if (!place) return place.error();
    if (!place->more) continue;
    table::position next = place->after.value_or(table::position{"", {"-", "-"}});
    next.sort_key.insert(0, std::string(name) + section_end);
    page.next_cursor = seal_.seal(next, question_of(who.id));
    return page;
  }
  return page;
}

}  // namespace spaces::accounts
