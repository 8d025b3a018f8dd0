#include "platform/http/answers.hpp"

#include "platform/http/test_request.hpp"
#include "platform/record/json.hpp"

#include <gtest/gtest.h>

namespace spaces::http {
namespace {

using test::test_request;

response page(std::string target, std::string_view items, std::string_view cursor) {
  test_request request(method::get, std::move(target));
  const known_fields fields;
  return page_response({request.get(), fields, nobody, {}}, std::string(items), cursor);
}

TEST(answers, an_entity_tag_is_the_version) {
  EXPECT_EQ(to_etag(7), "\"v7\"");
  EXPECT_EQ(to_etag(0), "\"v0\"");
  EXPECT_EQ(to_etag(7, "i3.1"), "\"v7-i3.1\"");
}

TEST(answers, json_is_private_and_asked_for_again) {
  const response made = json_response(200, "{}");
  EXPECT_EQ(made.field("Content-Type"), "application/json");
  EXPECT_EQ(made.field("Cache-Control"), "private, no-cache");
}

TEST(answers, the_last_page_has_no_link) {
  const response made = page("/l?limit=2", "[1,2]", "");
  EXPECT_EQ(made.body, R"({"items":[1,2],"nextCursor":null})");
  EXPECT_EQ(made.field("Link"), "");
}

TEST(answers, a_link_is_the_same_question_with_the_next_cursor) {
  const struct {
    std::string target;
    std::string_view link;
  } rows[] = {
      {"/l", "</l?cursor=NEXT>; rel=\"next\""},
      {"/l?limit=2&city=S%C3%A3o+Paulo", "</l?limit=2&city=S%C3%A3o+Paulo&cursor=NEXT>; rel=\"next\""},
      {"/l?cursor=OLD&limit=2", "</l?limit=2&cursor=NEXT>; rel=\"next\""},
      {"/l?limit=2&%63urs%6Fr=OLD", "</l?limit=2&cursor=NEXT>; rel=\"next\""},
      {"/l?&&limit=2&", "</l?limit=2&cursor=NEXT>; rel=\"next\""},
      {"/l?cursory=1", "</l?cursory=1&cursor=NEXT>; rel=\"next\""},
      {"/l?q=%3E%22%0D%0A", "</l?q=%3E%22%0D%0A&cursor=NEXT>; rel=\"next\""},
      {"/l?q=>\"<\r\n \x7F\xC3", "</l?q=%3E%22%3C%0D%0A%20%7F%C3&cursor=NEXT>; rel=\"next\""},
  };
  for (const auto& row : rows) EXPECT_EQ(page(row.target, "[]", "NEXT").field("Link"), row.link) << row.target;
  EXPECT_EQ(page("/l", "[]", "NEXT").body, R"({"items":[],"nextCursor":"NEXT"})");
}

struct loft {
  std::string title;
  std::int64_t version = 0;
  static record::field_span fields();
};

record::field_span loft::fields() {
  static constexpr record::field rows[] = {
      record::of<&loft::title>("title", record::editable | record::on_card, {.length_max = 9, .card_tag = 1}),
      record::of<&loft::version>("version", record::fixed, {}),
  };
  return rows;
}

TEST(answers, things_are_sent_with_their_tag) {
  test_request request(method::get, "/l");
  const known_fields fields;
  const request_context context{request.get(), fields, nobody, {}};
  const response made = created<loft>{{"Loft", 1}, "/l/1"}.render(context);
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.field("Location"), "/l/1");
  EXPECT_EQ(made.field("ETag"), "\"v1\"");
  EXPECT_EQ(made.body, R"({"title":"Loft","version":1})");
  EXPECT_FALSE(made.same_for_all);

  const response seen = shown<loft>{{"Loft", 2}}.render(context);
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(seen.field("ETag"), "\"v2\"");

  const response item = shown_item<loft>{"{}", 3, true}.render(context);
  EXPECT_EQ(item.field("ETag"), "\"v3\"");
  EXPECT_TRUE(item.same_for_all);

  EXPECT_EQ((shown_item<loft>{"{}", 3, false, {}, "i0.0"}.render(context).field("ETag")), "\"v3-i0.0\"");
  EXPECT_EQ((shown_json<loft>{"{}", 4}.render(context).field("ETag")), "\"v4\"");

  const response listed = page_of<loft>{"[]", "", true}.render(context);
  EXPECT_TRUE(listed.same_for_all);
  EXPECT_FALSE((page_of<loft>{"[]", "", false}.render(context).same_for_all));
  EXPECT_TRUE((page_of<loft>{"[]", "", false, true}.render(context).personal));

  EXPECT_EQ(done{}.render(context).status, 204);
  EXPECT_EQ(done{}.render(context).body, "");
}

}  // namespace
}  // namespace spaces::http
