#include "platform/http/negotiation.hpp"

#include "platform/http/test_request.hpp"

#include <gtest/gtest.h>

namespace spaces::http {
namespace {

using test::test_request;
using versions = std::vector<std::int64_t>;

TEST(negotiation, finds_the_fields_in_any_case) {
  test_request request(method::get, "/");
  request.with("ACCEPT", "a").with("accept-Encoding", "b").with("Authorization", "c").with("content-type", "d");
  request.with("If-Match", "e").with("If-None-Match", "f").with("Idempotency-Key", "g").with("Accepts", "x");
  const known_fields found = find_known_fields(request.get());
  EXPECT_EQ(found.accept, "a");
  EXPECT_EQ(found.accept_encoding, "b");
  EXPECT_EQ(found.authorization, "c");
  EXPECT_EQ(found.content_type, "d");
  EXPECT_EQ(found.if_match, "e");
  EXPECT_EQ(found.if_none_match, "f");
  EXPECT_EQ(found.idempotency_key, "g");
  EXPECT_TRUE(found.has_if_match && found.has_idempotency_key);
  EXPECT_FALSE(found.repeated);
  EXPECT_TRUE(found.joined.empty()) << "nothing is copied";
}

TEST(negotiation, an_empty_field_is_there_all_the_same) {
  test_request request(method::get, "/");
  EXPECT_FALSE(find_known_fields(request.get()).has_if_match);
  const field_line bare[] = {{"If-Match", {}}, {"Idempotency-Key", ""}};
  http::request incoming;
  incoming.fields = bare;
  EXPECT_TRUE(find_known_fields(incoming).has_if_match);
  EXPECT_TRUE(find_known_fields(incoming).has_idempotency_key);
}

TEST(negotiation, fields_that_may_be_given_once_are_noticed_twice) {
  for (const std::string name : {"Authorization", "Content-Type", "Idempotency-Key"}) {
    for (const std::string value : {"", "same"}) {
      test_request request(method::get, "/");
      request.with(name, value).with("x", "y").with(name, value);
      EXPECT_TRUE(find_known_fields(request.get()).repeated) << name;
    }
  }
}

TEST(negotiation, lists_on_several_lines_are_one_list) {
  test_request request(method::get, "/");
  request.with("Accept", "text/html").with("If-None-Match", "\"v1\"").with("If-Match", "\"v1\"");
  request.with("accept", "application/json").with("If-None-Match", "\"v2\"").with("If-Match", "\"v2\"");
  request.with("Accept", "image/png");
  const known_fields found = find_known_fields(request.get());
  EXPECT_FALSE(found.repeated);
  known_fields copied;
  copied = found;  // as the router hands it on
  EXPECT_EQ(copied.accept, "text/html, application/json, image/png");
  EXPECT_TRUE(matches_any(copied.if_none_match, "\"v1\"") && matches_any(copied.if_none_match, "\"v2\""));
  EXPECT_EQ(expected_versions(copied.if_match).any_of, (versions{1, 2}));
}

TEST(negotiation, accept_is_read_as_rfc_9110_has_it) {
  const struct {
    std::string_view accept;
    bool json;
  } rows[] = {
      {"", true},
      {"  ", true},
      {"*/*", true},
      {"application/*", true},
      {"application/json", true},
      {"Application/JSON", true},
      {"text/html", false},
      {"text/*", false},
      {"application/jsonx", false},
      {"application/problem+json", false},
      {"text/html, application/json;q=0.1", true},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true},
      {"application/json;q=0", false},
      {"application/json;q=0.000", false},
      {"application/json;q=0.001", true},
      {"application/json; Q=0", false},
      {"*/*;q=0", false},
      {"*/*, application/json;q=0", false},
      {"application/json;q=0, */*", false},
      {"application/*;q=0, */*", false},
      {"application/*;q=0, application/json", true},
      {"application/json;profile=\"a,b;q=0\"", true},
      {"application/json;version=1;q=0", false},
      {",, application/json ,", true},
      {"application", false},
  };
  for (const auto& row : rows) EXPECT_EQ(accepts(row.accept, "application/json"), row.json) << row.accept;
}

TEST(negotiation, gzip_is_sent_to_who_names_it) {
  const struct {
    std::string_view accept_encoding;
    bool gzip;
  } rows[] = {
      {"", false},
      {"gzip", true},
      {"GZIP", true},
      {"x-gzip", true},
      {"gzip, deflate, br", true},
      {"br;q=1.0, gzip;q=0.8, *;q=0.1", true},
      {"gzip;q=0.001", true},
      {"gzip;q=0", false},
      {"gzip;q=0, *", false},
      {"*", true},
      {"*;q=0", false},
      {"*, gzip;q=0", false},
      {"identity", false},
      {"identity;q=0", false},
      {"identity;q=0, gzip", true},
      {"deflate, br", false},
      {"gzipped", false},
  };
  for (const auto& row : rows) EXPECT_EQ(accepts_gzip(row.accept_encoding), row.gzip) << row.accept_encoding;
}

TEST(negotiation, patches_name_the_members_that_change) {
  for (const char* type :
       {"application/json", "application/merge-patch+json", "APPLICATION/Merge-Patch+json;charset=utf-8"})
    EXPECT_TRUE(is_merge_patch(type)) << type;
  for (const char* type : {"", "application/json-patch+json", "application/vnd.spaces.v1+json", "text/plain",
                           "application/merge-patch+json;charset=latin1", "application/xml-patch+xml"})
    EXPECT_FALSE(is_merge_patch(type)) << type;
}

TEST(negotiation, identity_is_the_coding_that_changes_nothing) {
  for (const char* coding : {"", "identity", "Identity", " identity , identity", ","})
    EXPECT_TRUE(is_identity(coding)) << coding;
  for (const char* coding : {"gzip", "x-gzip", "identity, gzip", "br", "deflate", "identity;q=1"})
    EXPECT_FALSE(is_identity(coding)) << coding;
}

TEST(negotiation, json_bodies_are_known_by_their_type) {
  const struct {
    std::string_view type;
    bool json;
  } rows[] = {
      {"application/json", true},
      {"APPLICATION/Json", true},
      {"application/json; charset=utf-8", true},
      {"application/json;charset=\"UTF-8\"", true},
      {"application/json;charset=utf-8;v=1", true},
      {"application/merge-patch+json", true},
      {"application/vnd.spaces.v1+json", true},
      {"application/json-patch+json", false},
      {"Application/JSON-Patch+JSON; charset=utf-8", false},
      {"application/json; charset=iso-8859-1", false},
      {"application/json;v=1;charset=utf-16", false},
      {"", false},
      {"text/json", false},
      {"text/plain", false},
      {"application/jsonp", false},
      {"application/x-www-form-urlencoded", false},
      {"multipart/form-data; boundary=application/json", false},
  };
  for (const auto& row : rows) EXPECT_EQ(is_json(row.type), row.json) << row.type;
}

TEST(negotiation, bearer_tokens_are_taken_out_of_their_scheme) {
  EXPECT_EQ(bearer_token("Bearer abc"), "abc");
  EXPECT_EQ(bearer_token("bEaReR  abc "), "abc");
  for (const std::string_view wrong : {"", "Bearer", "Bearer ", "Basic abc", "Bearerabc", "abc", "Token Bearer abc"})
    EXPECT_FALSE(bearer_token(wrong)) << wrong;
}

TEST(negotiation, entity_tags_match_weakly_and_in_any_coding) {
  const struct {
    std::string_view list;
    bool matches;
  } rows[] = {
      {"\"v7\"", true},
      {"W/\"v7\"", true},
      {"\"v7-gzip\"", true},
      {"W/\"v7-gzip\"", true},
      {"\"v6\", \"v7\"", true},
      {"\"v6\" , W/\"v7\" ,", true},
      {"\"a,b\", \"v7\"", true},
      {"*", true},
      {"\"v70\"", false},
      {"\"V7\"", false},
      {"v7", false},
      {"\"v7", false},
      {"w/\"v7\"", false},
      {"\"x,\"v7\"\"", false},
      {"\"\"", false},
      {"", false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(matches_any(row.list, "\"v7\""), row.matches) << row.list;
    EXPECT_EQ(matches_any(row.list, "\"v7-gzip\""), row.matches) << row.list;
  }
  EXPECT_FALSE(matches_any("\"\"", "")) << "an answer without a tag matches nothing";
}

TEST(negotiation, if_match_names_versions_strongly) {
  EXPECT_EQ(expected_versions("*").any_of, std::nullopt);
  EXPECT_EQ(expected_versions("\"v1\", *").any_of, std::nullopt);
  EXPECT_EQ(expected_versions("\"v7\"").any_of, (versions{7}));
  EXPECT_EQ(expected_versions("\"v7-gzip\", \"v12\"").any_of, (versions{7, 12}));
  EXPECT_EQ(expected_versions("\"v7-i3.1\", \"v12-i3.1-gzip\"").any_of, (versions{7, 12}));
  for (const std::string_view never :
       {"", "W/\"v7\"", "\"7\"", "v7", "\"v\"", "\"v7x\"", "\"v 7\"", "\"v99999999999999999999\"", "\"other\""})
    EXPECT_EQ(expected_versions(never).any_of, versions{}) << never << " must match no version";
  EXPECT_TRUE(expected_versions("*").admits(3));
  EXPECT_FALSE(expected_versions("\"other\"").admits(3));
}

}  // namespace
}  // namespace spaces::http
