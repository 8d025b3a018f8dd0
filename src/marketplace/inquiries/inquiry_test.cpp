#include "marketplace/inquiries/inquiry.hpp"

#include "platform/base/text.hpp"
#include "platform/record/card.hpp"
#include "platform/record/write.hpp"

#include <gtest/gtest.h>

namespace spaces::inquiries {
namespace {

TEST(inquiry, counts_what_a_mail_program_makes_links_of) {
  struct row {
    const char* text;
    std::size_t links;
  };
  const row rows[] = {
      {"", 0},
      {"no links; e.g. 3.5 rooms, www", 0},
      {"see https://a.example", 1},
      {"HTTP://A.EXAMPLE and Www.b.example", 2},
      {"http://www.a.example", 1},
      {"www.a.example,www.b.example (www.c.example)\nwww.d.example", 4},
      {"awww.cute", 0},
      {"ftp://a://b", 2},
  };
  for (const row& each : rows) EXPECT_EQ(links_in(each.text), each.links) << each.text;
}

TEST(inquiry, has_an_excerpt_of_whole_code_points_on_one_line) {
  EXPECT_EQ(excerpt_of("Hello,\r\n\r\nmay I?", 100), "Hello, may I?");
  EXPECT_EQ(excerpt_of("a\xC3\xA4\xC3\xB6", 2), "a");
  EXPECT_EQ(excerpt_of("a\xC3\xA4\xC3\xB6", 3), "a\xC3\xA4");
  EXPECT_EQ(excerpt_of("abc", 0), "");
  EXPECT_EQ(excerpt_of("a \u202B\u2067bc\u2069\u202C", 4), "a bc");
  EXPECT_EQ(excerpt_of("\xF0\x9F\x8F\xA0", 3), "");
}

inquiry full(std::string title, std::string message) {
  inquiry q;
  q.id = q.property_id = q.user_id = q.owner_id = uuid{{0xff, 2, 3}};
  q.property_title = std::move(title);
  q.message = std::move(message);
  q.status = inquiry_status::responded;
  q.response = "Yes";
  q.version = 3;
  return q;
}

/// What DynamoDB counts of an index row: names and values of its keys and its card.
std::size_t row_bytes(const record::item& stored) {
  const table::key key = key_of(uuid{});
  std::size_t bytes = 2 + key.pk.size() + 2 + key.sk.size();
  for (std::string_view name : {table::name::index_pk[0], table::name::index_sk[0], table::name::card})
    bytes += name.size() + stored.find(name).text.size();
  return bytes;
}

TEST(inquiry, fits_a_page_of_twenty_into_one_read_unit) {
  constexpr std::size_t unit_bytes = 8 * 1024;  // two eventually consistent reads of 4 KiB
  for (const char* title : {"Loft", "Sunny craftsman near the park with a pear tree and a long, long, long title"}) {
    const record::item stored = to_item(full(title, std::string(5000, 'x')));
    EXPECT_LE(21 * row_bytes(stored), unit_bytes) << title;
    EXPECT_GT(record::card_value(stored.find(table::name::card).text, tag::excerpt).text.size(), 20U);
  }
}

TEST(inquiry, keeps_no_contact_and_what_it_does_not_know) {
  inquiry q = full("Loft", "Hello");
  q.inquirer_email = "ben@example.org";
  record::item stored = to_item(q);
  EXPECT_EQ(stored.find("inquirerEmail").kind, record::value_kind::none);
  stored.append("mood", record::value::of(std::string_view("cheerful")));
  const auto back = to_inquiry(stored.view());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->message, "Hello");
  EXPECT_EQ(to_item(*back).find("mood").text, "cheerful");
  EXPECT_EQ(to_item(*back).find("GSI1PK").text, property_partition(q.property_id));
}

TEST(inquiry, does_not_read_what_does_not_fit) {
  record::item stored;
  stored.append("status", record::value::of(std::string_view("lost")));
  EXPECT_FALSE(to_inquiry(stored.view()));
}

}  // namespace
}  // namespace spaces::inquiries
