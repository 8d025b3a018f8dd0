#include "platform/http/answers.hpp"

#include "platform/base/text.hpp"
#include "platform/record/json.hpp"

namespace spaces::http {

std::string to_etag(std::int64_t version, std::string_view view) {
  std::string tag = "\"v" + std::to_string(version);
  if (!view.empty()) (tag += '-') += view;
  return tag += '"';
}

response json_response(int status, std::string body) {
  response made;
  made.status = status;
  made.fields.reserve(10);
  made.set("Content-Type", "application/json");
  // Answers differ by caller; a browser may keep one but asks again whether it still holds.
  made.set("Cache-Control", "private, no-cache");
  made.body = std::move(body);
  return made;
}

namespace {

/// True for "cursor=…", however its letters are escaped.
bool names_cursor(std::string_view pair) {
  const auto name = percent_decode(pair.substr(0, pair.find('=')), true);
  return name && *name == "cursor";
}

/// What cannot stand between the angle brackets of a Link is escaped, whatever the transport let pass.
void append_uri(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c > ' ' && c < '\x7f' && c != '<' && c != '>' && c != '"')
      out += c;
    else
      out += percent_encode(std::string_view(&c, 1));
  }
}

}  // namespace

response page_response(const request_context& context, std::string items, std::string_view next_cursor) {
  std::string& out = items;
  out.insert(0, "{\"items\":");
  out += ",\"nextCursor\":";
  if (next_cursor.empty())
    out += "null";
  else
    record::append_json_string(out, next_cursor);
  out += '}';
  response made = json_response(200, std::move(out));
  if (next_cursor.empty()) return made;
  std::string link = "<";
  append_uri(link, context.incoming.path);
  link += '?';
  std::string_view rest = context.incoming.query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    if (pair.empty() || names_cursor(pair)) continue;
    append_uri(link, pair);
    link += '&';
  }
  link += "cursor=";
  link += next_cursor;
  link += ">; rel=\"next\"";
  made.set("Link", link);
  return made;
}

response done::render(const request_context&) const {
  response made;
  made.status = 204;
  return made;
}

void done::describe(operation_doc& doc) { doc.answers.push_back({204, "Done", {}, false, {}}); }

}  // namespace spaces::http
