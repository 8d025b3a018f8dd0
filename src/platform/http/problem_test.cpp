#include "platform/http/problem.hpp"

#include "platform/record/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace spaces::http {
namespace {

const uuid instance = *parse_uuid("019ab3c4-7a10-7c2e-b1f4-6d0e5f3a9c21");

error of(error_kind kind) {
  error failure;
  failure.kind = kind;
  failure.public_text = "public";
  failure.private_text = "private";
  return failure;
}

std::string member(const response& made, std::string_view name) {
  const auto body = record::parse_json(made.body);
  if (!body || !body->find(name)) return "";
  return body->find(name)->text;
}

TEST(problem, every_kind_of_failure_has_its_status_and_type) {
  const struct {
    error_kind kind;
    int status;
    std::string_view slug;
  } rows[] = {
      {error_kind::malformed, 400, "malformed"},     {error_kind::unauthenticated, 401, "unauthenticated"},
      {error_kind::forbidden, 403, "forbidden"},     {error_kind::not_found, 404, "not-found"},
      {error_kind::conflict, 409, "conflict"},       {error_kind::precondition_failed, 412, "precondition-failed"},
      {error_kind::too_large, 413, "too-large"},     {error_kind::invalid, 422, "invalid"},
      {error_kind::limited, 429, "limited"},         {error_kind::internal, 500, "internal"},
      {error_kind::unavailable, 503, "unavailable"}, {error_kind::storage_full, 507, "storage-full"},
  };
  for (const auto& row : rows) {
    const response made = to_response(of(row.kind), instance);
    EXPECT_EQ(status_of(row.kind), row.status);
    EXPECT_EQ(made.status, row.status);
    EXPECT_EQ(member(made, "type"), std::string(problem_urn) + std::string(row.slug));
    EXPECT_EQ(member(made, "status"), std::to_string(row.status));
  }
}

TEST(problem, has_the_members_of_rfc_9457_and_nothing_private) {
  const response made = to_response(of(error_kind::conflict), instance);
  EXPECT_EQ(made.field("Content-Type"), "application/problem+json");
  EXPECT_EQ(made.field("Cache-Control"), "no-store");
  EXPECT_EQ(made.body, R"({"type":"urn:lifestyle-spaces:problem:conflict","title":"Conflict with the current state",)"
                       R"("status":409,"detail":"public","instance":"urn:uuid:019ab3c4-7a10-7c2e-b1f4-6d0e5f3a9c21"})");
  for (const problem_type* const type : {&invalid_token, &email_unverified}) {
    error failure = error_of(*type, "public");
    failure.private_text = "private";
    EXPECT_EQ(to_response(failure, instance).body.find("private"), std::string::npos);
  }
}

TEST(problem, lists_every_broken_rule) {
  const response made =
      to_response(invalid({{"/a~1b", "unknown", "no such field"}, {"/\"\n", "too-long", "at most 3"}}), instance);
  const auto body = record::parse_json(made.body);
  ASSERT_TRUE(body) << made.body;
  const auto* errors = body->find("errors");
  ASSERT_TRUE(errors);
  ASSERT_EQ(errors->elements.size(), 2u);
  EXPECT_EQ(errors->elements[0].find("pointer")->text, "/a~1b");
  EXPECT_EQ(errors->elements[0].find("code")->text, "unknown");
  EXPECT_EQ(errors->elements[0].find("detail")->text, "no such field");
  EXPECT_EQ(errors->elements[1].find("pointer")->text, "/\"\n");
  EXPECT_EQ(member(made, "detail"), "2 rules are broken; see errors");
}

TEST(problem, a_narrower_type_wins_over_the_kinds_own) {
  static constexpr problem_type full{"shelf-full", error_kind::conflict, "The shelf is full"};
  const response made = to_response(error_of(full, "It holds forty"), instance);
  EXPECT_EQ(made.status, 409);
  EXPECT_EQ(member(made, "type"), "urn:lifestyle-spaces:problem:shelf-full");
  EXPECT_EQ(member(made, "title"), "The shelf is full");
  EXPECT_EQ(member(made, "detail"), "It holds forty");
}

TEST(problem, a_401_names_the_scheme_and_whether_a_token_was_refused) {
  error failure = of(error_kind::unauthenticated);
  EXPECT_EQ(to_response(failure, instance).field("WWW-Authenticate"), "Bearer realm=\"spaces\"");
  failure.type = &invalid_token;
  const response refused = to_response(failure, instance);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.field("WWW-Authenticate"), "Bearer realm=\"spaces\", error=\"invalid_token\"");
  EXPECT_EQ(to_response(of(error_kind::forbidden), instance).field("WWW-Authenticate"), "");
}

TEST(problem, says_when_to_come_again) {
  EXPECT_EQ(to_response(of(error_kind::unavailable), instance).field("Retry-After"), "1");
  EXPECT_EQ(to_response(503, "full", instance).field("Retry-After"), "1");
  error limited = of(error_kind::limited);
  EXPECT_EQ(to_response(limited, instance).field("Retry-After"), "");
  limited.retry_after = std::chrono::seconds{900};
  EXPECT_EQ(to_response(limited, instance).field("Retry-After"), "900");
}

TEST(problem, every_status_that_framing_refuses_with_has_a_type) {
  for (const int status : {400, 404, 405, 406, 408, 413, 414, 415, 417, 431, 500, 501, 503, 505})
    EXPECT_EQ(to_response(status, "x", instance).status, status);
  EXPECT_EQ(to_response(418, "x", instance).status, 500) << "what has no type is a bug";
}

TEST(problem, features_add_theirs_and_no_two_have_one_name) {
  static constexpr problem_type full{"shelf-full", error_kind::conflict, "The shelf is full"};
  static constexpr problem_type again{"conflict", error_kind::conflict, "Another"};
  const auto all = served_problems({&full, 1});
  ASSERT_TRUE(all);
  std::set<std::string_view> slugs;
  for (const served_problem& type : *all) EXPECT_TRUE(slugs.insert(type.slug).second) << type.slug;
  EXPECT_EQ(all->size(), common_problems().size() + 1);
  EXPECT_TRUE(
      std::is_sorted(all->begin(), all->end(), [](const auto& a, const auto& b) { return a.status < b.status; }));
  const problem_type twice[] = {full, full};
  for (const auto& refused : {served_problems({&again, 1}), served_problems(twice)}) {
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().private_text.find("two problem types are called"), std::string::npos);
  }
}

}  // namespace
}  // namespace spaces::http
