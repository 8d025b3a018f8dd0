#include "platform/aws/iam.hpp"

#include "platform/record/json.hpp"

#include <gmock/gmock.h>

namespace spaces::aws {

namespace {

using testing::HasSubstr;
using testing::Not;

const iam_statement reading{"Read", {"s3:GetObject"}, {"arn:{partition}:s3:::pictures/*"}};
const iam_statement logging{"Log", {"logs:PutLogEvents"}, {"arn:{partition}:logs:{region}:{account}:log-group:/x:*"}};

TEST(iam, a_policy_holds_the_statements_in_their_order) {
  const std::string document =
      policy_document(std::vector{reading, logging}, {.region = "eu-west-1", .account = "123456789012"});
  const auto parsed = record::parse_json(document);
  ASSERT_TRUE(parsed) << document;
  EXPECT_EQ(parsed->find("Version")->text, "2012-10-17");
  const auto& statements = parsed->find("Statement")->elements;
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_EQ(statements[0].find("Sid")->text, "Read");
  EXPECT_EQ(statements[0].find("Effect")->text, "Allow");
  EXPECT_EQ(statements[0].find("Action")->elements.at(0).text, "s3:GetObject");
  EXPECT_EQ(statements[0].find("Resource")->elements.at(0).text, "arn:aws:s3:::pictures/*");
  EXPECT_EQ(statements[0].find("Condition"), nullptr);
  EXPECT_EQ(statements[1].find("Resource")->elements.at(0).text, "arn:aws:logs:eu-west-1:123456789012:log-group:/x:*");
}

TEST(iam, a_policy_has_placeholders_and_other_partitions) {
  const auto document = [](const char* region) { return policy_document(std::vector{logging}, {.region = region}); };
  EXPECT_THAT(document(""), HasSubstr("arn:aws:logs:REGION:ACCOUNT:log-group"));
  EXPECT_THAT(document("cn-north-1"), HasSubstr("arn:aws-cn:logs:cn-north-1"));
  EXPECT_THAT(document("us-gov-west-1"), HasSubstr("arn:aws-us-gov:logs"));
  EXPECT_THAT(document("eusc-de-east-1"), HasSubstr("arn:aws-eusc:logs"));
}

TEST(iam, a_key_may_be_allowed_through_one_service_alone) {
  const iam_statement key{"Key", {"kms:Decrypt"}, {"arn:aws:kms:eu-west-1:123456789012:key/1"}, "dynamodb"};
  EXPECT_THAT(policy_document(std::vector{key}, {.region = "eu-west-1"}),
              HasSubstr(R"("kms:ViaService": "dynamodb.eu-west-1.amazonaws.com")"));
  EXPECT_THAT(policy_document(std::vector{key}, {.region = "cn-north-1"}),
              HasSubstr(R"("kms:ViaService": "dynamodb.cn-north-1.amazonaws.com.cn")"));
}

TEST(iam, an_arn_has_six_parts) {
  const auto table = parse_arn("arn:aws:dynamodb:eu-west-1:123456789012:table/market");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->partition, "aws");
  EXPECT_EQ(table->service, "dynamodb");
  EXPECT_EQ(table->region, "eu-west-1");
  EXPECT_EQ(table->account, "123456789012");
  EXPECT_EQ(table->resource, "table/market");
  EXPECT_EQ(parse_arn("arn:aws:lambda:eu-west-1:123456789012:function:spaces")->resource, "function:spaces");
  EXPECT_EQ(parse_arn("arn:aws:s3:::pictures")->resource, "pictures");
  for (const char* none : {"", "market", "arn:aws:dynamodb:eu-west-1:123456789012", "arn:aws:dynamodb:eu-west-1:1:t",
                           "arn:aws:dynamodb:eu-west-1:123456789012:", "arn::dynamodb:eu-west-1:123456789012:t",
                           "urn:aws:dynamodb:eu-west-1:123456789012:t", "arn:aws:dynamodb:EU!:123456789012:t"})
    EXPECT_FALSE(parse_arn(none)) << none;
}

}  // namespace

}  // namespace spaces::aws
