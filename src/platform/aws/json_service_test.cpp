#include "platform/aws/json_service.hpp"

#include "platform/aws/limits.hpp"
#include "platform/aws/test_client.hpp"
#include "platform/base/deadline.hpp"
#include "waiting/waiting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>

namespace spaces::aws {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

constexpr retry_policy quick{.base = milliseconds(1), .most = milliseconds(2)};

/// A service whose answers are scripted, with pauses too short to notice.
class json_service : public testing::Test {
 protected:
  void answers(scripted_client::script script, std::map<std::string, std::string, std::less<>> more = {}) {
    client_ = std::make_unique<scripted_client>(std::move(script));
    more.insert({{"AWS_REGION", "eu-central-1"}, {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"}});
    more.insert({{"AWS_SECRET_ACCESS_KEY", "secret"}, {"AWS_SESSION_TOKEN", "token"}});
    environment_ = *environment::read(these(std::move(more)), *client_, clock_);
    service_ = *make_json_service(*client_, *environment_, dynamodb, clock_, quick);
  }
  /// The same answer to every try.
  void always(const scripted_client::outcome& one) {
    answers([one](const seen_request&, std::size_t) { return one; });
  }

  auto send(bool repeatable = true) { return service_->send({"GetItem", R"({"TableName":"t"})", repeatable}); }
  failure failed(bool repeatable = true) { return send(repeatable).error(); }

  standing_clock clock_{"2026-11-22T08:00:00Z"};
  std::unique_ptr<scripted_client> client_;
  std::unique_ptr<environment> environment_;
  std::unique_ptr<service> service_;
};

std::string type(std::string_view code) {
  return std::string(R"({"__type":"com.amazonaws.dynamodb.v20120810#)").append(code).append(R"(","message":"why"})");
}

TEST_F(json_service, a_call_is_a_signed_post) {
  always(answer(200, R"({"Item":{}})"));
  EXPECT_EQ(*send(), R"({"Item":{}})");
  const seen_request one = client_->seen().front();
  EXPECT_EQ(one.verb, http::method::post);
  EXPECT_EQ(one.url, "https://dynamodb.eu-central-1.amazonaws.com/");
  EXPECT_EQ(one.body, R"({"TableName":"t"})");
  EXPECT_EQ(one.field("Content-Type"), "application/x-amz-json-1.0");
  EXPECT_EQ(one.field("X-Amz-Target"), "DynamoDB_20120810.GetItem");
  EXPECT_EQ(one.field("X-Amz-Date"), "20261122T080000Z");
  EXPECT_EQ(one.field("X-Amz-Security-Token"), "token");
  EXPECT_THAT(one.field("Authorization"),
              StartsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-central-1/dynamodb/aws4_request, "
                         "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature="));
}

TEST_F(json_service, vendor_errors_become_what_a_caller_can_act_on) {
  const std::tuple<int, std::string_view, failure_kind> cases[] = {
      {400, "ResourceNotFoundException", failure_kind::missing},
      {400, "ConditionalCheckFailedException", failure_kind::condition_failed},
      {400, "TransactionCanceledException", failure_kind::condition_failed},
      {400, "ThrottlingException", failure_kind::throttled},
      {400, "ProvisionedThroughputExceededException", failure_kind::throttled},
      {400, "ItemCollectionSizeLimitExceededException", failure_kind::too_large},
      {400, "AccessDeniedException", failure_kind::refused},
      {400, "UnrecognizedClientException", failure_kind::refused},
      {403, "SomethingNew", failure_kind::refused},
      {413, "", failure_kind::too_large},
      {429, "SomethingNew", failure_kind::throttled},
      {500, "InternalServerError", failure_kind::unavailable},
      {503, "", failure_kind::unavailable},
      {400, "ValidationException", failure_kind::internal},
      {400, "SomethingNew", failure_kind::internal},
  };
  for (const auto& [status, code, kind] : cases) {
    always(answer(status, type(code)));
    const failure told = failed();
    EXPECT_EQ(told.kind, kind) << code;
    EXPECT_EQ(told.code, code);
    EXPECT_EQ(told.body, type(code));
    EXPECT_THAT(told.text, HasSubstr("why"));
  }
}

/// As AWS answers a wrong signature: with what should have been signed.
TEST_F(json_service, no_secret_that_a_service_repeats_gets_into_the_text) {
  answers(
      [](const seen_request& one, std::size_t) {
        return answer(400, R"({"__type":"x#InvalidSignatureException","message":"The signature does not match. The )"
                           R"(Canonical String should have been\n'POST\n/\nx-amz-security-token:)" +
                               one.field("X-Amz-Security-Token") + R"(\nx-amz-target:a', not SECRET1"})");
      },
      {{"AWS_SESSION_TOKEN", "SESSION1"}, {"AWS_SECRET_ACCESS_KEY", "SECRET1"}});
  const failure told = failed();
  EXPECT_EQ(told.kind, failure_kind::refused);
  EXPECT_THAT(told.text, HasSubstr("x-amz-security-token:***\nx-amz-target:a', not ***"));
  EXPECT_EQ(client_->seen().front().field("X-Amz-Security-Token"), "SESSION1");
}

TEST_F(json_service, the_name_of_an_error_stands_in_a_field_or_in_the_body) {
  for (const auto& outcome :
       {answer(400, "{}", {{"x-amzn-ErrorType", "ThrottlingException:http://internal.amazon.com/"}}),
        answer(400, R"({"__type":"ThrottlingException"})"), answer(400, R"({"code":"aws.x#ThrottlingException"})")}) {
    always(outcome);
    EXPECT_EQ(failed().code, "ThrottlingException");
  }
  always(
      answer(400, R"({"__type":"ValidationException","Message":"Item size has exceeded the maximum allowed size"})"));
  EXPECT_EQ(failed().kind, failure_kind::too_large);
}

TEST_F(json_service, three_tries_and_no_more) {
  for (const auto& outcome : {answer(500, "{}"), answer(400, type("ThrottlingException")), no_answer(true),
                              no_answer(false), answer(200, "<html>"), answer(200, R"({"Item":)"), answer(204, "")}) {
    always(outcome);
    EXPECT_FALSE(send());
    EXPECT_EQ(client_->count(), 3U);
  }
  for (const std::string_view code :
       {"ValidationException", "AccessDeniedException", "ConditionalCheckFailedException"}) {
    always(answer(400, type(code)));
    EXPECT_FALSE(send());
    EXPECT_EQ(client_->count(), 1U) << code;
  }
}

TEST_F(json_service, as_many_tries_as_the_surroundings_say) {
  always(answer(500, "{}"));
  const auto tries = [&](retry_policy policy) {
    policy.base = milliseconds(1);
    policy.most = milliseconds(1);
    const auto one = *make_json_service(*client_, *environment_, dynamodb, clock_, policy);
    const std::size_t before = client_->count();
    EXPECT_FALSE(one->send({"GetItem", "{}"}));
    return client_->count() - before;
  };
  EXPECT_EQ(tries({.tries_max = 1}), 1U);
  EXPECT_EQ(tries({.tries_max = 7}), 7U);
  EXPECT_EQ(tries({.mode = retry_mode::adaptive}), 3U);
  EXPECT_EQ(tries({.tries_max = 60}), 51U) << "500 tokens pay for 50 retries";
  EXPECT_EQ(tries({.mode = retry_mode::legacy, .tries_max = 60}), 60U) << "no budget";
}

TEST_F(json_service, a_later_try_that_succeeds_is_a_success) {
  answers([](const seen_request&, std::size_t number) { return number < 2 ? answer(503, "") : answer(200, "{}"); });
  EXPECT_EQ(*send(), "{}");
  EXPECT_EQ(client_->count(), 3U);
}

TEST_F(json_service, what_must_not_be_done_twice_is_sent_again_only_where_it_cannot_have_arrived) {
  for (const auto& outcome : {answer(500, "{}"), no_answer(true), answer(200, "garbage")}) {
    always(outcome);
    EXPECT_TRUE(failed(false).may_have_happened);
    EXPECT_EQ(client_->count(), 1U);
  }
  for (const auto& outcome : {answer(400, type("ThrottlingException")), no_answer(false)}) {
    always(outcome);
    EXPECT_FALSE(failed(false).may_have_happened);
    EXPECT_EQ(client_->count(), 3U);
  }
}

/// The last try was refused before anything happened; the first may have been carried out all the same.
TEST_F(json_service, an_earlier_try_that_may_have_happened_is_told) {
  answers([](const seen_request&, std::size_t number) {
    return number == 0 ? no_answer(true) : answer(400, type("ConditionalCheckFailedException"));
  });
  const failure told = failed();
  EXPECT_EQ(told.kind, failure_kind::condition_failed);
  EXPECT_TRUE(told.may_have_happened);
}

TEST_F(json_service, no_try_begins_behind_the_deadline) {
  std::chrono::steady_clock::time_point deadline;
  answers([&](const seen_request& one, std::size_t) {
    deadline = one.deadline;
    test::comes_true([&] { return std::chrono::steady_clock::now() > deadline; });
    return answer(500, "{}");
  });
  const deadline_scope scope(milliseconds(60));
  EXPECT_EQ(failed().kind, failure_kind::unavailable);
  EXPECT_EQ(client_->count(), 1U);
}

/// A try that is silent for as long as it may be leaves time for the others.
TEST_F(json_service, an_operators_call_has_time_for_as_many_tries_as_it_may_make) {
  always(no_answer(false));
  json_protocol patient = dynamodb;
  patient.silence_max = operators_silence_max;
  for (const int tries : {3, 5}) {
    retry_policy policy = quick;
    policy.tries_max = tries;
    const auto before = std::chrono::steady_clock::now();
    const auto one = *make_json_service(*client_, *environment_, patient, clock_, policy);
    EXPECT_FALSE(one->send({"GetItem", "{}"}));
    const seen_request seen = client_->seen().back();
    EXPECT_EQ(seen.silence_max, operators_silence_max);
    EXPECT_GE(seen.deadline, before + tries * operators_silence_max);
  }
  EXPECT_EQ(client_->count(), 3U + 5U);
}

TEST_F(json_service, a_service_that_fails_and_fails_is_not_asked_three_times_each) {
  answers(
      [](const seen_request&, std::size_t number) { return number < 1000 ? answer(500, "{}") : answer(200, "{}"); });
  // 500 tokens pay for a hundred retries without a code (10 each: 50 retries), then there are first tries only.
  std::size_t calls = 0;
  while (client_->count() < 1000) {
    EXPECT_FALSE(send());
    ++calls;
  }
  EXPECT_EQ(calls, 1000U - budget_tokens_max / timeout_retry_cost);
  // Successes earn a token each; ten pay for a retry again.
  for (int i = 0; i < timeout_retry_cost; ++i) EXPECT_TRUE(send());
  const std::size_t before = client_->count();
  service_->send({"GetItem", "{}", true});
  EXPECT_EQ(client_->count(), before + 1);
}

TEST_F(json_service, a_retry_that_helps_gets_its_price_back) {
  answers(
      [](const seen_request&, std::size_t number) { return number % 2 == 0 ? answer(500, "{}") : answer(200, "{}"); });
  // Paid for good, fifty of them would have used the budget up.
  for (int i = 0; i < 2 * budget_tokens_max / timeout_retry_cost; ++i) EXPECT_TRUE(send()) << i;
}

TEST_F(json_service, who_failed_together_does_not_come_back_together) {
  const retry_policy policy{.base = milliseconds(50), .most = milliseconds(160)};
  std::minstd_rand random(1);
  for (const auto& [tries, most] : {std::pair(1, 50), std::pair(2, 100), std::pair(3, 160), std::pair(9, 160)}) {
    std::map<milliseconds::rep, int> drawn;  // by tenths of the longest
    for (int i = 0; i < 10'000; ++i) {
      const auto pause = pause_after(tries, policy, random);
      EXPECT_GE(pause.count(), 0);
      EXPECT_LE(pause.count(), most);
      ++drawn[std::min<milliseconds::rep>(pause.count() * 10 / most, 9)];
    }
    EXPECT_EQ(drawn.size(), 10U);
    for (const auto& [tenth, times] : drawn) EXPECT_GT(times, 500) << tries << " tries, tenth " << tenth;
  }
}

TEST_F(json_service, a_wrong_clock_is_set_by_the_services_once) {
  answers([](const seen_request& one, std::size_t) {
    if (one.field("X-Amz-Date") < "20261122T080900Z")
      return answer(400, R"({"__type":"InvalidSignatureException","message":"Signature expired: it is too late"})",
                    {{"Date", "Sun, 22 Nov 2026 08:10:00 GMT"}});
    return answer(200, "{}");
  });
  EXPECT_TRUE(send());
  EXPECT_TRUE(send());
  const auto seen = client_->seen();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[1].field("X-Amz-Date"), "20261122T081000Z");
  EXPECT_EQ(seen[2].field("X-Amz-Date"), "20261122T081000Z");
}

TEST_F(json_service, a_complaint_about_a_clock_that_is_right_is_no_reason_to_go_on) {
  always(answer(400, type("RequestTimeTooSkewed"), {{"Date", "Sun, 22 Nov 2026 08:00:00 GMT"}}));
  EXPECT_EQ(failed().kind, failure_kind::refused);
  EXPECT_EQ(client_->count(), 1U);
}

TEST_F(json_service, expired_credentials_are_renewed_once_and_the_call_goes_on) {
  int given = 0;
  answers(
      [&](const seen_request& one, std::size_t) {
        if (one.url.starts_with("http://127.0.0.1/keys"))
          return answer(200, R"({"AccessKeyId":"KEY)" + std::to_string(++given) +
                                 R"(","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-22T14:00:00Z"})");
        if (one.field("Authorization").find("KEY1/") != std::string::npos)
          return answer(400, type("ExpiredTokenException"));
        return answer(200, "{}");
      },
      {{"AWS_ACCESS_KEY_ID", ""},
       {"AWS_SECRET_ACCESS_KEY", ""},
       {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/keys"}});
  EXPECT_TRUE(send(false));
  EXPECT_EQ(given, 2);
  EXPECT_TRUE(send(false));
  EXPECT_EQ(given, 2);
}

TEST_F(json_service, credentials_that_stay_expired_are_refused) {
  always(answer(400, type("ExpiredTokenException")));
  EXPECT_EQ(failed().kind, failure_kind::refused);
  EXPECT_EQ(client_->count(), 2U);
}

TEST_F(json_service, without_credentials_nothing_is_sent) {
  answers([](const seen_request&, std::size_t) { return answer(200, "{}"); },
          {{"AWS_ACCESS_KEY_ID", ""}, {"AWS_SECRET_ACCESS_KEY", ""}, {"AWS_EC2_METADATA_DISABLED", "true"}});
  const failure told = failed();
  EXPECT_EQ(told.kind, failure_kind::refused);
  EXPECT_THAT(told.text, HasSubstr("no AWS credentials"));
  EXPECT_EQ(client_->count(), 0U);
}

TEST_F(json_service, the_checksum_of_an_answer_is_held_against_it) {
  always(answer(200, "{}", {{"x-amz-crc32", "2745614147"}}));
  EXPECT_TRUE(send());
  always(answer(200, "{}", {{"x-amz-crc32", "2745614148"}}));
  EXPECT_EQ(failed().kind, failure_kind::unavailable);
}

TEST_F(json_service, an_endpoint_with_a_path_and_another_port) {
  answers([](const seen_request&, std::size_t) { return answer(200, "{}"); },
          {{"AWS_ENDPOINT_URL_DYNAMODB", "http://localhost:8000/base/"}});
  EXPECT_TRUE(send());
  EXPECT_EQ(client_->seen().front().url, "http://localhost:8000/base");
}

}  // namespace
}  // namespace spaces::aws
