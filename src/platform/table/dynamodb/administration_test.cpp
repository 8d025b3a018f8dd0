#include "platform/table/dynamodb/administration.hpp"

#include "platform/table/dynamodb/table_call.hpp"

#include <gmock/gmock.h>

#include <deque>
#include <map>

namespace spaces::table::dynamodb {

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// What only DynamoDB itself does: a table that takes its time, backups that come later, faults. What
/// dynoxide does is tried on it (test/system/test_table.py).
class scripted final : public aws::service {
 public:
  /// Answers of an operation, one after the other; the last one stays.
  std::map<std::string, std::deque<boost::system::result<std::string, aws::failure>>> answers;
  std::vector<std::string> seen;

  boost::system::result<std::string, aws::failure> send(const aws::call& request) override {
    seen.emplace_back(request.operation);
    bodies[std::string(request.operation)] = request.body;
    auto& left = answers[std::string(request.operation)];
    if (left.empty()) return failed_with("UnknownOperationException");
    auto answer = left.front();
    if (left.size() > 1) left.pop_front();
    return answer;
  }
  static aws::failure failed_with(std::string code) {
    aws::failure made;
    made.code = std::move(code);
    made.text = "as told";
    return made;
  }
  std::map<std::string, std::string> bodies;
};

std::string described(std::string_view status = "ACTIVE", std::string_view more = "") {
  std::string table = R"({"Table":{"TableName":"market","TableStatus":")" + std::string(status) + "\",";
  append_shape(table);
  std::string::size_type at = 0;
  while ((at = table.find("\"Projection\"", at)) != std::string::npos) {
    table.insert(at, R"("IndexStatus":"ACTIVE",)");
    at += 40;
  }
  return table + R"(,"BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"},"DeletionProtectionEnabled":true,)" +
         R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"})" + std::string(more) +
         "}}";
}

std::string expiring(std::string_view status, std::string_view by = "TTL") {
  return R"({"TimeToLiveDescription":{"TimeToLiveStatus":")" + std::string(status) + R"(","AttributeName":")" +
         std::string(by) + "\"}}";
}

std::string backed_up(std::string_view status) {
  return R"({"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED","PointInTimeRecoveryDescription":)"
         R"({"PointInTimeRecoveryStatus":")" +
         std::string(status) + "\"}}}";
}

void as_wanted(scripted& service) {
  service.answers["DescribeTable"] = {described()};
  service.answers["DescribeTimeToLive"] = {expiring("ENABLED")};
  service.answers["DescribeContinuousBackups"] = {backed_up("ENABLED")};
}

const table_options wanted{.table = "market"};
constexpr auto patient = [](std::string_view) { return true; };

std::vector<std::string> deviations_of(scripted& service, const table_options& options = wanted) {
  const auto facts = describe(service, "market");
  EXPECT_TRUE(facts && *facts);
  return deviations(**facts, options);
}

TEST(dynamodb_administration, makes_a_table_waits_for_it_and_turns_on_the_rest) {
  scripted service;
  as_wanted(service);
  service.answers["DescribeTable"] = {scripted::failed_with("ResourceNotFoundException"), described("CREATING"),
                                      described("CREATING"), described()};
  service.answers["CreateTable"] = {"{}"};
  service.answers["DescribeTimeToLive"] = {expiring("DISABLED")};
  service.answers["UpdateTimeToLive"] = {"{}"};
  service.answers["DescribeContinuousBackups"] = {backed_up("DISABLED")};
  service.answers["UpdateContinuousBackups"] = {scripted::failed_with("ContinuousBackupsUnavailableException"), "{}"};
  std::vector<std::string> waited;
  const auto made = make_table(service, wanted, [&](std::string_view status) {
    waited.emplace_back(status);
    return true;
  });
  ASSERT_TRUE(made) << made.error().public_text;
  EXPECT_TRUE(made->made);
  EXPECT_THAT(waited, ElementsAre("CREATING", "CREATING", "backups are being made ready"));
  EXPECT_EQ(made->steps.size(), 3U);
  EXPECT_THAT(service.bodies["CreateTable"], HasSubstr(R"("DeletionProtectionEnabled":true)"));
  EXPECT_THAT(service.bodies["CreateTable"], HasSubstr(R"("StreamViewType":"NEW_AND_OLD_IMAGES")"));
  EXPECT_THAT(service.bodies["UpdateTimeToLive"], HasSubstr(R"("Enabled":true,"AttributeName":"TTL")"));
  EXPECT_THAT(service.bodies["UpdateContinuousBackups"], HasSubstr(R"("PointInTimeRecoveryEnabled":true)"));
}

TEST(dynamodb_administration, changes_nothing_of_a_table_that_is_as_wanted) {
  scripted service;
  as_wanted(service);
  const auto made = make_table(service, wanted, patient);
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->made);
  for (const std::string& one : service.seen) EXPECT_THAT(one, testing::StartsWith("Describe"));
  EXPECT_THAT(deviations_of(service), IsEmpty());
}

