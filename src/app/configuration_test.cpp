#include "app/configuration.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace spaces::app {
namespace {

using flags = std::map<std::string, std::string>;

/// Clears our variables for a test, and puts back what was there.
class configured : public testing::Test {
 protected:
  void SetUp() override {
    for (const setting& s : settings()) {
      const std::string name(s.variable);
      if (const char* held = std::getenv(name.c_str())) before_[name] = held;
      unsetenv(name.c_str());
    }
  }
  void TearDown() override {
    for (const setting& s : settings()) unsetenv(std::string(s.variable).c_str());
    for (const auto& [name, value] : before_) setenv(name.c_str(), value.c_str(), 1);
  }

 private:
  flags before_;
};

std::string problem_of(const flags& given) {
  const auto read = read_configuration(given);
  return read ? "" : read.error().public_text;
}

/// What production does not let pass; empty when all is safe.
std::string unsafe(const configuration& settings, const key_facts& keys) {
  const auto valid = validate_for_production(settings, keys);
  return valid ? "" : valid.error().public_text;
}

TEST_F(configured, with_nothing_set_it_is_what_the_table_of_settings_says) {
  const auto read = read_configuration({});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->environment, environment_kind::development);
  EXPECT_EQ(read->server.listen, std::vector<std::string>{"127.0.0.1:8080"});
  EXPECT_EQ(read->server.loops, 0u);
  EXPECT_FALSE(read->listings.public_listings);
  EXPECT_FALSE(read->server.allow_plain_http);
  EXPECT_EQ(read->listings.currency, "USD");
  flags initial;
  for (const setting& s : settings())
    if (!s.initial.empty()) initial[std::string(s.variable)] = s.initial;
  const auto spelled = read_configuration(initial);
  ASSERT_TRUE(spelled) << spelled.error().public_text;
  EXPECT_EQ(spelled->server.listen, read->server.listen);
  EXPECT_EQ(spelled->table.data, read->table.data);
  EXPECT_EQ(spelled->listings.currency, read->listings.currency);
}

TEST_F(configured, a_flag_wins_over_the_environment) {
  setenv("SPACES_CURRENCY", "EUR", 1);
  setenv("SPACES_LOOPS", "4", 1);
  const auto read = read_configuration({{"SPACES_CURRENCY", "SEK"}});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->listings.currency, "SEK");
  EXPECT_EQ(read->server.loops, 4u);
}

TEST_F(configured, an_empty_variable_counts_as_unset) {
  setenv("SPACES_CURRENCY", "", 1);
  EXPECT_EQ(read_configuration({})->listings.currency, "USD");
}

TEST_F(configured, a_wrong_value_names_itself_and_what_is_allowed) {
  const struct {
    std::string variable;
    std::string value;
  } rows[] = {
      {"ENVIRONMENT", "prod"},
      {"ENVIRONMENT", "Production"},
      {"SPACES_LISTEN", ""},
      {"SPACES_LISTEN", ","},
      {"SPACES_LISTEN", "a:1,,b:2"},
      {"SPACES_DATA", ""},
      {"SPACES_PUBLIC_LISTINGS", "yes"},
      {"SPACES_ALLOW_PLAIN_HTTP", ""},
      {"SPACES_LOOPS", "65"},
      {"SPACES_LOOPS", "-1"},
      {"SPACES_LOOPS", "2x"},
      {"SPACES_LOOPS", ""},
      {"SPACES_LISTINGS_A_DAY", "0"},
      {"SPACES_LISTINGS", "-5"},
      {"SPACES_AGENT_LISTINGS_A_DAY", "many"},
      {"SPACES_AGENT_LISTINGS", "1000001"},
      {"SPACES_CURRENCY", "usd"},
      {"SPACES_CONNECTIONS", "0"},
      {"SPACES_CONNECTIONS", "1000001"},
      {"SPACES_CONNECTIONS", "many"},
      {"SPACES_CONNECTIONS_PER_ADDRESS", "-1"},
      {"SPACES_CURRENCY", "US"},
      {"SPACES_CURRENCY", "USDX"},
      {"SPACES_CORS_ORIGINS", "https://app.example.com/"},
      {"SPACES_CORS_ORIGINS", "app.example.com"},
      {"SPACES_CORS_ORIGINS", "https://a.example,*"},
      {"SPACES_CORS_ORIGINS", "*,https://a.example"},
      {"SPACES_CORS_ORIGINS", "https://a.example,,https://b.example"},
      {"SPACES_CORS_CREDENTIALS", "maybe"},
      {"SPACES_BUCKET", "folder"},
      {"SPACES_BUCKET", "disk:"},
      {"SPACES_BUCKET", "s3:Pictures"},
      {"SPACES_S3_ENCRYPTION", "kms:"},
      {"SPACES_S3_ADDRESSING", "dns"},
      {"SPACES_MEDIA_URL", "media.example.com"},
      {"SPACES_MEDIA_URL", "https://media.example.com/?v=1"},
  };
  for (const auto& row : rows) {
    const std::string sentence = problem_of({{row.variable, row.value}});
    EXPECT_NE(sentence.find(row.variable), std::string::npos) << row.variable << ' ' << sentence;
    EXPECT_NE(sentence.find("'" + row.value + "'"), std::string::npos) << sentence;
    EXPECT_NE(sentence.find("it takes"), std::string::npos) << sentence;
    EXPECT_EQ(sentence.find('\n'), std::string::npos);
    EXPECT_EQ(sentence.back(), '.');
    if (row.value.empty()) continue;
    setenv(row.variable.c_str(), row.value.c_str(), 1);
    EXPECT_NE(problem_of({}).find(row.variable), std::string::npos);
    unsetenv(row.variable.c_str());
  }
}

