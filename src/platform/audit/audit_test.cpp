#include "platform/audit/audit.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spaces::audit {
namespace {

TEST(audit, a_reason_is_a_line) {
  EXPECT_TRUE(validate_reason("Fraud, reported by three people"));
  for (const std::string& bad : {std::string(), std::string("  "), std::string("two\nlines"), std::string(501, 'x'),
                                 std::string("\u200B"), std::string("hsilgnE\u202E"), std::string("\xFF")})
    EXPECT_FALSE(validate_reason(bad)) << bad.substr(0, 20);
}

}  // namespace
}  // namespace spaces::audit
