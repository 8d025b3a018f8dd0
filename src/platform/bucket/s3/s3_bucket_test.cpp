#include "platform/bucket/s3/s3_bucket.hpp"

#include "platform/aws/test_client.hpp"
#include "platform/base/base64.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spaces::bucket {

namespace {

using aws::answer;
using aws::seen_request;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using settings = std::map<std::string, std::string, std::less<>>;

/// What a real S3 is not asked for in the tests: AWS's own endpoints, encryption, faults.
class s3_requests : public testing::Test {
 protected:
  void open(
      s3_options options, settings values = {},
      aws::scripted_client::script script = [](const seen_request&, std::size_t) { return answer(200, ""); }) {
    values.insert({{"AWS_REGION", "eu-west-1"}, {"AWS_ACCESS_KEY_ID", "ID"}, {"AWS_SECRET_ACCESS_KEY", "s"}});
    values.insert({{"AWS_MAX_ATTEMPTS", "2"}});
    client_ = std::make_unique<aws::scripted_client>(std::move(script));
    surroundings_ = *aws::environment::read(aws::these(std::move(values)), *client_, clock_);
    bucket_ = *open_s3_bucket(options, *client_, *surroundings_, clock_);
  }
  std::string put_url() {
    EXPECT_TRUE(bucket_->put("a/b", "x", {}));
    return client_->seen().back().url;
  }

  aws::standing_clock clock_{"2026-11-22T08:00:00Z"};
  std::unique_ptr<aws::scripted_client> client_;
  std::unique_ptr<aws::environment> surroundings_;
  std::unique_ptr<object_store> bucket_;
};

TEST_F(s3_requests, name_the_bucket_by_host_or_by_path) {
  open({"pictures"});
  EXPECT_EQ(put_url(), "https://pictures.s3.eu-west-1.amazonaws.com/a/b");
  open({"my.pictures"});
  EXPECT_EQ(put_url(), "https://s3.eu-west-1.amazonaws.com/my.pictures/a/b") << "no certificate covers its dots";
  open({"pictures", addressing::path});
  EXPECT_EQ(put_url(), "https://s3.eu-west-1.amazonaws.com/pictures/a/b");
  open({"pictures"}, {{"AWS_ENDPOINT_URL_S3", "http://localhost:7070/"}});
  EXPECT_EQ(put_url(), "http://localhost:7070/pictures/a/b");
  open({"pictures", addressing::host}, {{"AWS_ENDPOINT_URL", "http://s3.local:7070"}});
  EXPECT_EQ(put_url(), "http://pictures.s3.local:7070/a/b");
  open({"pictures"}, {{"AWS_USE_DUALSTACK_ENDPOINT", "true"}});
  EXPECT_EQ(put_url(), "https://pictures.s3.dualstack.eu-west-1.amazonaws.com/a/b");
}

TEST_F(s3_requests, a_put_is_signed_with_its_content) {
  open({"pictures", addressing::automatic, encryption::kms, "arn:aws:kms:eu-west-1:1:key/2"});
  ASSERT_TRUE(bucket_->put("k", "x", {.content_type = "image/png", .only_if_absent = true}));
  const seen_request one = client_->seen().front();
  EXPECT_EQ(one.verb, http::method::put);
  EXPECT_EQ(one.field("x-amz-content-sha256"), to_hex(sha256("x")));
  EXPECT_EQ(one.field("x-amz-checksum-sha256"), "LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=");
  EXPECT_EQ(one.field("If-None-Match"), "*");
  EXPECT_EQ(one.field("x-amz-server-side-encryption"), "aws:kms");
  EXPECT_EQ(one.field("x-amz-server-side-encryption-aws-kms-key-id"), "arn:aws:kms:eu-west-1:1:key/2");
  EXPECT_THAT(one.field("Authorization"),
              HasSubstr("SignedHeaders=content-type;host;if-none-match;x-amz-checksum-sha256;x-amz-content-sha256;"
                        "x-amz-date;x-amz-server-side-encryption;x-amz-server-side-encryption-aws-kms-key-id, "));
  open({"pictures", addressing::automatic, encryption::aes256});
  ASSERT_TRUE(bucket_->put("k", "x", {}));
  EXPECT_EQ(client_->seen().front().field("x-amz-server-side-encryption"), "AES256");
}

TEST_F(s3_requests, a_permission_signs_every_field) {
  open({"pictures"}, {{"AWS_SESSION_TOKEN", "T"}});
  const auto made = bucket_->permit({"a/b", "image/png", 7, 7, sha256("x"), std::chrono::seconds(60)});
  ASSERT_TRUE(made);
  EXPECT_THAT(made->url, StartsWith("https://pictures.s3.eu-west-1.amazonaws.com/a/b?X-Amz-Algorithm="));
  EXPECT_THAT(made->url, HasSubstr("&X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost%3Bif-none-match%3B"
                                   "x-amz-checksum-sha256&X-Amz-Expires=60&X-Amz-Security-Token=T&"));
  EXPECT_EQ(to_text(made->expires_at), "2026-11-22T08:01:00.000Z");
  EXPECT_EQ(client_->count(), 0U) << "nobody is asked";
}

TEST_F(s3_requests, a_forms_policy_holds_each_of_its_fields) {
  open({"pictures", addressing::automatic, encryption::aes256});
  const auto made = bucket_->permit({"a/b", "image/png", 1, 9, sha256("x"), std::chrono::seconds(60)});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->url, "https://pictures.s3.eu-west-1.amazonaws.com/");
  std::string policy;
  for (const auto& [name, value] : made->fields)
    if (name == "policy") {
      ASSERT_TRUE(append_from_base64(policy, value));
    }
  EXPECT_THAT(policy, StartsWith(R"({"expiration":"2026-11-22T08:01:00.000Z","conditions":[{"bucket":"pictures"},)"
                                 R"(["content-length-range",1,9],)"));
  for (const auto& [name, value] : made->fields) {
    if (name != "policy" && name != "x-amz-signature") {
      EXPECT_THAT(policy, HasSubstr("{\"" + name + "\":\"" + value + "\"}"));
    }
  }
}

