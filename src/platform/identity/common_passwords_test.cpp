#include "platform/identity/common_passwords.hpp"
#include <source_dir.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace spaces::identity {
namespace {

TEST(common_passwords, what_is_tried_first_is_refused) {
  for (const std::string_view text :
       {"password", "Password1!", "PASSWORD", "123456", "12345678", "qwerty", "Qwerty123!", "!!Dragon2024", "Trustno1",
        "iloveyou", "Monkey#1", "letmein", "1Q2w3e4r"})
    EXPECT_TRUE(is_common_password(text)) << text;
}

TEST(common_passwords, what_is_not_common_is_not) {
  for (const std::string_view text :
       {"", "correct horse battery staple", "Tr0ub4dor&3", "pass word", "passw0rt!", "Kx7!vmq2Lp", "Пароль-2026!",
        "Password1!Password1!", "12345678!Zq", "\u00E9password"})
    EXPECT_FALSE(is_common_password(text)) << text;
}

TEST(common_passwords, every_one_of_the_list_is_in_it) {
  std::ifstream list(SPACES_SOURCE_DIR "/../shared/vectors/common_passwords.txt");
  if (!list) GTEST_SKIP() << "../shared/vectors/common_passwords.txt is not here";
  int read = 0;
  for (std::string line; std::getline(list, line); ++read) ASSERT_TRUE(is_common_password(line)) << line;
  EXPECT_EQ(read, 10'000);
}

}  // namespace
}  // namespace spaces::identity
