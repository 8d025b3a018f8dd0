#include "scenario/scenario.hpp"

#include "platform/record/json.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace spaces::test {

namespace {

constexpr std::string_view problem_urn = "urn:lifestyle-spaces:problem:";

std::string described(const call& request) {
  std::string text(http::to_text(request.verb));
  text += ' ' + request.target;
  if (!request.who.empty()) text += " as " + request.who;
  for (const auto& [name, value] : request.fields) text += ", " + name + ": " + value;
  if (!request.body.empty()) text += ", " + request.body.substr(0, 300);
  return text;
}

}  // namespace

std::string listing::body() const {
  std::string json;
  for (const auto& [name, value] : members_) {
    json += json.empty() ? '{' : ',';
    record::append_json_string(json, name);
    json += ':' + value;
  }
  return json + '}';
}

scenario::scenario(std::string sentence, market_options options) : sentence_(std::move(sentence)), market_(options) {}

void scenario::add(const listing& published) {
  market_.clock().forward(std::chrono::seconds(1));
  const answer made = market_.send(post("/api/v1/properties", published.body()).as(published.owner()));
  if (made.status != 201) ADD_FAILURE() << sentence_ << ": " << published.name() << " was not published: " << made.body;
  names_[published.name()] = made.text_at("/id");
}

scenario& scenario::when(call request, std::source_location row) {
  request.target = filled(std::move(request.target));
  request.body = filled(std::move(request.body));
  for (auto& [name, value] : request.fields) value = filled(std::move(value));
  row_ = row;
  request_ = std::move(request);
  answer_ = market_.send(request_);
  return *this;
}

void scenario::check(int code, const std::vector<expectation>& expected) {
  const testing::ScopedTrace trace(row_.file_name(), static_cast<int>(row_.line()),
                                   sentence_ + "\n  " + described(request_) + "\n  " + answer_.body.substr(0, 1000));
  EXPECT_EQ(answer_.status, code);
  EXPECT_EQ(answer_.field("X-Content-Type-Options"), "nosniff");
  for (const expectation& one : expected) one(*this, answer_);
}

std::string scenario::filled(std::string text) const {
  for (const auto& [name, value] : names_) {
    const std::string mark = '{' + name + '}';
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
      text.replace(at, mark.size(), value);
  }
  return text;
}

std::string scenario::name_of(const std::string& id) const {
  const auto at = std::find_if(names_.begin(), names_.end(), [&](const auto& named) { return named.second == id; });
  return at == names_.end() ? id : at->first;
}

expectation problem(std::string slug) {
  return [slug = std::move(slug)](scenario&, const answer& seen) {
    EXPECT_EQ(seen.field("Content-Type"), "application/problem+json");
    EXPECT_EQ(seen.text_at("/type"), std::string(problem_urn) + slug);
    EXPECT_EQ(seen.text_at("/status"), std::to_string(seen.status));
    for (std::string_view member : {"/title", "/detail", "/instance"}) EXPECT_NE(seen.text_at(member), "") << member;
    EXPECT_EQ(seen.field("WWW-Authenticate").empty(), seen.status != 401);
  };
}

expectation errors(std::vector<std::pair<std::string, std::string>> pointers_and_codes) {
  return [expected = std::move(pointers_and_codes)](scenario&, const answer& seen) {
    std::vector<std::pair<std::string, std::string>> found;
    const auto root = record::parse_json(seen.body);
    const record::json_value* list = root ? root->find("errors") : nullptr;
    ASSERT_TRUE(list) << "no errors";
    for (const record::json_value& one : list->elements) {
      ASSERT_TRUE(one.find("pointer") && one.find("code") && one.find("detail"));
      EXPECT_NE(one.find("detail")->text, "");
      found.emplace_back(one.find("pointer")->text, one.find("code")->text);
    }
    EXPECT_THAT(found, testing::UnorderedElementsAreArray(expected));
  };
}

expectation field(std::string name, std::optional<std::string> value) {
  return [name = std::move(name), value = std::move(value)](scenario& s, const answer& seen) {
    if (value)
      EXPECT_EQ(seen.field(name), s.filled(*value)) << name;
    else
      EXPECT_NE(seen.field(name), "") << name;
  };
}

expectation no_field(std::string name) {
  return [name = std::move(name)](scenario&, const answer& seen) { EXPECT_EQ(seen.field(name), "") << name; };
}

expectation shows(std::string pointer, std::string json) {
  return [pointer = std::move(pointer), json = std::move(json)](scenario& s, const answer& seen) {
    EXPECT_EQ(seen.at(pointer), s.filled(json)) << pointer;
  };
}

expectation lists(std::vector<std::string> names) {
  return [names = std::move(names)](scenario& s, const answer& seen) {
    std::vector<std::string> found = seen.column("id");
    for (std::string& id : found) id = s.name_of(id);
    EXPECT_EQ(found, names);
  };
}

expectation keep(std::string name, std::string pointer) {
  return [name = std::move(name), pointer = std::move(pointer)](scenario& s, const answer& seen) {
    EXPECT_NE(seen.text_at(pointer), "") << pointer;
    s.name(name, seen.text_at(pointer));
  };
}

expectation more_follows() {
  return [](scenario&, const answer& seen) {
    EXPECT_NE(seen.text_at("/nextCursor"), "");
    EXPECT_THAT(seen.field("Link"), testing::EndsWith("cursor=" + seen.text_at("/nextCursor") + ">; rel=\"next\""));
  };
}

expectation last_page() {
  return [](scenario&, const answer& seen) {
    EXPECT_EQ(seen.at("/nextCursor"), "null");
    EXPECT_EQ(seen.field("Link"), "");
  };
}

}  // namespace spaces::test
