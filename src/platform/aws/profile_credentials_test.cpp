#include "platform/aws/credential_sources.hpp"
#include "platform/aws/process_credentials.hpp"
#include "platform/aws/test_client.hpp"
#include "platform/aws/test_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include <fcntl.h>
#include <unistd.h>

namespace spaces::aws {
namespace {

using settings = std::map<std::string, std::string, std::less<>>;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr retry_policy quick{.tries_max = 1};
constexpr std::string_view role = "arn:aws:iam::123456789012:role/x";

std::string document(std::string_view action, std::string_view id = "ASSUMED") {
  return "<" + std::string(action) + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" +
         std::string(action) + "Result><Credentials><SessionToken>T&amp;</SessionToken><SecretAccessKey>S" +
         "</SecretAccessKey><Expiration>2026-11-22T09:00:00Z</Expiration><AccessKeyId>" + std::string(id) +
         "</AccessKeyId></Credentials></" + std::string(action) + "Result></" + std::string(action) + "Response>";
}

/// A home folder, an STS whose answers are scripted, and what the two say.
class role_credentials : public testing::Test {
 protected:
  void config(std::string_view text) { files_.write("config", text); }
  void answers(scripted_client::script script) { client_ = std::make_unique<scripted_client>(std::move(script)); }
  void assumes() {
    answers([](const seen_request& one, std::size_t) {
      const bool web = one.body.starts_with("Action=AssumeRoleWithWebIdentity&");
      return answer(200, document(web ? "AssumeRoleWithWebIdentity" : "AssumeRole"));
    });
  }

  std::string load(settings values = {}, bool web_identity = false) {
    if (!client_) assumes();
    values.emplace("AWS_CONFIG_FILE", files_.path("config"));
    values.emplace("AWS_SHARED_CREDENTIALS_FILE", files_.path("credentials"));
    const token_service roles(
        *client_, clock_, "eu-west-1", [] { return result<std::string>("https://sts.eu-west-1.amazonaws.com"); },
        quick);
    const auto source = web_identity ? web_identity_credentials(these(std::move(values)), roles)
                                     : profile_credentials(these(std::move(values)), *client_, roles);
    const auto loaded = source->load();
    if (!loaded) return loaded.error().private_text;
    if (!*loaded) return "none";
    const credentials& found = **loaded;
    return found.access_key_id + ' ' + found.secret_access_key + ' ' + found.session_token + ' ' +
           (found.expires ? to_text(*found.expires) : "never");
  }

