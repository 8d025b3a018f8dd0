// What is held about somebody.
#include "marketplace/accounts/accounts.hpp"
#include "platform/record/json.hpp"
#include "platform/record/write.hpp"

namespace spaces::accounts {

namespace {

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += out.back() == '{' ? "\"" : ",\"";
  out.append(name).append("\":");
  record::append_json_string(out, text);
}

}  // namespace

result<std::string> accounts::export_of(const caller& who) {
  const result<user> me = profile(who);
  if (!me) return me.error();
  const auto open = context_.sessions.list(who.id);
  if (!open) return open.error();
  std::string out = "{\"user\":";
  record::append_object(out, user::fields(), &*me, record::on_show);
  out += ",\"sessions\":[";
  for (const session_record& one : *open) {
    if (out.back() == '}') out += ',';
    out += '{';
    append_member(out, "id", to_text(one.id));
    append_member(out, "device", one.device);
    append_member(out, "address", one.address);
    append_member(out, "createdAt", to_text(one.created_at));
    append_member(out, "lastUsedAt", to_text(one.last_used_at));
    out += '}';
  }
  out += ']';
  for (const export_section& section : sections_) {
    const result<std::string> exported = section.json(who.id);
    if (!exported) return exported.error();
    out += ",\"";
    out.append(section.name).append("\":").append(*exported);
  }
  return out += '}';
}

}  // namespace spaces::accounts
