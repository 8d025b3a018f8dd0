#include "app/permissions.hpp"

#include <gmock/gmock.h>

#include <set>

namespace spaces::app {

namespace {

using testing::ElementsAre;
using testing::Not;

std::set<std::string> sids(const permission_subject& subject) {
  std::set<std::string> found;
  for (const aws::iam_statement& one : permissions(subject)) EXPECT_TRUE(found.insert(one.sid).second) << one.sid;
  return found;
}

TEST(permissions, hold_what_is_in_use_and_no_more) {
  EXPECT_THAT(sids({.table = "market"}), ElementsAre("Indexes", "Table"));
  EXPECT_THAT(sids({.table = "market", .kms_key = "arn:aws:kms:eu-west-1:123456789012:key/1", .function = "spaces"}),
              ElementsAre("Indexes", "Key", "Log", "Table"));
  EXPECT_THAT(sids({.table = "market", .bucket = "pictures"}), ElementsAre("Bucket", "Indexes", "Objects", "Table"));
  EXPECT_THAT(sids({.bucket = "pictures", .bucket_kms_key = "arn:aws:kms:eu-west-1:123456789012:key/2"}),
              ElementsAre("Bucket", "BucketKey", "Objects"))
      << "beside an embedded store";
}

TEST(permissions, a_function_writes_its_own_log) {
  const auto all = permissions({.table = "market", .function = "spaces"});
  EXPECT_THAT(all.back().resources,
              ElementsAre("arn:{partition}:logs:{region}:{account}:log-group:/aws/lambda/spaces:*"));
}

TEST(permissions, never_name_all_of_anything) {
  for (const bool operators : {false, true}) {
    for (const aws::iam_statement& one :
         permissions({"market", "arn:aws:kms:eu-west-1:123456789012:key/1", "spaces", "pictures",
                      "arn:aws:kms:eu-west-1:123456789012:key/2", operators})) {
      EXPECT_THAT(one.resources, Not(testing::Contains("*"))) << one.sid;
      for (const std::string& action : one.actions) EXPECT_FALSE(action.ends_with(":*")) << action;
    }
  }
}

}  // namespace

}  // namespace spaces::app
