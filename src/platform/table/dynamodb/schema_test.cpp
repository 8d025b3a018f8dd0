#include "platform/table/dynamodb/schema.hpp"

#include "platform/record/json.hpp"

#include <gtest/gtest.h>

namespace spaces::table::dynamodb {

namespace {

/// A DescribeTable answer of the shape that CreateTable is asked for.
std::string described(std::string_view status = "ACTIVE") {
  std::string answer = R"({"Table":{"TableStatus":")" + std::string(status) + "\",";
  append_shape(answer);
  return answer + "}}";
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

TEST(dynamodb_schema, names_a_key_five_indexes_and_what_they_carry) {
  const auto parsed = record::parse_json(described());
  ASSERT_TRUE(parsed);
  const record::json_value& table = *parsed->find("Table");
  EXPECT_EQ(table.find("AttributeDefinitions")->elements.size(), 12U);
  EXPECT_EQ(table.find("BillingMode")->text, "PAY_PER_REQUEST");
  const record::json_value& indexes = *table.find("GlobalSecondaryIndexes");
  ASSERT_EQ(indexes.elements.size(), 5U);
  for (const record::json_value& one : indexes.elements) {
    const record::json_value& projection = *one.find("Projection");
    EXPECT_EQ(projection.find("ProjectionType")->text, "INCLUDE");
    ASSERT_EQ(projection.find("NonKeyAttributes")->elements.size(), 2U);
    EXPECT_EQ(projection.find("NonKeyAttributes")->elements[0].text, "Card");
    EXPECT_EQ(projection.find("NonKeyAttributes")->elements[1].text, "TTL");
    EXPECT_FALSE(one.find("ProvisionedThroughput"));
  }
}

TEST(dynamodb_schema, gives_the_table_and_each_index_its_throughput) {
  std::string body = "{";
  append_shape(body, throughput{.read_units = 5, .write_units = 7});
  const auto parsed = record::parse_json(body + "}");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->find("BillingMode")->text, "PROVISIONED");
  EXPECT_EQ(parsed->find("ProvisionedThroughput")->find("WriteCapacityUnits")->text, "7");
  for (const record::json_value& one : parsed->find("GlobalSecondaryIndexes")->elements)
    EXPECT_EQ(one.find("ProvisionedThroughput")->find("ReadCapacityUnits")->text, "5");
}

TEST(dynamodb_schema, finds_its_own_shape_without_a_flaw) {
  const auto told = read_description(described("CREATING"));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->status, "CREATING");
  EXPECT_TRUE(told->flaws.empty());
  const auto all = read_description(replaced(
      described(), R"("ProjectionType":"INCLUDE","NonKeyAttributes":["Card","TTL"])", R"("ProjectionType":"ALL")"));
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->flaws.empty());
}

TEST(dynamodb_schema, tells_how_a_table_differs) {
  struct difference {
    std::string_view what;
    std::string_view by;
    std::string_view flaw;
  };
  constexpr difference differences[] = {
      {R"("KeySchema":[{"AttributeName":"PK")", R"("KeySchema":[{"AttributeName":"id")",
       "The table must have the key PK (partition) and SK (sort)"},
      {R"("IndexName":"GSI3")", R"("IndexName":"Other")", "The index GSI3 is missing"},
      {R"("AttributeName":"GSI2SK","KeyType")", R"("AttributeName":"x","KeyType")",
       "The index GSI2 must have the key GSI2PK (partition) and GSI2SK (sort)"},
      {R"(["Card","TTL"])", R"(["Card"])", "The index GSI1 does not carry TTL"},
      {R"("IndexName":"GSI5",)", R"("IndexName":"GSI5","IndexStatus":"CREATING",)",
       "The index GSI5 is not ready: its status is CREATING"},
      {R"("AttributeName":"SK","AttributeType":"S")", R"("AttributeName":"SK","AttributeType":"N")",
       "SK must be a text (S)"},
  };
  for (const auto& [what, by, flaw] : differences) {
    const auto told = read_description(replaced(described(), what, by));
    ASSERT_TRUE(told);
    EXPECT_EQ(told->flaws, std::vector<std::string>{std::string(flaw)});
  }
}

TEST(dynamodb_schema, takes_no_other_answer) {
  for (const char* other : {"", "{}", "[]", "garbage", R"({"Tables":[]})"}) EXPECT_FALSE(read_description(other));
}

}  // namespace

}  // namespace spaces::table::dynamodb
