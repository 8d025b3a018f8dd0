#include "platform/net/lambda/lambda_answer.hpp"

#include "platform/base/base64.hpp"
#include "platform/base/text.hpp"
#include "platform/record/json.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::net {

namespace {

struct parts {
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  std::string_view body;
};

/// The fields and the body of an answer whose bytes were made before.
parts taken_apart(const http::prepared& ready) {
  parts found;
  std::string_view block = std::string_view(ready.bytes).substr(ready.fields_at, ready.body_at - ready.fields_at);
  while (!block.empty()) {
    const std::size_t end = std::min(block.find("\r\n"), block.size());
    const std::string_view line = block.substr(0, end);
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) found.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    block.remove_prefix(std::min(end + 2, block.size()));
  }
  found.body = std::string_view(ready.bytes).substr(ready.body_at);
  return found;
}

bool is_cookie(std::string_view name) { return equal_ignoring_case(name, "Set-Cookie"); }

/// `visit(name, lines)` for each name, in the order of their first lines. The gateway counts the bytes itself.
template <class Visit>
void by_name(const parts& answer, Visit visit) {
  for (auto here = answer.fields.begin(); here != answer.fields.end(); ++here) {
    const auto same = [&](const auto& other) { return equal_ignoring_case(other.first, here->first); };
    if (equal_ignoring_case(here->first, "Content-Length") || std::any_of(answer.fields.begin(), here, same)) continue;
    std::vector<std::string_view> lines;
    for (auto each = here; each != answer.fields.end(); ++each)
      if (same(*each)) lines.push_back(each->second);
    visit(here->first, lines);
  }
}

void append_list(std::string& out, const std::vector<std::string_view>& lines) {
  out += '[';
  for (const std::string_view line : lines) {
    if (out.back() != '[') out += ',';
    record::append_json_string(out, line);
  }
  out += ']';
}

/// One text for each name.
void append_headers(std::string& out, const parts& answer, bool with_cookies) {
  std::vector<std::string_view> cookies;
  out += "\"headers\":{";
  by_name(answer, [&](std::string_view name, const std::vector<std::string_view>& lines) {
    if (is_cookie(name) && with_cookies) {
      cookies = lines;
      return;
    }
    std::string joined(lines.front());
    for (std::size_t i = 1; i < lines.size(); ++i) joined.append(", ").append(lines[i]);
    if (is_cookie(name)) joined = lines.back();
    if (out.back() != '{') out += ',';
    record::append_json_string(out, name);
    out += ':';
    record::append_json_string(out, joined);
  });
  out += "},";
  if (cookies.empty()) return;
  out += "\"cookies\":";
  append_list(out, cookies);
  out += ',';
}

/// A list for each name.
void append_multi_headers(std::string& out, const parts& answer) {
  out += "\"multiValueHeaders\":{";
  by_name(answer, [&](std::string_view name, const std::vector<std::string_view>& lines) {
    if (out.back() != '{') out += ',';
    record::append_json_string(out, name);
    out += ':';
    append_list(out, lines);
  });
  out += "},";
}

/// "</a>; rel=next, </b>" becomes "</shop/a>; rel=next, </shop/b>".
std::string links_behind(std::string_view base_path, std::string_view value) {
  std::string out;
  for (std::size_t mark = value.find("</"); mark != std::string_view::npos; mark = value.find("</")) {
    out.append(value.substr(0, mark + 1)).append(base_path);
    value.remove_prefix(mark + 1);
    out += '/';
    value.remove_prefix(1);
  }
  return out.append(value);
}

/// Paths that begin at the root do so behind the base path. The texts of those that change are kept in `held`.
void put_behind(std::string_view base_path, parts& answer, std::deque<std::string>& held) {
  if (base_path.empty()) return;
  for (auto& [name, value] : answer.fields) {
    if (equal_ignoring_case(name, "Location") && value.starts_with('/'))
      value = held.emplace_back(std::string(base_path).append(value));
    else if (equal_ignoring_case(name, "Link"))
      value = held.emplace_back(links_behind(base_path, value));
  }
}

}  // namespace

std::string lambda_answer(const http::response& answer, bool head_only, event_format format,
                          std::string_view base_path) {
  parts made;
  std::string of_file;
  if (answer.ready) {
    made = taken_apart(*answer.ready);
    made.fields.insert(made.fields.end(), answer.beside_ready.begin(), answer.beside_ready.end());
  } else {
    for (const auto& [name, value] : answer.fields) made.fields.emplace_back(name, value);
    if (answer.file && !head_only) {
      auto read = http::bytes_of(*answer.file);
      if (!read) throw std::runtime_error("the file of an answer cannot be read");
      of_file = *std::move(read);
    }
    made.body = answer.file ? of_file : answer.body;
  }
  std::deque<std::string> held;
  put_behind(base_path, made, held);
  const bool coded = std::any_of(made.fields.begin(), made.fields.end(), [](const auto& field) {
    return equal_ignoring_case(field.first, "Content-Encoding");
  });
  if (head_only) made.body = {};
  const bool binary = !made.body.empty() && (coded || !is_utf8(made.body));
  std::string out;
  out.reserve(made.body.size() * 4 / 3 + 1024);
  out += "{\"statusCode\":";
  out += std::to_string(answer.status);
  if (format == event_format::balancer || format == event_format::balancer_multi)
    out.append(",\"statusDescription\":\"")
        .append(std::to_string(answer.status))
        .append(" ")
        .append(http::reason(answer.status))
        .append("\"");
  out += ',';
  if (format == event_format::http_1 || format == event_format::balancer_multi)
    append_multi_headers(out, made);
  else
    append_headers(out, made, format == event_format::http_2);
  out += "\"isBase64Encoded\":";
  out += binary ? "true" : "false";
  out += ",\"body\":";
  if (binary) {
    out += '"';
    append_base64(out, made.body);
    out += '"';
  } else {
    record::append_json_string(out, made.body);
  }
  out += '}';
  return out;
}

}  // namespace spaces::net
