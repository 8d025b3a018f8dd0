#include "platform/table/cursor.hpp"

#include "platform/base/digest.hpp"

#include <gtest/gtest.h>

namespace spaces::table {
namespace {

const cursor_seal seal("a secret of the store");
const position somewhere{"2026-11-22T08:00:00.000Z#019ab3c4", {"THING#019ab3c4", "DETAILS"}};

TEST(cursor, gives_its_place_back_to_the_same_question) {
  const std::string cursor = seal.seal(somewhere, "city=seattle");
  EXPECT_EQ(seal.open(cursor, "city=seattle"), somewhere);
  EXPECT_EQ(cursor_seal("a secret of the store").open(cursor, "city=seattle"), somewhere) << "after a restart, too";
}

TEST(cursor, is_refused_by_another_question_and_another_store) {
  const std::string cursor = seal.seal(somewhere, "city=seattle");
  for (const std::string_view question : {"", "city=seattl", "city=seattle ", "city=Seattle", "\ncity=seattle"})
    EXPECT_FALSE(seal.open(cursor, question)) << question;
  EXPECT_FALSE(cursor_seal("another secret").open(cursor, "city=seattle"));
  EXPECT_FALSE(cursor_seal("").open(cursor, "city=seattle"));
}

TEST(cursor, place_and_question_do_not_run_into_each_other) {
  // The same bytes, parted elsewhere.
  EXPECT_FALSE(seal.open(seal.seal({"a", {"b", "c"}}, "xyz"), "yz"));
  const std::string one = seal.seal({"a", {"b", "cx"}}, "y");
  EXPECT_FALSE(seal.open(one, "xy"));
  EXPECT_EQ(seal.open(one, "y"), (position{"a", {"b", "cx"}}));
}

TEST(cursor, is_refused_when_any_letter_is_changed_cut_or_added) {
  const std::string cursor = seal.seal(somewhere, "q");
  for (std::size_t at = 0; at < cursor.size(); ++at) {
    for (const char other : {'A', 'B', '_', '=', '+', '/', ' ', '\0', '\xFF'}) {
      if (cursor[at] == other) continue;
      std::string altered = cursor;
      altered[at] = other;
      EXPECT_FALSE(seal.open(altered, "q")) << at;
    }
    EXPECT_FALSE(seal.open(cursor.substr(0, at), "q")) << at;
    EXPECT_FALSE(seal.open(cursor.substr(at + 1), "q")) << at;
  }
  for (const std::string_view more : {"A", "AA", "=", "=="})
    EXPECT_FALSE(seal.open(cursor + std::string(more), "q")) << more;
}

TEST(cursor, is_safe_in_a_query_as_it_is) {
  std::string every_byte;
  for (int c = 1; c < 97; ++c) every_byte += static_cast<char>(c);
  const std::string cursor = seal.seal({every_byte, {"p", "s"}}, "q");
  EXPECT_EQ(cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
}

TEST(cursor, the_longest_place_fits_its_bound) {
  const position longest{std::string(sort_key_bytes_max, 'x'),
                         {std::string(partition_key_bytes_max, 'y'), std::string(sort_key_bytes_max, 'z')}};
  const std::string cursor = seal.seal(longest, "q");
  EXPECT_LE(cursor.size(), cursor_bytes_max);
  EXPECT_EQ(seal.open(cursor, "q"), longest);
  EXPECT_FALSE(seal.open(std::string(cursor_bytes_max + 1, 'A'), "q"));
}

TEST(cursor, resumes_a_query_of_its_own_question_alone) {
  query rows;
  EXPECT_TRUE(seal.resume(rows, std::nullopt, "q"));
  EXPECT_FALSE(rows.after);
  const std::string cursor = seal.seal(somewhere, "q");
  EXPECT_TRUE(seal.resume(rows, cursor, "q"));
  EXPECT_EQ(rows.after, somewhere);
  const auto refused = seal.resume(rows, cursor, "another");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().problems.front().code, "bad-cursor");
}

TEST(cursor, of_another_format_is_refused) {
  const std::string cursor = seal.seal(somewhere, "q");
  std::string bytes = *from_base64url(cursor);
  ASSERT_EQ(bytes[0], 1);
  bytes[0] = 2;
  EXPECT_FALSE(seal.open(to_base64url(bytes), "q"));
}

}  // namespace
}  // namespace spaces::table