  static constexpr std::string_view assumed = "ASSUMED S T& 2026-11-22T09:00:00.000Z";
  standing_clock clock_{"2026-11-22T08:00:00Z"};
  std::unique_ptr<scripted_client> client_;
  test_files files_;
};

TEST_F(role_credentials, a_web_identity_is_exchanged_for_a_role_unsigned) {
  files_.write("token", "header.claims.signature\n");
  settings values{{"AWS_WEB_IDENTITY_TOKEN_FILE", files_.path("token")}, {"AWS_ROLE_ARN", std::string(role)}};
  EXPECT_EQ(load(values, true), assumed);
  const seen_request one = client_->seen().front();
  EXPECT_EQ(one.url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_EQ(one.verb, http::method::post);
  EXPECT_EQ(one.field("Authorization"), "");
  EXPECT_EQ(one.field("Content-Type"), "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_EQ(one.body,
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3A"
            "role%2Fx&RoleSessionName=spaces-1795334400000&WebIdentityToken=header.claims.signature");
  values["AWS_ROLE_SESSION_NAME"] = "pod";
  EXPECT_EQ(load(values, true), assumed);
  EXPECT_THAT(client_->seen().back().body, HasSubstr("&RoleSessionName=pod&"));
  EXPECT_EQ(load({}, true), "none");
}

TEST_F(role_credentials, the_file_of_a_web_identity_is_read_each_time_and_what_is_wrong_is_said) {
  files_.write("token", "first");
  settings values{{"AWS_WEB_IDENTITY_TOKEN_FILE", files_.path("token")}, {"AWS_ROLE_ARN", std::string(role)}};
  EXPECT_EQ(load(values, true), assumed);
  files_.write("token", "second");
  EXPECT_EQ(load(values, true), assumed);
  EXPECT_THAT(client_->seen().back().body, HasSubstr("WebIdentityToken=second"));
  for (const std::string& none : {std::string(), std::string("\n"), std::string("a\nb"), std::string(20'001, 'a')}) {
    files_.write("token", none);
    EXPECT_THAT(load(values, true), HasSubstr("holds no token"));
  }
  values["AWS_WEB_IDENTITY_TOKEN_FILE"] = files_.path("nowhere");
  EXPECT_THAT(load(values, true), HasSubstr("cannot be read"));
  values.erase("AWS_ROLE_ARN");
  EXPECT_THAT(load(values, true), HasSubstr("AWS_ROLE_ARN"));
}

TEST_F(role_credentials, an_identity_that_is_refused_is_said_without_its_token) {
  files_.write("token", "SECRETTOKEN");
  answers([](const seen_request&, std::size_t) {
    return answer(400,
                  "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>Not SECRETTOKEN"
                  "</Message></Error><RequestId>1</RequestId></ErrorResponse>");
  });
  EXPECT_EQ(load({{"AWS_WEB_IDENTITY_TOKEN_FILE", files_.path("token")}, {"AWS_ROLE_ARN", std::string(role)}}, true),
            "the role arn:aws:iam::123456789012:role/x cannot be assumed: 400 InvalidIdentityToken: Not ***");
  for (const char* body : {"", "{}", "<a/>", "<AssumeRoleWithWebIdentityResponse/>"}) {
    answers([body](const seen_request&, std::size_t) { return answer(200, body); });
    EXPECT_THAT(load({{"AWS_WEB_IDENTITY_TOKEN_FILE", files_.path("token")}, {"AWS_ROLE_ARN", "r"}}, true),
                testing::AnyOf(HasSubstr("without credentials"), HasSubstr("not what it should be")));
  }
}

TEST_F(role_credentials, a_role_is_assumed_with_the_keys_of_its_source) {
  config("[default]\nrole_arn=" + std::string(role) +
         "\nsource_profile=keys\nexternal_id=their id\nrole_session_name=me\nduration_seconds=900\n"
         "aws_access_key_id=OWN\naws_secret_access_key=own\n[profile keys]\naws_access_key_id=KEY\n"
         "aws_secret_access_key=secret\n");
  EXPECT_EQ(load(), assumed) << "and not with keys of its own";
  const seen_request one = client_->seen().front();
  EXPECT_THAT(one.field("Authorization"),
              AllOf(StartsWith("AWS4-HMAC-SHA256 Credential=KEY/20261122/eu-west-1/sts/aws4_request, SignedHeaders="),
                    HasSubstr("content-type;host;x-amz-date,")));
  EXPECT_THAT(one.body, AllOf(StartsWith("Action=AssumeRole&"), HasSubstr("&RoleSessionName=me&ExternalId=their%20id&"
                                                                          "DurationSeconds=900")));
}

TEST_F(role_credentials, a_profile_may_be_its_own_source) {
  config("[default]\nrole_arn=r\nsource_profile=default\naws_access_key_id=OWN\naws_secret_access_key=own\n");
  EXPECT_EQ(load(), assumed);
  EXPECT_THAT(client_->seen().front().field("Authorization"), HasSubstr("Credential=OWN/"));
  config("[default]\nrole_arn=r\nsource_profile=default\n");
  EXPECT_THAT(load(), HasSubstr("has no credentials"));
}

TEST_F(role_credentials, roles_are_assumed_one_by_another) {
  config(
      "[default]\nrole_arn=first\nsource_profile=b\n[profile b]\nrole_arn=second\nsource_profile=c\n"
      "[profile c]\naws_access_key_id=KEY\naws_secret_access_key=s\n");
  answers([](const seen_request& one, std::size_t) {
    return answer(200, document("AssumeRole", one.body.find("RoleArn=second") != std::string::npos ? "B" : "ASSUMED"));
  });
  EXPECT_EQ(load(), assumed);
  ASSERT_EQ(client_->count(), 2U);
  EXPECT_THAT(client_->seen()[0].field("Authorization"), HasSubstr("Credential=KEY/"));
  EXPECT_THAT(client_->seen()[1].field("Authorization"), HasSubstr("Credential=B/"));
  EXPECT_EQ(client_->seen()[1].field("X-Amz-Security-Token"), "T&");
}

TEST_F(role_credentials, sources_that_lead_nowhere_are_said) {
  for (const auto& [text, says] : std::initializer_list<std::pair<const char*, const char*>>{
           {"[default]\nrole_arn=r\n", "with none of source_profile"},
           {"[default]\nrole_arn=r\naws_access_key_id=a\naws_secret_access_key=b\n", "with none of source_profile"},
           {"[default]\nrole_arn=r\nsource_profile=a\ncredential_source=Environment\n", "with several of"},
           {"[default]\nrole_arn=r\nsource_profile=nobody\n", "\"nobody\", the source_profile of the profile"},
           {"[default]\nrole_arn=r\nsource_profile=a\n[profile a]\nrole_arn=q\nsource_profile=default\n", "leads back"},
           {"[default]\nrole_arn=r\nsource_profile=a\n[profile a]\nregion=x\n", "has no credentials"},
           {"[default]\nrole_arn=r\ncredential_source=Moon\n", "it may be Environment, EcsContainer or Ec2Instance"},
           {"[default]\nrole_arn=r\ncredential_source=Environment\n", "where there are none"},
           {"[default]\nsource_profile=a\n", "no role_arn"},
           {"[default]\nweb_identity_token_file=a\n", "no role_arn"},
           {"[default]\naws_access_key_id=a\n", "without the other"},
       }) {
    config(text);
    EXPECT_THAT(load(), HasSubstr(says)) << text;
  }
}

TEST_F(role_credentials, the_places_that_credential_source_names) {
  config("[default]\nrole_arn=r\ncredential_source=Environment\n");
  EXPECT_EQ(load({{"AWS_ACCESS_KEY_ID", "ENV"}, {"AWS_SECRET_ACCESS_KEY", "s"}}), assumed);
  EXPECT_THAT(client_->seen().front().field("Authorization"), HasSubstr("Credential=ENV/"));
  config("[default]\nrole_arn=r\ncredential_source=EcsContainer\n");
  answers([](const seen_request& one, std::size_t) {
    if (one.url.starts_with("http://169.254.170.2/"))
      return answer(200, R"({"AccessKeyId":"ECS","SecretAccessKey":"s","Token":"t"})");
    return answer(200, document("AssumeRole"));
  });
  EXPECT_EQ(load({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/id"}}), assumed);
  EXPECT_THAT(client_->seen().back().field("Authorization"), HasSubstr("Credential=ECS/"));
}

TEST_F(role_credentials, a_profile_may_have_a_web_identity) {
  files_.write("token", "a.b.c");
  config("[default]\nrole_arn=r\nweb_identity_token_file=" + files_.path("token") + "\n");
  EXPECT_EQ(load(), assumed);
  EXPECT_EQ(client_->seen().front().field("Authorization"), "");
}

TEST_F(role_credentials, what_is_not_supported_is_said_even_beside_keys) {
  for (const char* key : {"sso_session", "sso_start_url", "login_session", "mfa_serial"}) {
    config("[default]\naws_access_key_id=a\naws_secret_access_key=b\n" + std::string(key) + "=x\n");
    EXPECT_THAT(load(), AllOf(HasSubstr(key), HasSubstr("not supported"))) << key;
  }
  config(
      "[default]\nrole_arn=r\nsource_profile=a\nmfa_serial=arn\n[profile a]\naws_access_key_id=a\n"
      "aws_secret_access_key=b\n");
  EXPECT_THAT(load(), HasSubstr("mfa_serial"));
}

TEST_F(role_credentials, a_program_may_print_them) {
  config(
      "[default]\ncredential_process = printf '{\"Version\":1,\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"S\","
      "\"SessionToken\":\"T&\",\"Expiration\":\"2026-11-22T09:00:00+00:00\"}' ASSUMED\n");
  EXPECT_EQ(load(), assumed);
  config(
      "[default]\nrole_arn=r\nsource_profile=a\n[profile a]\ncredential_process=printf "
      "'{\"Version\":1,\"AccessKeyId\":\"PRINTED\",\"SecretAccessKey\":\"S\"}'\n");
  EXPECT_EQ(load(), assumed);
  EXPECT_THAT(client_->seen().back().field("Authorization"), HasSubstr("Credential=PRINTED/"));
  config("[default]\naws_access_key_id=a\naws_secret_access_key=b\ncredential_process=exit 1\n");
  EXPECT_EQ(load(), "a b  never") << "keys come first";
}

std::string printed(const std::string& command, std::chrono::milliseconds time_max = std::chrono::seconds(60)) {
  const auto found = run_credential_process(command, time_max);
  return found ? found->access_key_id + (found->expires ? " expires" : " never expires") : found.error().private_text;
}

TEST(credential_process, what_it_prints_is_held_to_the_form) {
  EXPECT_EQ(printed(R"(echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"SECRET"}')"), "A never expires");
  for (const auto& [command, says] : std::initializer_list<std::pair<const char*, const char*>>{
           {"true", "did not print a JSON object"},
           {"echo SECRET", "did not print a JSON object"},
           {"echo '[]'", "did not print a JSON object"},
           {R"(echo '{"AccessKeyId":"A","SecretAccessKey":"SECRET"}')", "another Version"},
           {R"(echo '{"Version":2,"AccessKeyId":"A","SecretAccessKey":"SECRET"}')", "another Version"},
           {R"(echo '{"Version":1,"AccessKeyId":"A"}')", "no AccessKeyId and SecretAccessKey"},
           {R"(echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"SECRET","Expiration":"soon"}')", "no time"},
           {"exit 3", "status 3"},
           {"kill -9 $$", "signal 9"},
           {"/nowhere/at/all 2>/dev/null", "status 127"},
           {"head -c 70000 /dev/zero", "more than 65536 bytes"},
       }) {
    EXPECT_THAT(printed(command), AllOf(testing::ContainsRegex(says), Not(HasSubstr("SECRET")))) << command;
  }
}

/// It would go on for ever; what it has started ends with it.
TEST(credential_process, it_is_ended_when_it_takes_too_long) {
  const test_files files;
  const std::chrono::milliseconds soon(50);
  EXPECT_THAT(printed("cat /dev/zero >&2 2>/dev/null & cat < /dev/zero >/dev/null", soon), HasSubstr("took too long"));
  EXPECT_THAT(printed("exec >&-; while :; do :; done", soon), HasSubstr("took too long"));
}

TEST(credential_process, it_has_no_descriptors_of_ours) {
  const test_files files;
  files.write("ours", "");
  const int kept = ::open(files.path("ours").c_str(), O_RDONLY);  // NOLINT: without O_CLOEXEC, as a library may
  ASSERT_GE(kept, 3);
  EXPECT_EQ(printed("test ! -e /proc/self/fd/" + std::to_string(kept) +
                    R"( && echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"S"}')"),
            "A never expires");
  ::close(kept);
}

}  // namespace
}  // namespace spaces::aws
