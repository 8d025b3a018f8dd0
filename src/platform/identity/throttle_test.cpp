#include "platform/identity/throttle.hpp"

#include <gtest/gtest.h>

namespace spaces::identity {
namespace {

TEST(throttle, a_customers_whole_network_is_one_subject) {
  EXPECT_EQ(address_subject("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(address_subject("2001:db8:1:2::1"), "2001:db8:1:2::/64");
  EXPECT_EQ(address_subject("2001:db8:1:2:ffff:ffff:ffff:ffff"), "2001:db8:1:2::/64");
  EXPECT_NE(address_subject("2001:db8:1:3::1"), address_subject("2001:db8:1:2::1"));
  EXPECT_EQ(address_subject("elsewhere"), "elsewhere");
}

}  // namespace
}  // namespace spaces::identity