TEST_F(s3_requests, errors_are_what_a_caller_can_act_on) {
  const auto kind_of = [&](int status, std::string_view code) {
    open({"pictures"}, {}, [=](const seen_request&, std::size_t) {
      return answer(status, "<Error><Code>" + std::string(code) + "</Code><Message>why</Message></Error>");
    });
    return bucket_->get("k", std::nullopt).error().kind;
  };
  EXPECT_EQ(kind_of(404, "NoSuchKey"), error_kind::not_found);
  EXPECT_EQ(kind_of(404, "NoSuchBucket"), error_kind::unavailable);
  EXPECT_EQ(kind_of(403, "AccessDenied"), error_kind::unavailable);
  EXPECT_EQ(kind_of(503, "SlowDown"), error_kind::unavailable);
  EXPECT_EQ(kind_of(500, "InternalError"), error_kind::unavailable);
  EXPECT_EQ(kind_of(412, "PreconditionFailed"), error_kind::conflict);
  EXPECT_EQ(kind_of(409, "ConditionalRequestConflict"), error_kind::unavailable);
  EXPECT_EQ(kind_of(400, "EntityTooLarge"), error_kind::too_large);
  EXPECT_EQ(kind_of(301, "PermanentRedirect"), error_kind::internal);
  EXPECT_THAT(bucket_->get("k", std::nullopt).error().private_text, HasSubstr("the bucket pictures: get k: 301"));
}

/// Of an object of `bytes`, the part that a request's Range names.
aws::scripted_client::outcome piece_of(const seen_request& asked, std::uint64_t bytes) {
  const std::string range = asked.field("Range");
  const std::uint64_t from = std::stoull(range.substr(range.find('=') + 1));
  const std::uint64_t size = std::min(opened_piece_bytes, bytes - from);
  return answer(206, std::string(size, 'x'),
                {{"content-range", "bytes " + std::to_string(from) + "-" + std::to_string(from + size - 1) + "/" +
                                       std::to_string(bytes)},
                 {"etag", "\"tag\""}});
}

