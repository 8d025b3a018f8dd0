#include "platform/net/lambda/lambda_answer.hpp"

#include "platform/base/base64.hpp"
#include "platform/base/text.hpp"
#include "platform/record/json.hpp"

#include <algorithm>
#include <cstddef>
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

void append_headers(std::string& out, const parts& answer) {
  out += "\"headers\":{";
  std::string cookies;
  for (std::size_t i = 0; i < answer.fields.size(); ++i) {
    const auto& [name, value] = answer.fields[i];
    if (equal_ignoring_case(name, "Set-Cookie")) {
      cookies += cookies.empty() ? "" : ",";
      record::append_json_string(cookies, value);
      continue;
    }
    const auto same = [&](const auto& other) { return equal_ignoring_case(other.first, name); };
    const auto here = answer.fields.begin() + static_cast<std::ptrdiff_t>(i);
    // API Gateway counts the bytes itself.
    if (equal_ignoring_case(name, "Content-Length") || std::any_of(answer.fields.begin(), here, same)) continue;
    std::string joined(value);
    for (auto later = here + 1; later != answer.fields.end(); ++later)
      if (same(*later)) joined.append(", ").append(later->second);
    if (out.back() != '{') out += ',';
    record::append_json_string(out, name);
    out += ':';
    record::append_json_string(out, joined);
  }
  out += "},";
  if (!cookies.empty()) out.append("\"cookies\":[").append(cookies).append("],");
}

}  // namespace

std::string lambda_answer(const http::response& answer, bool head_only) {
  parts made;
  if (answer.ready) {
    made = taken_apart(*answer.ready);
    made.fields.insert(made.fields.end(), answer.beside_ready.begin(), answer.beside_ready.end());
  } else {
    for (const auto& [name, value] : answer.fields) made.fields.emplace_back(name, value);
    made.body = answer.body;
  }
  const bool coded = std::any_of(made.fields.begin(), made.fields.end(), [](const auto& field) {
    return equal_ignoring_case(field.first, "Content-Encoding");
  });
  if (head_only) made.body = {};
  const bool binary = !made.body.empty() && (coded || !is_utf8(made.body));
  std::string out;
  out.reserve(made.body.size() * 4 / 3 + 1024);
  out += "{\"statusCode\":";
  out += std::to_string(answer.status);
  out += ',';
  append_headers(out, made);
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