TEST(dynamodb_administration, goes_on_where_another_makes_the_table_at_the_same_moment) {
  scripted service;
  as_wanted(service);
  service.answers["DescribeTable"] = {scripted::failed_with("ResourceNotFoundException"), described()};
  service.answers["CreateTable"] = {scripted::failed_with("ResourceInUseException")};
  const auto made = make_table(service, wanted, patient);
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->made);
}

TEST(dynamodb_administration, leaves_a_table_of_another_shape_alone) {
  scripted service;
  as_wanted(service);
  std::string other = described();
  other.replace(other.find("\"IndexName\":\"GSI4\""), 18, "\"IndexName\":\"Rest\"");
  service.answers["DescribeTable"] = {other};
  service.answers["DescribeTimeToLive"] = {expiring("DISABLED")};
  service.answers["UpdateTimeToLive"] = {"{}"};
  const auto made = make_table(service, wanted, patient);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, error_kind::conflict);
  EXPECT_THAT(made.error().public_text, HasSubstr("The index GSI4 is missing"));
  EXPECT_THAT(service.seen, testing::Not(Contains("UpdateTimeToLive")));
  const auto found = deviations_of(service);
  EXPECT_THAT(found, Contains("The index GSI4 is missing"));
  EXPECT_THAT(found, Contains(HasSubstr("The index Rest is not one of ours")));
}

TEST(dynamodb_administration, stops_waiting_when_nobody_does) {
  scripted service;
  as_wanted(service);
  service.answers["DescribeTable"] = {described("CREATING")};
  const auto made = make_table(service, wanted, [](std::string_view) { return false; });
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().public_text, HasSubstr("CREATING"));
  service.answers["DescribeTable"] = {described("DELETING")};
  EXPECT_THAT(make_table(service, wanted, patient).error().public_text, HasSubstr("is DELETING"));
}

TEST(dynamodb_administration, tells_what_an_endpoint_does_not_know_and_goes_on) {
  scripted service;
  service.answers["DescribeTable"] = {described()};
  const auto made = make_table(service, wanted, patient);
  ASSERT_TRUE(made);
  EXPECT_THAT(made->steps, Contains(HasSubstr("does not know expiry")));
  EXPECT_THAT(made->steps, Contains(HasSubstr("does not know point-in-time recovery")));
  EXPECT_THAT(deviations_of(service), IsEmpty()) << "what cannot be told is no deviation";
}

TEST(dynamodb_administration, names_each_deviation) {
  struct row {
    const char* operation;
    std::string answer;
    table_options wanted;
    const char* says;
  };
  const table_options provisioned{.table = "market", .provisioned = throughput{5, 7}};
  const std::string key = "arn:aws:kms:eu-west-1:123456789012:key/one";
  const std::string locked = described("ACTIVE", R"(,"SSEDescription":{"KMSMasterKeyArn":")" + key + "\"}");
  std::string all = described();
  const std::string include = R"("ProjectionType":"INCLUDE","NonKeyAttributes":["Card","TTL"])";
  all.replace(all.find(include), include.size(), R"("ProjectionType":"ALL")");
  std::string open = described();
  open.replace(open.find("Enabled\":true"), 13, "Enabled\":false");
  const row rows[] = {
      {"DescribeTable", described("UPDATING"), wanted, "The table is UPDATING"},
      {"DescribeTable", all, wanted, "The index GSI1 carries ALL and not just Card, TTL"},
      {"DescribeTable", open, wanted, "Deletion protection is off"},
      {"DescribeTable", described(), provisioned, "on demand and not provisioned"},
      {"DescribeTable", locked, {.table = "market", .kms_key = "two"}, "and not with two"},
      {"DescribeTimeToLive", expiring("DISABLED"), wanted, "Expiry is off"},
      {"DescribeTimeToLive", expiring("ENABLED", "Ends"), wanted, "by their attribute Ends and not by TTL"},
      {"DescribeContinuousBackups", backed_up("DISABLED"), wanted, "Point-in-time recovery is off"},
      {"DescribeContinuousBackups", backed_up("ENABLED"), {.table = "m", .recovery = false}, "recovery is on"},
  };
  for (const row& one : rows) {
    scripted service;
    as_wanted(service);
    service.answers[one.operation] = {one.answer};
    EXPECT_THAT(deviations_of(service, one.wanted), ElementsAre(HasSubstr(one.says)));
  }
  for (const char* same : {"one", "alias/mine", key.c_str()}) {
    scripted service;
    as_wanted(service);
    service.answers["DescribeTable"] = {locked};
    EXPECT_THAT(deviations_of(service, {.table = "market", .kms_key = same}), IsEmpty()) << same;
  }
}

TEST(dynamodb_administration, says_faults_in_the_vendors_words) {
  scripted service;
  service.answers["DescribeTable"] = {scripted::failed_with("AccessDeniedException")};
  EXPECT_EQ(describe(service, "market").error().public_text, "DynamoDB did not do DescribeTable: as told");
  service.answers["DescribeTable"] = {"<html>"};
  EXPECT_THAT(describe(service, "market").error().public_text, HasSubstr("cannot be read"));
  service.answers["DescribeTable"] = {"{}"};
  EXPECT_FALSE(describe(service, "market"));
}

}  // namespace

}  // namespace spaces::table::dynamodb
