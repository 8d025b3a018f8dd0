// Taking a person's data along: nothing cut, and never more than a page in memory.
#include "marketplace/accounts/export.hpp"

#include "scenario/exports.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace spaces::test {
namespace {

constexpr const char* export_target = "/api/v1/users/me/export";

TEST(exports, hold_everything_over_as_many_pages_as_it_takes) {
  scenario s{"60 listings of 19,900 characters are two pages, and each is there once"};
  s.when(register_user("ann@example.com")).then(201);
  s.when(log_in("ann@example.com")).then(200, keep("a", "/access_token"));
  const std::string long_text = '"' + std::string(19'900, 'x') + '"';
  std::set<std::string> made;
  for (int n = 0; n < 60; ++n) {
    s.when(holding(post("/api/v1/properties", listing("", by(""), with("description", long_text)).body()), "{a}"));
    s.then(201, keep("id", "/id"));
    made.insert(s.filled("{id}"));
  }
  std::set<std::string> held;
  const auto items = exported(s, "{a}", "properties");
  for (const std::string& item : items) held.insert(item.substr(item.find("\"id\":\"") + 6, uuid_text_size));
  EXPECT_EQ(items.size(), 60u);
  EXPECT_EQ(held, made);
  s.when(holding(get(export_target), "{a}")).then(200, field("Link"), field("Content-Disposition"));
}

TEST(exports, go_on_with_a_cursor_of_their_own_alone) {
  scenario s{"a cursor is one person's, and nothing that is made up"};
  s.when(register_user("ann@example.com")).then(201);
  s.when(log_in("ann@example.com")).then(200, keep("a", "/access_token"));
  for (const char* wrong : {"x", "AAAA", "aGVsbG8"})
    s.when(holding(get(std::string(export_target) + "?cursor=" + wrong), "{a}"))
        .then(422, errors({{"cursor", "bad-cursor"}}));
}

TEST(exports, are_one_at_a_time_for_a_person_and_few_in_all) {
  accounts::export_gate gate;
  std::vector<accounts::export_gate::place> inside;
  for (std::size_t n = 0; n < accounts::export_pages_max; ++n) {
    auto place = gate.enter(id_of("p" + std::to_string(n)));
    ASSERT_TRUE(place);
    if (n == 0) {
      const auto again = gate.enter(id_of("p0"));
      ASSERT_FALSE(again);
      EXPECT_EQ(again.error().kind, error_kind::unavailable);
      EXPECT_EQ(again.error().retry_after, accounts::export_retry_after);
    }
    inside.push_back(*std::move(place));
  }
  EXPECT_FALSE(gate.enter(id_of("one more")));
  inside.pop_back();
  EXPECT_TRUE(gate.enter(id_of("one more")));
}

}  // namespace
}  // namespace spaces::test
