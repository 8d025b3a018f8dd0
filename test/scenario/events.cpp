#include "scenario/events.hpp"

#include "platform/base/text.hpp"
#include "platform/net/lambda/lambda_answer.hpp"
#include "platform/net/lambda/lambda_event.hpp"
#include "platform/record/json.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>

namespace spaces::test {

namespace {

using record::append_json_string;

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return text;
}

std::string from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size) - padding);
  return bytes;
}

/// By name in small letters, lines of one name joined: what both sides can be compared by.
using field_map = std::map<std::string, std::string>;

void add(field_map& fields, std::string_view name, std::string_view value) {
  std::string& held = fields[lower_ascii(name)];
  if (!held.empty()) held += ", ";
  held += value;
}

field_map fields_of(const http::request& request) {
  field_map fields;
  for (const http::field_line& line : request.fields) add(fields, line.name, line.value);
  for (const char* aside : {"host", "content-length"}) fields.erase(aside);
  return fields;
}

field_map fields_of(const answer& made) {
  field_map fields;
  for (const auto& [name, value] : made.fields) add(fields, name, value);
  fields.erase("content-length");
  return fields;
}

/// As API Gateway writes it: names in small letters, a body that is no text in base64.
std::string event_of(const http::request& request) {
  field_map headers = fields_of(request);
  headers["host"] = "id.execute-api.eu-west-1.amazonaws.com";
  std::string json = R"({"version":"2.0","routeKey":"$default","rawPath":)";
  append_json_string(json, request.path);
  json += ",\"rawQueryString\":";
  append_json_string(json, request.query);
  json += ",\"headers\":{";
  for (const auto& [name, value] : headers) {
    if (json.back() != '{') json += ',';
    append_json_string(json, name);
    json += ':';
    append_json_string(json, value);
  }
  json += R"(},"requestContext":{"accountId":"123456789012","apiId":"id","stage":"$default","requestId":"id",)";
  json += "\"http\":{\"method\":";
  append_json_string(json, http::to_text(request.verb));
  json += ",\"protocol\":\"HTTP/1.1\",\"sourceIp\":";
  append_json_string(json, request.peer);
  json += "}}";
  const bool text = is_utf8(request.body);
  if (!request.body.empty()) {
    json += ",\"body\":";
    append_json_string(json, text ? std::string(request.body) : base64(request.body));
  }
  return json + ",\"isBase64Encoded\":" + (text ? "false" : "true") + "}";
}

/// With what status the server's parser refuses a request of this target and these fields; 0: not at all.
int refusal_of_server(const http::request& request) {
  std::string bytes(http::to_text(request.verb));
  bytes.append(" ").append(request.target).append(" HTTP/1.1\r\nHost: a\r\n");
  for (const http::field_line& line : request.fields)
    bytes.append(line.name).append(": ").append(line.value).append("\r\n");
  bytes += "\r\n";
  net::request_parser parser;
  parser.advance(bytes.data(), bytes.size());
  return parser.why().status;
}

void expect_same(const http::request& by_event, const http::request& direct) {
  EXPECT_EQ(by_event.verb, direct.verb);
  // A '?' with nothing behind it does not come through.
  EXPECT_EQ(by_event.target, direct.query.empty() ? direct.path : direct.target);
  EXPECT_EQ(by_event.path, direct.path);
  EXPECT_EQ(by_event.query, direct.query);
  EXPECT_EQ(fields_of(by_event), fields_of(direct));
  EXPECT_EQ(by_event.body, direct.body);
  EXPECT_EQ(by_event.peer, direct.peer);
}

/// Out of what the function returned.
answer read_answer(const std::string& text) {
  const auto json = record::parse_json(text);
  if (!json) throw std::runtime_error("the function's answer is no JSON: " + json.error().public_text);
  answer read;
  read.status = std::stoi(json->find("statusCode")->text);
  for (const auto& [name, value] : json->find("headers")->members) read.fields.emplace_back(name, value.text);
  if (const record::json_value* cookies = json->find("cookies"))
    for (const record::json_value& cookie : cookies->elements) read.fields.emplace_back("Set-Cookie", cookie.text);
  const std::string& body = json->find("body")->text;
  read.body = json->find("isBase64Encoded")->flag ? from_base64(body) : body;
  return read;
}

std::string_view next_line(std::string_view& block) {
  const std::size_t end = std::min(block.find("\r\n"), block.size());
  const std::string_view line = block.substr(0, end);
  block.remove_prefix(std::min(end + 2, block.size()));
  return line;
}

}  // namespace

answer seen(const http::response& made) {
  answer read;
  read.status = made.status;
  if (!made.ready) {
    read.fields.assign(made.fields.begin(), made.fields.end());
    read.body = made.file ? http::bytes_of(*made.file).value_or("cannot be read") : made.body;
    return read;
  }
  const http::prepared& ready = *made.ready;
  std::string_view block = std::string_view(ready.bytes).substr(ready.fields_at, ready.body_at - ready.fields_at);
  while (!block.empty()) {
    const std::string_view line = next_line(block);
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) read.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  read.body = ready.bytes.substr(ready.body_at);
  return read;
}

answer ask_by_event(http::application& application, const http::request& direct) {
  net::lambda_event event;
  if (const auto read = event.read(event_of(direct)); !read)
    throw std::runtime_error("no event for " + std::string(direct.target) + ": " + read.error().public_text);
  if (const net::parse_error why = event.why()) {
    // Neither an event nor a socket brings it: what the scenario asks is what would happen if one did.
    EXPECT_EQ(why.status, refusal_of_server(direct)) << direct.target;
    return seen(application.handle(direct));
  }
  http::request by_event;
  event.describe(by_event);
  by_event.received = direct.received;
  by_event.deadline = direct.deadline;
  expect_same(by_event, direct);
  const http::response made = application.handle(by_event);
  const bool head_only = direct.verb == http::method::head;
  answer returned = read_answer(net::lambda_answer(made, head_only));
  const answer sent = seen(made);
  EXPECT_EQ(returned.status, sent.status);
  EXPECT_EQ(fields_of(returned), fields_of(sent));
  EXPECT_EQ(returned.body, head_only ? "" : sent.body);
  return returned;
}

}  // namespace spaces::test
