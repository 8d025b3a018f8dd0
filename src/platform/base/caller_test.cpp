#include "platform/base/caller.hpp"

#include <gtest/gtest.h>

namespace spaces {
namespace {

TEST(caller, nobody_is_not_known) {
  EXPECT_FALSE(nobody.known());
  EXPECT_TRUE((caller{.id = make_uuid_v7(instant{})}.known()));
}

}  // namespace
}  // namespace spaces