TEST_F(configured, buckets_are_named_by_what_they_are) {
  using bucket::store_kind;
  EXPECT_EQ(read_configuration({})->bucket.kind, store_kind::unset);
  EXPECT_EQ(read_configuration({{"SPACES_BUCKET", "disk"}})->bucket.kind, store_kind::disk);
  EXPECT_EQ(read_configuration({{"SPACES_BUCKET", "disk:/srv/pictures"}})->bucket.name, "/srv/pictures");
  const auto in_s3 = read_configuration({{"SPACES_BUCKET", "s3:my.pictures"},
                                         {"SPACES_S3_ENCRYPTION", "kms:alias/mine"},
                                         {"SPACES_MEDIA_URL", "https://media.example.com/p/"}});
  EXPECT_EQ(in_s3->bucket.kind, store_kind::s3);
  EXPECT_EQ(in_s3->bucket.name, "my.pictures");
  EXPECT_EQ(in_s3->bucket.encrypted, bucket::encryption::kms);
  EXPECT_EQ(in_s3->bucket.kms_key, "alias/mine");
  EXPECT_EQ(in_s3->bucket.media_url, "https://media.example.com/p");
  EXPECT_EQ(read_configuration({{"SPACES_S3_ENCRYPTION", "kms"}})->bucket.kms_key, "");
}

TEST_F(configured, good_values_are_taken) {
  const auto read = read_configuration({{"SPACES_LISTEN", "127.0.0.1:1,[::1]:2"},
                                        {"SPACES_PUBLIC_LISTINGS", "1"},
                                        {"SPACES_ALLOW_PLAIN_HTTP", "true"},
                                        {"SPACES_LOOPS", "64"},
                                        {"SPACES_CORS_ORIGINS", "https://app.example.com,http://localhost:5173"},
                                        {"SPACES_CORS_CREDENTIALS", "true"},
                                        {"ENVIRONMENT", "staging"}});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->server.listen, (std::vector<std::string>{"127.0.0.1:1", "[::1]:2"}));
  EXPECT_TRUE(read->listings.public_listings && read->server.allow_plain_http);
  EXPECT_EQ(read->server.loops, 64u);
  EXPECT_EQ(read->http.cors.origins, (std::vector<std::string>{"https://app.example.com", "http://localhost:5173"}));
  EXPECT_TRUE(read->http.cors.credentials && !read->http.cors.any());
  EXPECT_TRUE(read_configuration({{"SPACES_CORS_ORIGINS", "*"}})->http.cors.any());
  EXPECT_EQ(read->environment, environment_kind::staging);
}