TEST_F(s3_requests, an_object_is_opened_by_pieces_of_one_version) {
  constexpr std::uint64_t bytes = 2 * opened_piece_bytes + 1;
  open({"pictures"}, {}, [](const seen_request& asked, std::size_t) { return piece_of(asked, bytes); });
  const auto opened = bucket_->open("k");
  ASSERT_TRUE(opened) << opened.error().private_text;
  EXPECT_EQ(opened->info.bytes, bytes);
  const auto seen = client_->seen();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].field("Range"), "bytes=0-4194303");
  EXPECT_EQ(seen[0].field("If-Match"), "");
  EXPECT_EQ(seen[2].field("Range"), "bytes=8388608-12582911");
  EXPECT_EQ(seen[2].field("If-Match"), "\"tag\"");
}

TEST_F(s3_requests, an_object_that_changes_while_it_is_opened_is_tried_again_later) {
  open({"pictures"}, {}, [](const seen_request& asked, std::size_t number) {
    return number == 0 ? piece_of(asked, 2 * opened_piece_bytes)
                       : answer(412, "<Error><Code>PreconditionFailed</Code></Error>");
  });
  EXPECT_EQ(bucket_->open("k").error().kind, error_kind::unavailable);
}

TEST_F(s3_requests, what_is_too_large_is_not_fetched) {
  open({"pictures"}, {}, [](const seen_request& asked, std::size_t) { return piece_of(asked, opened_bytes_max + 1); });
  EXPECT_EQ(bucket_->open("k").error().kind, error_kind::too_large);
  EXPECT_EQ(client_->count(), 1U);
}

TEST_F(s3_requests, the_buckets_own_url_is_as_it_is_addressed) {
  open({"pictures"}, {{"AWS_ENDPOINT_URL_S3", "http://localhost:7070/"}});
  EXPECT_EQ(*s3_bucket_url({"pictures"}, *surroundings_), "http://localhost:7070/pictures");
  open({"pictures"});
  EXPECT_EQ(*s3_bucket_url({"pictures"}, *surroundings_), "https://pictures.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(*s3_bucket_url({"my.pictures"}, *surroundings_), "https://s3.eu-west-1.amazonaws.com/my.pictures");
}

/// The first try's answer was lost: what stands there is ours.
TEST_F(s3_requests, a_conditional_put_that_was_done_before_its_retry_is_a_success) {
  const auto with = [&](std::string checksum) {
    open({"pictures"}, {}, [=](const seen_request& one, std::size_t number) -> aws::scripted_client::outcome {
      if (number == 0) return aws::no_answer(true);
      if (one.verb == http::method::head) return answer(200, "", {{"x-amz-checksum-sha256", checksum}});
      return answer(412, "<Error><Code>PreconditionFailed</Code></Error>");
    });
    return bucket_->put("k", "x", {.only_if_absent = true});
  };
  EXPECT_TRUE(with("LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE="));
  EXPECT_EQ(with("somebody else's").error().kind, error_kind::conflict);
}

TEST_F(s3_requests, a_name_that_is_no_buckets_is_refused) {
  open({"pictures"});
  for (const char* none : {"", "ab", "Pictures", "a_b", "-ab", "ab-", "a..b", "a/b"})
    EXPECT_THAT(open_s3_bucket({none}, *client_, *surroundings_, clock_).error().public_text, HasSubstr("no bucket's"))
        << none;
}

TEST(s3_statements, are_the_least_and_the_key_through_s3) {
  const auto plain = statements({"pictures"});
  ASSERT_EQ(plain.size(), 2U);
  EXPECT_THAT(plain[0].actions, ElementsAre("s3:DeleteObject", "s3:GetObject", "s3:PutObject"));
  EXPECT_THAT(plain[0].resources, ElementsAre("arn:{partition}:s3:::pictures/*"));
  EXPECT_THAT(plain[1].actions, ElementsAre("s3:ListBucket"));
  const auto with_key = statements({"pictures", addressing::automatic, encryption::kms, "arn:k"});
  EXPECT_EQ(with_key.at(2).via_service, "s3");
}

}  // namespace

}  // namespace spaces::bucket
