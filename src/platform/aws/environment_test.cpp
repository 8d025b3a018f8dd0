#include "platform/aws/environment.hpp"

#include "platform/aws/test_client.hpp"
#include "platform/aws/test_files.hpp"
#include "platform/aws/url.hpp"
#include "platform/aws/vendor_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spaces::aws {
namespace {

using settings = std::map<std::string, std::string, std::less<>>;
using testing::HasSubstr;

constexpr service_name dynamodb_name{"dynamodb", "DYNAMODB", "dynamodb"};

class environment_settings : public testing::Test {
 protected:
  result<std::unique_ptr<environment>> read(settings values) {
    return environment::read(these(std::move(values)), client_, clock_);
  }
  std::string region(settings values) {
    const auto found = read(std::move(values));
    return found ? (*found)->region() : found.error().public_text;
  }
  std::string endpoint(settings values) {
    values.emplace("AWS_REGION", "eu-central-1");
    const auto found = (*read(std::move(values)))->endpoint(dynamodb_name);
    return found ? *found : found.error().public_text;
  }

  standing_clock clock_{"2026-11-22T08:00:00Z"};
  scripted_client client_{[](const seen_request&, std::size_t) { return answer(500, ""); }};
  test_files files_;
};

TEST_F(environment_settings, the_region) {
  files_.write("config", "[default]\nregion=eu-west-3\n");
  const settings file{{"AWS_CONFIG_FILE", files_.path("config")}};
  const auto with = [&](settings more) {
    more.insert(file.begin(), file.end());
    return region(std::move(more));
  };
  EXPECT_EQ(with({{"AWS_REGION", "a-1"}, {"AWS_DEFAULT_REGION", "b-1"}}), "a-1");
  EXPECT_EQ(with({{"AWS_DEFAULT_REGION", "b-1"}}), "b-1");
  EXPECT_EQ(with({}), "eu-west-3");
  EXPECT_THAT(region({}), HasSubstr("AWS_REGION names one"));
  EXPECT_THAT(region({{"AWS_REGION", "evil.example.com/"}}), HasSubstr("no region's name"));
  EXPECT_THAT(region({{"AWS_PROFILE", "nobody"}}), HasSubstr("\"nobody\""));
}

TEST_F(environment_settings, endpoints_from_the_nearest_setting) {
  files_.write("config",
               "[default]\nservices=local\nendpoint_url=http://profile\n[services local]\ndynamodb =\n"
               "  endpoint_url = http://profile-dynamodb\n[profile plain]\nendpoint_url=http://plain\n");
  settings all{{"AWS_ENDPOINT_URL_DYNAMODB", "http://one:1"},
               {"AWS_ENDPOINT_URL", "http://all:2"},
               {"AWS_CONFIG_FILE", files_.path("config")}};
  EXPECT_EQ(endpoint(all), "http://one:1");
  all.erase("AWS_ENDPOINT_URL_DYNAMODB");
  EXPECT_EQ(endpoint(all), "http://all:2");
  all.erase("AWS_ENDPOINT_URL");
  EXPECT_EQ(endpoint(all), "http://profile-dynamodb");
  all["AWS_PROFILE"] = "plain";
  EXPECT_EQ(endpoint(all), "http://plain");
  all["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(endpoint(all), "https://dynamodb.eu-central-1.amazonaws.com");
  EXPECT_THAT(endpoint({{"AWS_ENDPOINT_URL", "localhost:8000"}}), HasSubstr("AWS_ENDPOINT_URL is \"localhost:8000\""));
}

TEST_F(environment_settings, awss_own_endpoints) {
  EXPECT_EQ(endpoint({{"AWS_REGION", "us-east-1"}}), "https://dynamodb.us-east-1.amazonaws.com");
  EXPECT_EQ(endpoint({{"AWS_REGION", "cn-north-1"}}), "https://dynamodb.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(endpoint({{"AWS_REGION", "us-isob-east-1"}}), "https://dynamodb.us-isob-east-1.sc2s.sgov.gov");
}

TEST_F(environment_settings, endpoints_by_fips_and_for_ipv6) {
  const auto with = [&](const char* region, bool fips, bool dualstack) {
    return endpoint({{"AWS_REGION", region},
                     {"AWS_USE_FIPS_ENDPOINT", fips ? "true" : "FALSE"},
                     {"AWS_USE_DUALSTACK_ENDPOINT", dualstack ? "True" : ""}});
  };
  EXPECT_EQ(with("us-east-1", true, false), "https://dynamodb-fips.us-east-1.amazonaws.com");
  EXPECT_EQ(with("us-gov-west-1", true, false), "https://dynamodb.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(with("us-east-1", false, true), "https://dynamodb.us-east-1.api.aws");
  EXPECT_EQ(with("cn-north-1", false, true), "https://dynamodb.cn-north-1.api.amazonwebservices.com.cn");
  EXPECT_EQ(with("us-east-1", true, true), "https://dynamodb-fips.us-east-1.api.aws");
  files_.write("config", "[default]\nuse_fips_endpoint=true\n");
  EXPECT_EQ(endpoint({{"AWS_CONFIG_FILE", files_.path("config")}}), "https://dynamodb-fips.eu-central-1.amazonaws.com");
  constexpr service_name s3{"s3", "S3", "s3", true};
  EXPECT_EQ(endpoint_of_region(s3, {"eu-west-1", false, true}), "https://s3.dualstack.eu-west-1.amazonaws.com");
  EXPECT_EQ(endpoint_of_region(s3, {"us-east-1", true, true}), "https://s3-fips.dualstack.us-east-1.amazonaws.com");
  EXPECT_EQ(endpoint_of_region(s3, {"us-east-1", false, false}), "https://s3.us-east-1.amazonaws.com");
}

TEST_F(environment_settings, an_endpoint_of_ones_own_cannot_stand_beside_them) {
  for (const char* flag : {"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"})
    EXPECT_THAT(endpoint({{flag, "true"}, {"AWS_ENDPOINT_URL", "http://localhost:8000"}}),
                HasSubstr(std::string("AWS_ENDPOINT_URL cannot stand beside ") + flag));
}

TEST_F(environment_settings, retries_by_variable_and_by_profile) {
  const auto retries = [&](settings values) {
    values.emplace("AWS_REGION", "eu-central-1");
    const auto found = read(std::move(values));
    if (!found) return found.error().public_text;
    const retry_policy& policy = (*found)->retries();
    return std::to_string(static_cast<int>(policy.mode)) + ' ' + std::to_string(policy.tries_max);
  };
  EXPECT_EQ(retries({}), "0 3");
  EXPECT_EQ(retries({{"AWS_RETRY_MODE", "Standard"}, {"AWS_MAX_ATTEMPTS", "7"}}), "0 7");
  EXPECT_EQ(retries({{"AWS_RETRY_MODE", "adaptive"}}), "1 3");
  EXPECT_EQ(retries({{"AWS_RETRY_MODE", "legacy"}}), "2 5");
  EXPECT_EQ(retries({{"AWS_RETRY_MODE", "legacy"}, {"AWS_MAX_ATTEMPTS", "1"}}), "2 1");
  files_.write("config", "[default]\nretry_mode=legacy\nmax_attempts=9\n");
  EXPECT_EQ(retries({{"AWS_CONFIG_FILE", files_.path("config")}}), "2 9");
  EXPECT_EQ(retries({{"AWS_CONFIG_FILE", files_.path("config")}, {"AWS_RETRY_MODE", "standard"}}), "0 9");
  EXPECT_EQ(retries({{"AWS_RETRY_MODE", "never"}}),
            "AWS_RETRY_MODE is \"never\"; it may be standard, adaptive or legacy.");
  for (const char* wrong : {"0", "-1", "many", "101", "3.5"})
    EXPECT_EQ(retries({{"AWS_MAX_ATTEMPTS", wrong}}),
              "AWS_MAX_ATTEMPTS is \"" + std::string(wrong) + "\"; it may be a number from 1 to 100.");
  EXPECT_THAT(retries({{"AWS_USE_FIPS_ENDPOINT", "yes"}}), HasSubstr("it may be true or false"));
}

TEST(url, what_endpoints_are_named_by) {
  const auto plain = parse_url("HTTP://LocalHost:8000/base/?a=b");
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->tls);
  EXPECT_EQ(plain->origin, "http://localhost:8000");
  EXPECT_EQ(plain->host, "localhost");
  EXPECT_EQ(plain->path, "/base/?a=b");
  const auto v6 = parse_url("https://[fd00:ec2::23]:443");
  ASSERT_TRUE(v6);
  EXPECT_TRUE(v6->tls);
  EXPECT_EQ(v6->host, "[fd00:ec2::23]");
  EXPECT_EQ(v6->authority, "[fd00:ec2::23]:443");
  for (const char* wrong :
       {"", "a", "http:/a", "http://", "http://:80", "http://a:", "http://a:0", "http://a:65536", "http://a:b",
        "http://a b", "http://u@a", "http://[::1", "http://[]", "http://[::1]a", "http://a/#b", "http://a/\r\n"})
    EXPECT_FALSE(parse_url(wrong)) << wrong;
}

TEST(http_date, the_one_form_that_servers_send) {
  EXPECT_EQ(to_text(*parse_http_date("Tue, 15 Nov 1994 08:12:31 GMT")), "1994-11-15T08:12:31.000Z");
  EXPECT_EQ(to_text(*parse_http_date("Thu, 01 Jan 2026 00:00:00 GMT")), "2026-01-01T00:00:00.000Z");
  for (const char* wrong :
       {"", "1994-11-15T08:12:31Z", "Tue, 15 Nob 1994 08:12:31 GMT", "Tue, 15 anF 1994 08:12:31 GMT",
        "Tue, 15 Nov 1994 08:12:31 CET", "Tue, 35 Nov 1994 08:12:31 GMT", "Tuesday, 15-Nov-94 08:12:31 GMT"})
    EXPECT_FALSE(parse_http_date(wrong)) << wrong;
}

}  // namespace
}  // namespace spaces::aws
