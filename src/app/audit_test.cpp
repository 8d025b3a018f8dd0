#include "platform/audit/audit.hpp"
#include "scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spaces::audit {
namespace {

using std::chrono::milliseconds;

instant at(int number) { return instant(milliseconds(1'795'334'400'000 + number)); }

TEST(audit, is_read_newest_first_and_of_one_subject) {
  test::scenario s{"what operators did is read newest first"};
  table::single_table& table = s.place().table();
  for (int n = 0; n < 120; ++n) {
    const auto written = table.write(
        {put_entry(make_entry("users suspend", n % 2 ? "odd" : "even", "ann", "why " + std::to_string(n), at(n)))});
    ASSERT_TRUE(written && !*written);
  }
  const auto newest = list(table, 3, std::nullopt, std::nullopt);
  ASSERT_TRUE(newest);
  ASSERT_EQ(newest->size(), 3u);
  EXPECT_EQ((*newest)[0].reason, "why 119");
  EXPECT_EQ((*newest)[0].by, "ann");
  EXPECT_EQ((*newest)[2].reason, "why 117");
  const auto odd = list(table, listed_max, "odd", std::nullopt);
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->size(), 60u) << "over more than one page";
  const auto older = list(table, listed_max, std::nullopt, at(10));
  ASSERT_TRUE(older);
  EXPECT_EQ(older->size(), 10u) << "from before";
}

}  // namespace
}  // namespace spaces::audit
