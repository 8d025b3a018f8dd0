#include "platform/aws/signature.hpp"

#include <source_dir.hpp>
#include "platform/record/json.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace spaces::aws {
namespace {

/// One of the cases that AWS publishes.
struct published_case {
  const record::json_value& all;

  std::string text(std::string_view name) const { return all.find(name)->text; }
  std::string context(std::string_view name) const { return all.find("context")->find(name)->text; }
  bool flag(std::string_view name, bool otherwise) const {
    const record::json_value* const found = all.find("context")->find(name);
    return found == nullptr ? otherwise : found->flag;
  }
  credentials who() const {
    const record::json_value& given = *all.find("context")->find("credentials");
    const record::json_value* const token = given.find("token");
    return {given.find("access_key_id")->text, given.find("secret_access_key")->text,
            token == nullptr ? "" : token->text, std::nullopt};
  }
};

/// A request as the cases spell it: lines with LF, folded values, no blank behind the colon.
struct spelled_request {
  explicit spelled_request(std::string raw) : text(std::move(raw)) {
    const std::string_view all(text);
    const std::size_t line_end = all.find('\n');
    const std::string_view line = all.substr(0, line_end);
    verb = line.starts_with("POST") ? http::method::post : http::method::get;
    const std::size_t space = line.find(' ');
    target = line.substr(space + 1, line.rfind(' ') - space - 1);
    std::size_t at = line_end + 1;
    while (at < all.size() && all[at] != '\n') {
      std::size_t end = std::min(all.find('\n', at), all.size());
      while (end + 1 < all.size() && all[end + 1] == ' ') end = std::min(all.find('\n', end + 1), all.size());
      const std::string_view field = all.substr(at, end - at);
      const std::size_t colon = field.find(':');
      fields.push_back({field.substr(0, colon), field.substr(colon + 1)});
      at = end + 1;
    }
    if (at < all.size()) body = all.substr(at + 1);
  }

  signable what() const { return {verb, target, fields, body, {}}; }
  /// As it is sent: these fields behind its own.
  std::string with(std::string_view to, const signer::fields& more) const {
    std::string out = std::string(http::to_text(verb)).append(" ").append(to).append(" HTTP/1.1\n");
    for (const http::field_line& line : fields) out.append(line.name).append(":").append(line.value).append("\n");
    for (const auto& [name, value] : more) out.append(name).append(":").append(value).append("\n");
    return out.append("\n").append(body);
  }

  std::string text;
  http::method verb;
  std::string_view target;
  std::vector<http::field_line> fields;
  std::string_view body;
};

class published_cases : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(SPACES_SOURCE_DIR "/../shared/vectors/sigv4.json", std::ios::binary);
    if (!file) GTEST_SKIP() << "The published cases of Signature Version 4 are not on this machine";
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto parsed = record::parse_json(text);
    ASSERT_TRUE(parsed) << parsed.error().public_text;
    cases_ = *std::move(parsed);
    ASSERT_EQ(cases_.elements.size(), 38U);
  }

  static signer signer_of(const published_case& one) {
    signing_rules rules;
    rules.normalize_path = one.flag("normalize", true);
    rules.body_hash_field = one.flag("sign_body", false);
    rules.sign_session_token = !one.flag("omit_session_token", false);
    return signer(one.context("region"), one.context("service"), rules);
  }

  record::json_value cases_;
};

TEST_F(published_cases, signed_by_fields) {
  for (const record::json_value& element : cases_.elements) {
    const published_case one{element};
    SCOPED_TRACE(one.text("name"));
    const spelled_request request(one.text("request"));
    signature shown;
    const auto fields =
        signer_of(one).sign(request.what(), one.who(), *parse_instant(one.context("timestamp")), &shown);
    EXPECT_EQ(shown.canonical_request, one.text("header_canonical_request"));
    EXPECT_EQ(shown.string_to_sign, one.text("header_string_to_sign"));
    EXPECT_EQ(shown.hex, one.text("header_signature"));
    EXPECT_EQ(request.with(request.target, fields), one.text("header_signed_request"));
  }
}

TEST_F(published_cases, signed_in_the_query) {
  for (const record::json_value& element : cases_.elements) {
    const published_case one{element};
    SCOPED_TRACE(one.text("name"));
    const spelled_request request(one.text("request"));
    const std::chrono::seconds lifetime(std::stoi(one.context("expiration_in_seconds")));
    signature shown;
    const auto target =
        signer_of(one).presign(request.what(), one.who(), *parse_instant(one.context("timestamp")), lifetime, &shown);
    EXPECT_EQ(shown.canonical_request, one.text("query_canonical_request"));
    EXPECT_EQ(shown.string_to_sign, one.text("query_string_to_sign"));
    EXPECT_EQ(shown.hex, one.text("query_signature"));
    EXPECT_EQ(request.with(target, {}), one.text("query_signed_request"));
  }
}

}  // namespace
}  // namespace spaces::aws
