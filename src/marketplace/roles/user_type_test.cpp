#include "marketplace/roles/user_type.hpp"

#include <gtest/gtest.h>

namespace spaces {
namespace {

TEST(user_types, have_one_spelling_each) {
  for (const user_type type : {user_type::buyer, user_type::seller, user_type::agent})
    EXPECT_EQ(parse_user_type(to_text(type)), type);
  EXPECT_EQ(to_text(user_type::seller), "seller");
  for (const std::string_view text : {"", "Buyer", "sellers", "admin", " agent"})
    EXPECT_FALSE(parse_user_type(text)) << text;
}

TEST(user_types, only_sellers_and_agents_publish) {
  EXPECT_FALSE(publishes(caller{.id = {}, .role = role_of(user_type::buyer)}));
  EXPECT_TRUE(publishes(caller{.id = {}, .role = role_of(user_type::seller)}));
  EXPECT_TRUE(publishes(caller{.id = {}, .role = role_of(user_type::agent)}));
  EXPECT_EQ(type_of(nobody), user_type::buyer) << "the role that may least";
}

}  // namespace
}  // namespace spaces
