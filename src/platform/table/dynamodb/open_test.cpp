#include "dynamodb/table_beside.hpp"
#include "platform/table/dynamodb/dynamodb_table.hpp"
#include "platform/table/store_meta.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace spaces::table {

namespace {

class dynamodb_opening : public testing::Test {
 protected:
  void SetUp() override {
    SPACES_NEEDS_DYNAMODB();
    ground_ = std::make_unique<test::table_beside>();
  }

  result<std::unique_ptr<dynamodb_table>> open(const std::string& name, bool check_shape = true) {
    return open_dynamodb({name, check_shape}, test::make_service(), time_);
  }
  /// The sentence for the operator.
  std::string message_of(const std::string& name, bool check_shape = true) {
    const auto opened = open(name, check_shape);
    return opened ? "" : opened.error().public_text;
  }

  held_clock time_;
  std::unique_ptr<test::table_beside> ground_;
};

TEST_F(dynamodb_opening, of_many_together_all_agree_on_one_secret) {
  std::vector<std::thread> all;
  all.reserve(8);
  std::mutex mutex;
  std::set<std::string> secrets;
  for (int i = 0; i < 8; ++i) {
    all.emplace_back([&] {
      const auto table = open(ground_->name());
      ASSERT_TRUE(table) << table.error().public_text;
      const auto secret = store_meta::read_secret(**table);
      ASSERT_TRUE(secret);
      const std::lock_guard lock(mutex);
      secrets.insert(*secret);
    });
  }
  for (std::thread& each : all) each.join();
  EXPECT_EQ(secrets.size(), 1U);
}

TEST_F(dynamodb_opening, a_table_that_is_not_there_is_named) {
  for (const bool check_shape : {true, false})
    EXPECT_EQ(message_of("spaces-test-never-made", check_shape),
              "The DynamoDB table 'spaces-test-never-made' does not exist; spaces table create makes it.");
}

TEST_F(dynamodb_opening, a_table_of_another_shape_is_refused_with_the_difference) {
  const std::string name = ground_->name() + "-other";
  const auto service = test::make_service();
  ASSERT_TRUE(service->send({"CreateTable",
                             R"({"TableName":")" + name +
                                 R"(","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[)"
                                 R"({"AttributeName":"id","AttributeType":"S"}],"KeySchema":[)"
                                 R"({"AttributeName":"id","KeyType":"HASH"}]})",
                             false}));
  EXPECT_EQ(message_of(name), "The DynamoDB table '" + name +
                                  "' has another shape (spaces table verify tells all): The table must have the key PK "
                                  "(partition) and SK (sort).");
  EXPECT_NE(message_of(name, false), "");
  EXPECT_TRUE(service->send({"DeleteTable", R"({"TableName":")" + name + "\"}", false}));
}

TEST_F(dynamodb_opening, a_store_of_a_newer_format_is_refused) {
  dynamodb_table table(ground_->name(), test::make_service(), time_);
  record::item meta = store_meta::make(time_.now());
  meta.set(store_meta::format_version, record::value::of(make_decimal(store_meta::format_version_now + 1, 0)));
  std::vector<operation> newer;
  newer.emplace_back(put{{std::string(store_meta::pk), std::string(store_meta::sk)}, meta, {}});
  ASSERT_TRUE(table.write(std::move(newer)));
  EXPECT_NE(message_of(ground_->name()).find("written by a newer version of this program"), std::string::npos);
}

TEST_F(dynamodb_opening, answers_ping_for_half_a_unit) {
  const auto table = open(ground_->name());
  ASSERT_TRUE(table);
  const dynamodb::consumption_scope scope;
  EXPECT_TRUE((*table)->ping());
  EXPECT_EQ(scope.so_far(), (dynamodb::consumed{.requests = 1, .read_half_units = 1}));
}

/// A service whose DescribeTable answer is another.
class describing final : public aws::service {
 public:
  explicit describing(boost::system::result<std::string, aws::failure> answer) : answer_(std::move(answer)) {}
  boost::system::result<std::string, aws::failure> send(const aws::call& request) override {
    if (request.operation == "DescribeTable") return answer_;
    return real_->send(request);
  }

 private:
  boost::system::result<std::string, aws::failure> answer_;
  std::unique_ptr<aws::service> real_ = test::make_service();
};

TEST_F(dynamodb_opening, says_what_stands_in_the_way) {
  const auto sentence = [&](boost::system::result<std::string, aws::failure> answer) {
    const auto opened = open_dynamodb({ground_->name(), true}, std::make_unique<describing>(std::move(answer)), time_);
    return opened ? "" : opened.error().public_text.substr(("The DynamoDB table '" + ground_->name() + "' ").size());
  };
  using kind = aws::failure_kind;
  EXPECT_EQ(sentence(R"({"Table":{"TableStatus":"CREATING"}})"), "is being created; try again in a moment.");
  EXPECT_EQ(sentence(aws::failure{kind::refused, "UnrecognizedClientException", "The token is invalid", "", false}),
            "may not be used: The token is invalid");
  EXPECT_EQ(sentence(aws::failure{kind::unavailable, "", "no route to host", "", false}),
            "does not answer: no route to host");
  EXPECT_EQ(sentence(aws::failure{kind::refused, "AccessDeniedException", "not for you", "", false}), "")
      << "who may not describe it may use it all the same";
}

}  // namespace

}  // namespace spaces::table