TEST_F(configured, one_client_never_gets_all_connections) {
  const auto each = [](const flags& given) {
    const auto read = read_configuration(given);
    return net::connections_of_each(read->server, read->http.trusted_proxies > 0);
  };
  EXPECT_EQ(read_configuration({})->server.connections, 10'000u);
  EXPECT_EQ(each({}), 500u);
  EXPECT_EQ(each({{"SPACES_CONNECTIONS", "100"}}), 5u);
  EXPECT_EQ(each({{"SPACES_CONNECTIONS", "1"}}), 1u);
  EXPECT_EQ(each({{"SPACES_CONNECTIONS", "100"}, {"SPACES_CONNECTIONS_PER_ADDRESS", "99"}}), 99u);
  EXPECT_EQ(each({{"SPACES_CONNECTIONS_PER_ADDRESS", "7"}, {"SPACES_TRUSTED_PROXIES", "1"}}), 10'000u);
  const std::string sentence = problem_of({{"SPACES_CONNECTIONS", "100"}, {"SPACES_CONNECTIONS_PER_ADDRESS", "100"}});
  EXPECT_NE(sentence.find("SPACES_CONNECTIONS_PER_ADDRESS is 100"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("less than SPACES_CONNECTIONS"), std::string::npos) << sentence;
}

TEST_F(configured, a_base_path_is_whole_segments) {
  for (const char* good : {"/shop", "/a/b", "/v1.2-x_y~z"})
    EXPECT_EQ(read_configuration({{"SPACES_BASE_PATH", good}})->lambda.base_path, good);
  for (const char* bad : {"shop", "/", "/shop/", "//a", "/a//b", "/a b", "/a%20", "/a?b"})
    EXPECT_NE(problem_of({{"SPACES_BASE_PATH", bad}}).find("SPACES_BASE_PATH"), std::string::npos) << bad;
}

TEST_F(configured, secrets_come_by_the_environment_alone) {
  // A function has no flags, so what only it is told has none, secret or not.
  for (const setting& s : settings()) {
    const bool of_a_function = s.variable == "SPACES_TRUST_AUTHORIZER" || s.variable == "SPACES_BASE_PATH";
    EXPECT_EQ(s.secret || of_a_function, s.flag.empty()) << s.variable;
  }
  setenv("JWT_SECRET_KEY", "a secret of more than thirty-two bytes", 1);
  EXPECT_EQ(read_configuration({})->identity.jwt_key, "a secret of more than thirty-two bytes");
}

TEST_F(configured, takes_several_origin_secrets_and_none_that_is_short) {
  EXPECT_TRUE(read_configuration({})->lambda.origin_secrets.empty());
  setenv("SPACES_ORIGIN_SECRET", "sixteen letters.,the secret before it", 1);
  EXPECT_EQ(read_configuration({})->lambda.origin_secrets,
            (std::vector<std::string>{"sixteen letters.", "the secret before it"}));
  for (const char* bad : {"fifteen letters", "sixteen letters.,short", "sixteen letters.,,sixteen letters."}) {
    setenv("SPACES_ORIGIN_SECRET", bad, 1);
    const auto read = read_configuration({});
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().public_text.find(bad), std::string::npos) << "a secret is not repeated";
  }
}

TEST(production, refuses_what_is_unsafe_and_says_what_to_do) {
  configuration safe;
  safe.environment = environment_kind::production;
  safe.mail.kind = mail::mailer_kind::smtp;
  const key_facts rsa{.rs256 = true, .generated = false};
  EXPECT_EQ(unsafe(safe, rsa), "");
  EXPECT_NE(unsafe(safe, {.rs256 = true, .generated = true}).find("JWT_SECRET_KEY"), std::string::npos);
  EXPECT_NE(unsafe(safe, {.rs256 = false, .generated = false}).find("RS256"), std::string::npos);

  configuration all_pages = safe;
  all_pages.http.cors = {{"*"}, false};
  EXPECT_EQ(unsafe(all_pages, rsa), "");
  all_pages.http.cors.credentials = true;
  EXPECT_NE(unsafe(all_pages, rsa).find("SPACES_CORS_ORIGINS"), std::string::npos);
  all_pages.http.cors.origins = {"https://app.example.com"};
  EXPECT_EQ(unsafe(all_pages, rsa), "");

  for (const std::string open : {"0.0.0.0:80", "[::]:80", "10.0.0.1:80", "192.168.127.1:80"}) {
    configuration wide = safe;
    wide.server.listen = {"127.0.0.1:8080", open};
    EXPECT_NE(unsafe(wide, rsa).find(open), std::string::npos) << open;
    wide.server.allow_plain_http = true;
    EXPECT_EQ(unsafe(wide, rsa), "");
  }
  for (const std::string local : {"127.0.0.1:80", "127.9.9.9:80", "[::1]:80", "localhost:80"}) {
    configuration narrow = safe;
    narrow.server.listen = {local};
    EXPECT_EQ(unsafe(narrow, rsa), "") << local;
  }
}

TEST(production, keeps_no_emails_back_unless_it_is_told_to) {
  configuration kept;
  kept.environment = environment_kind::production;
  const key_facts rsa{.rs256 = true, .generated = false};
  for (const char* name : {"SPACES_MAIL", "SPACES_SMTP_URL", "SPACES_ALLOW_LOG_MAIL"})
    EXPECT_NE(unsafe(kept, rsa).find(name), std::string::npos) << name;
  kept.mail.allow_log = true;
  EXPECT_EQ(unsafe(kept, rsa), "");
}

TEST(production, rules_bind_production_alone) {
  for (const environment_kind kind : {environment_kind::development, environment_kind::staging}) {
    configuration open;
    open.environment = kind;
    open.server.listen = {"0.0.0.0:80"};
    EXPECT_EQ(unsafe(open, {.rs256 = false, .generated = true}), "");
  }
}

}  // namespace
}  // namespace spaces::app
