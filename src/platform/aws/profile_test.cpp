#include "platform/aws/profile.hpp"

#include "platform/aws/test_client.hpp"
#include "platform/aws/test_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spaces::aws {
namespace {

TEST(parse_profiles, reads_what_awss_tools_read) {
  const auto found = parse_profiles(
      "# a comment\n"
      "lost = before any heading\n"
      "[default]\n"
      "region=eu-central-1 ; behind a value\r\n"
      "aws_access_key_id = AK#ID\n"
      "\n"
      "[ profile   ann ]\n"
      "s3 =\n"
      "  endpoint_url = http://127.0.0.1:1\n"
      "  addressing_style = path\n"
      "region = us-east-1\n"
      "not a setting\n"
      "[services local]\n"
      "dynamodb =\n"
      "\tendpoint_url = http://127.0.0.1:8000\n"
      "[never closed\n"
      "region = nowhere");
  EXPECT_EQ(found.size(), 3U);
  EXPECT_EQ(found.at("default"), (profile_section{{"region", "eu-central-1"}, {"aws_access_key_id", "AK#ID"}}));
  EXPECT_EQ(found.at("profile ann"), (profile_section{{"s3", ""},
                                                      {"s3.endpoint_url", "http://127.0.0.1:1"},
                                                      {"s3.addressing_style", "path"},
                                                      {"region", "us-east-1"}}));
  EXPECT_EQ(found.at("services local").at("dynamodb.endpoint_url"), "http://127.0.0.1:8000");
}

TEST(parse_profiles, anything_is_read_to_its_end) {
  for (const std::string_view text : {"", "[", "[]", "=", "[a]\n=", "[a]\n = b", "\n\n", "[a]\nb", "[a]\nb=c=d"})
    EXPECT_LE(parse_profiles(text).size(), 1U) << text;
  EXPECT_EQ(parse_profiles("[a]\nb=c=d").at("a").at("b"), "c=d");
}

class profile_files : public testing::Test {
 protected:
  profile_files() {
    files_.write("credentials",
                 "[default]\naws_access_key_id=D\n[ann]\naws_access_key_id=A\nregion=from-credentials\n");
    files_.write("config",
                 "[default]\nregion=eu-west-1\n[profile ann]\nregion=us-east-2\nservices=local\nendpoint_url=http://a\n"
                 "[services local]\nssm =\n  endpoint_url = http://b\n[bob]\nregion=not-a-profile\n");
  }
  auto read(std::map<std::string, std::string, std::less<>> more = {}) {
    more.insert(
        {{"AWS_SHARED_CREDENTIALS_FILE", files_.path("credentials")}, {"AWS_CONFIG_FILE", files_.path("config")}});
    return profile::read(these(std::move(more)));
  }

  test_files files_;
};

TEST_F(profile_files, the_default_profile) {
  const auto found = read();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name(), "default");
  EXPECT_EQ(found->value("aws_access_key_id"), "D");
  EXPECT_EQ(found->value("region"), "eu-west-1");
  EXPECT_EQ(found->value("absent"), "");
}

TEST_F(profile_files, a_named_profile_and_what_the_credentials_file_says_wins) {
  const auto found = read({{"AWS_PROFILE", "ann"}});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->value("aws_access_key_id"), "A");
  EXPECT_EQ(found->value("region"), "from-credentials");
  EXPECT_EQ(found->value("endpoint_url"), "http://a");
  EXPECT_EQ(found->service_endpoint("ssm"), "http://b");
  EXPECT_EQ(found->service_endpoint("dynamodb"), "");
}

TEST_F(profile_files, a_profile_that_is_nowhere) {
  for (const char* name : {"cid", "bob"}) {
    const auto found = read({{"AWS_PROFILE", name}});
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().problems.front().detail, testing::HasSubstr(std::string("\"") + name + "\""));
  }
}

TEST_F(profile_files, files_in_the_home_folder_and_none_at_all) {
  files_.write(".aws/config", "[default]\nregion=home-1\n");
  EXPECT_EQ(profile::read(these({{"HOME", files_.path("")}}))->value("region"), "home-1");
  EXPECT_EQ(profile::read(these({{"HOME", files_.path("")}, {"AWS_CONFIG_FILE", "~/config"}}))->value("region"),
            "eu-west-1");
  EXPECT_EQ(profile::read(these({{"HOME", "/nowhere"}}))->value("region"), "");
  EXPECT_EQ(profile::read(these({}))->value("region"), "");
}

}  // namespace
}  // namespace spaces::aws
