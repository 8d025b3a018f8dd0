#include "platform/base/caller.hpp"

#include <gtest/gtest.h>

namespace spaces {
namespace {

TEST(caller, user_types_have_one_spelling_each) {
  for (const user_type type : {user_type::buyer, user_type::seller, user_type::agent}) {
    EXPECT_EQ(parse_user_type(to_text(type)), type);
  }
  for (const std::string_view text : {"", "Buyer", "sellers", "admin", " agent"}) {
    EXPECT_FALSE(parse_user_type(text)) << text;
  }
}

TEST(caller, only_sellers_and_agents_publish) {
  EXPECT_FALSE((caller{.id = {}, .type = user_type::buyer}.publishes()));
  EXPECT_TRUE((caller{.id = {}, .type = user_type::seller}.publishes()));
  EXPECT_TRUE((caller{.id = {}, .type = user_type::agent}.publishes()));
}

TEST(caller, nobody_is_not_known) {
  EXPECT_FALSE(nobody.known());
  EXPECT_TRUE((caller{.id = make_uuid_v7(instant{})}.known()));
}

}  // namespace
}  // namespace spaces
