#include "platform/aws/credential_sources.hpp"

#include "platform/aws/test_client.hpp"
#include "platform/aws/test_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spaces::aws {
namespace {

using settings = std::map<std::string, std::string, std::less<>>;
using testing::HasSubstr;

/// "id secret token expiry", "none", or what is wrong.
std::string text(const result<std::optional<credentials>>& loaded) {
  if (!loaded) return loaded.error().private_text;
  if (!*loaded) return "none";
  const credentials& found = **loaded;
  return found.access_key_id + ' ' + found.secret_access_key + ' ' + found.session_token + ' ' +
         (found.expires ? to_text(*found.expires) : "never");
}

constexpr std::string_view document =
    R"({"Code":"Success","AccessKeyId":"ID","SecretAccessKey":"SECRET","Token":"TOKEN",)"
    R"("Expiration":"2026-11-22T14:00:00Z"})";
constexpr std::string_view in_document = "ID SECRET TOKEN 2026-11-22T14:00:00.000Z";

TEST(environment_credentials, three_variables) {
  const auto load = [](settings values) { return text(environment_credentials(these(std::move(values)))->load()); };
  EXPECT_EQ(load({}), "none");
  EXPECT_EQ(load({{"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "b"}}), "a b  never");
  EXPECT_EQ(load({{"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "b"}, {"AWS_SESSION_TOKEN", "c"}}),
            "a b c never");
  EXPECT_THAT(load({{"AWS_ACCESS_KEY_ID", "a"}}), HasSubstr("not both set"));
}

TEST(profile_credentials, the_keys_of_the_profile_as_they_are_now) {
  const test_files files;
  files.write("credentials", "[default]\naws_access_key_id=a\naws_secret_access_key=b\n");
  const settings values{{"AWS_SHARED_CREDENTIALS_FILE", files.path("credentials")}};
  scripted_client client([](const seen_request&, std::size_t) { return answer(500, ""); });
  const standing_clock clock{"2026-11-22T08:00:00Z"};
  const token_service roles(client, clock, "eu-west-1", [] { return result<std::string>("http://sts"); }, {});
  const auto source = profile_credentials(these(values), client, roles);
  EXPECT_EQ(text(source->load()), "a b  never");
  files.write("credentials", "[default]\naws_access_key_id=c\naws_secret_access_key=d\naws_session_token=e\n");
  EXPECT_EQ(text(source->load()), "c d e never");
  files.write("credentials", "[default]\nregion=a\n");
  EXPECT_EQ(text(source->load()), "none");
}

TEST(container_credentials, the_relative_address_is_ecss_own) {
  scripted_client client([](const seen_request&, std::size_t) { return answer(200, std::string(document)); });
  const auto source =
      container_credentials(these({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/id"}}), client);
  EXPECT_EQ(text(source->load()), in_document);
  EXPECT_EQ(client.seen().front().url, "http://169.254.170.2/v2/credentials/id");
  EXPECT_EQ(client.seen().front().verb, http::method::get);
  EXPECT_EQ(client.seen().front().field("Authorization"), "");
  EXPECT_EQ(text(container_credentials(these({}), client)->load()), "none");
}

TEST(container_credentials, the_token_is_sent_and_its_file_is_read_each_time) {
  scripted_client client([](const seen_request&, std::size_t) { return answer(200, std::string(document)); });
  const test_files files;
  files.write("token", "first\n");
  settings values{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials?a=b"},
                  {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "fixed"}};
  EXPECT_EQ(text(container_credentials(these(values), client)->load()), in_document);
  values["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = files.path("token");
  const auto source = container_credentials(these(values), client);
  EXPECT_EQ(text(source->load()), in_document);
  files.write("token", "second");
  EXPECT_EQ(text(source->load()), in_document);
  const auto seen = client.seen();
  EXPECT_EQ(seen[0].url, "http://169.254.170.23/v1/credentials?a=b");
  EXPECT_EQ(seen[0].field("Authorization"), "fixed");
  EXPECT_EQ(seen[1].field("Authorization"), "first");
  EXPECT_EQ(seen[2].field("Authorization"), "second");
  files.write("token", "two\r\nX-Injected: lines");
  EXPECT_THAT(text(source->load()), HasSubstr("line break"));
  EXPECT_EQ(client.count(), 3U);
}

TEST(container_credentials, only_where_awss_rules_let_secrets_travel) {
  for (const char* allowed :
       {"https://example.com/a", "http://127.0.0.1/a", "http://127.1.2.3:80/a", "http://localhost:8080",
        "http://[::1]/a", "http://169.254.170.2/a", "http://169.254.170.23/a", "http://[fd00:ec2::23]/a"})
    EXPECT_TRUE(may_ask_for_credentials(allowed)) << allowed;
  scripted_client client([](const seen_request&, std::size_t) { return answer(200, std::string(document)); });
  for (const char* refused :
       {"http://example.com/a", "http://169.254.169.254/a", "http://127.0.0.1.example.com/a",
        "http://127.0.0.1@example.com/a", "http://0x7f.0.0.1/a", "http://127.1/a", "http://[::2]/a",
        "http://10.0.0.1/a", "ftp://127.0.0.1/a", "169.254.170.2", "http://", "http://[::1", "http://127.0.0.1:0/"}) {
    EXPECT_FALSE(may_ask_for_credentials(refused)) << refused;
    const auto source = container_credentials(these({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", refused}}), client);
    EXPECT_THAT(text(source->load()), HasSubstr("AWS_CONTAINER_CREDENTIALS_FULL_URI must be"));
  }
  // Behind ECS's address, too, nothing may lead to another.
  for (const char* refused : {".example.com/a", "@example.com/a", "3/a", ":80@example.com/a"}) {
    const auto source = container_credentials(these({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", refused}}), client);
    EXPECT_THAT(text(source->load()), HasSubstr("must begin with a slash")) << refused;
  }
  EXPECT_EQ(client.count(), 0U);
}

TEST(container_credentials, answers_that_are_none_and_no_secret_in_a_text) {
  const std::pair<scripted_client::outcome, std::string_view> cases[] = {
      {answer(403, "SECRET"), "answers 403"},
      {answer(200, "SECRET garbage"), "gives no credentials"},
      {answer(200, R"({"AccessKeyId":"ID","SecretAccessKey":7,"Token":"SECRET"})"), "gives no credentials"},
      {answer(200, R"({"Code":"AccessDenied"})"), "AccessDenied"},
      {no_answer(true), "does not answer"},
  };
  for (const auto& [outcome, why] : cases) {
    scripted_client client([&told = outcome](const seen_request&, std::size_t) { return told; });
    const auto loaded =
        text(container_credentials(these({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/a"}}), client)->load());
    EXPECT_THAT(loaded, HasSubstr(std::string(why)));
    EXPECT_THAT(loaded, testing::Not(HasSubstr("SECRET")));
  }
}

TEST(machine_credentials, nothing_without_a_session_token) {
  scripted_client client([](const seen_request& one, std::size_t) {
    if (one.verb == http::method::put)
      return one.field("X-aws-ec2-metadata-token-ttl-seconds") == "21600" ? answer(200, "PROOF") : answer(400, "");
    if (one.field("X-aws-ec2-metadata-token") != "PROOF") return answer(401, "");
    if (one.url.ends_with("/security-credentials/")) return answer(200, "my role\n");
    return answer(200, std::string(document));
  });
  EXPECT_EQ(text(machine_credentials(these({}), client)->load()), in_document);
  const auto seen = client.seen();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].url, "http://169.254.169.254/latest/api/token");
  EXPECT_EQ(seen[1].url, "http://169.254.169.254/latest/meta-data/iam/security-credentials/");
  EXPECT_EQ(seen[2].url, "http://169.254.169.254/latest/meta-data/iam/security-credentials/my%20role");
}

TEST(machine_credentials, where_and_whether_it_is_asked) {
  scripted_client client([](const seen_request&, std::size_t) { return answer(404, ""); });
  machine_credentials(these({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338/"}}), client)->load();
  machine_credentials(these({{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"}}), client)->load();
  EXPECT_EQ(client.seen()[0].url, "http://127.0.0.1:1338/latest/api/token");
  EXPECT_EQ(client.seen()[1].url, "http://[fd00:ec2::254]/latest/api/token");
  EXPECT_EQ(text(machine_credentials(these({{"AWS_EC2_METADATA_DISABLED", "TRUE"}}), client)->load()), "none");
  EXPECT_EQ(client.count(), 2U);
}

TEST(first_of, the_first_place_that_is_in_use_even_if_it_fails) {
  scripted_client client([](const seen_request&, std::size_t) { return answer(500, ""); });
  const auto load = [&](settings values) {
    const variables of = these(std::move(values));
    std::vector<std::unique_ptr<credentials_source>> places;
    places.push_back(environment_credentials(of));
    places.push_back(container_credentials(of, client));
    places.push_back(machine_credentials(of, client));
    return text(first_of(std::move(places))->load());
  };
  EXPECT_EQ(load({{"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "b"}}), "a b  never");
  EXPECT_EQ(client.count(), 0U);
  EXPECT_THAT(load({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/a"}}), HasSubstr("container"));
  EXPECT_EQ(client.count(), 1U);
  EXPECT_THAT(load({}), HasSubstr("machine"));
}

}  // namespace
}  // namespace spaces::aws
