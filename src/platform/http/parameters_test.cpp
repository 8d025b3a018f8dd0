#include "platform/http/parameters.hpp"

#include "platform/http/test_request.hpp"

#include <gtest/gtest.h>

namespace spaces::http {
namespace {

using test::test_request;

struct loft {
  std::string title;
  std::optional<std::int64_t> rooms;
  static record::field_span fields();
};

record::field_span loft::fields() {
  using namespace record;
  static constexpr field rows[] = {
      of<&loft::title>("title", editable, {.length_max = 9, .required = true}),
      of<&loft::rooms>("rooms", editable, {}),
  };
  return rows;
}

/// An request_context over a request that it keeps.
struct exchanged {
  test_request request;
  known_fields fields;
  request_context context;

  explicit exchanged(test_request sent, std::string_view open = {})
      : request(std::move(sent)),
        fields(find_known_fields(request.get())),
        context{request.get(), fields, nobody, open, open} {}
};

TEST(parameters, a_path_names_a_uuid_or_nothing) {
  EXPECT_TRUE(path_id::from(exchanged({method::get, "/"}, "019ab3c4-7a10-7c2e-b1f4-6d0e5f3a9c21").context));
  EXPECT_TRUE(path_id::from(exchanged({method::get, "/"}, "019AB3C4-7A10-7C2E-B1F4-6D0E5F3A9C21").context));
  for (const std::string_view wrong :
       {"", "1", "019ab3c4-7a10-7c2e-b1f4-6d0e5f3a9c2", "019ab3c4-7a10-7c2e-b1f4-6d0e5f3a9c21 ",
        "%3019ab3c4-7a10-7c2e-b1f4-6d0e5f3a9c21", "%3019ab3c4-7a10-7c2e-b1f4-6d0e5f3a9c",
        "019ab3c47a107c2eb1f46d0e5f3a9c21"}) {
    const auto id = path_id::from(exchanged({method::get, "/"}, wrong).context);
    ASSERT_FALSE(id) << wrong;
    EXPECT_EQ(id.error().kind, error_kind::not_found);
    EXPECT_FALSE(second_id::from(exchanged({method::get, "/"}, wrong).context)) << wrong;
  }
  EXPECT_TRUE(second_id::from(exchanged({method::get, "/"}, "019ab3c4-7a10-7c2e-b1f4-6d0e5f3a9c21").context));
}

TEST(parameters, a_query_is_read_by_its_field_table) {
  const auto good = query<loft>::from(exchanged({method::get, "/?title=a+b&rooms=3"}).context);
  ASSERT_TRUE(good);
  EXPECT_EQ(good->value.title, "a b");
  EXPECT_EQ(good->value.rooms, 3);
  const auto bad = query<loft>::from(exchanged({method::get, "/?rooms=x&y=1"}).context);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, error_kind::invalid);
  EXPECT_EQ(bad.error().problems.size(), 2u);
  EXPECT_TRUE(query<loft>::from(exchanged({method::get, "/"}).context)) << "nothing is required of a query";
}

TEST(parameters, a_body_makes_or_changes) {
  using make = body<loft, record::on_create>;
  using change = body<loft, record::on_update>;
  test_request request(method::post, "/");
  request.body(R"({"rooms":2})");
  EXPECT_EQ(make::from(exchanged(request).context).error().kind, error_kind::invalid) << "the title is missing";
  const auto read = change::from(exchanged(request).context);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->value.apply({"old", 1}).title, "old");
  EXPECT_EQ(read->value.apply({"old", 1}).rooms, 2);
  EXPECT_EQ(make::from(exchanged({method::post, "/"}).context).error().kind, error_kind::malformed);
}

TEST(parameters, if_match_absent_admits_every_version_and_an_empty_one_none) {
  EXPECT_TRUE(if_match::from(exchanged({method::put, "/"}).context)->value.admits(7));
  test_request request(method::put, "/");
  EXPECT_FALSE(if_match::from(exchanged(request.with("If-Match", "")).context)->value.admits(7));
  EXPECT_TRUE(
      if_match::from(exchanged(test_request(method::put, "/").with("If-Match", "\"v7\"")).context)->value.admits(7));
}

result<idempotency_of<loft>> with_key(std::string key, std::string target = "/a", std::string body = R"({"title":"x"})",
                                      method verb = method::post) {
  test_request request(verb, std::move(target));
  request.body(std::move(body)).with("Idempotency-Key", std::move(key));
  return idempotency_of<loft>::from(exchanged(request).context);
}

TEST(parameters, an_idempotency_key_is_printable_and_bounded) {
  EXPECT_EQ(idempotency_of<loft>::from(exchanged({method::post, "/"}).context)->key, std::nullopt);
  EXPECT_EQ(with_key("k")->key, "k");
  EXPECT_EQ(with_key("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"")->key, "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"");
  EXPECT_TRUE(with_key(std::string(idempotency_key_bytes_max, 'k')));
  for (const std::string& wrong : {std::string(), std::string(idempotency_key_bytes_max + 1, 'k'), std::string("a b"),
                                   std::string("é"), std::string("\x7F"), std::string("a\tb")}) {
    const auto read = with_key(wrong);
    ASSERT_FALSE(read) << wrong;
    EXPECT_EQ(read.error().kind, error_kind::malformed);
  }
}

TEST(parameters, a_fingerprint_tells_requests_apart) {
  const std::string one = with_key("k")->fingerprint;
  EXPECT_EQ(one.size(), 64u);
  EXPECT_EQ(with_key("other")->fingerprint, one) << "of the request, not of the key";
  EXPECT_EQ(with_key("k", "/a?x=1")->fingerprint, one) << "creates have no query";
  EXPECT_EQ(with_key("k", "/a/")->fingerprint, one) << "one path";
  EXPECT_NE(with_key("k", "/b")->fingerprint, one);
  EXPECT_NE(with_key("k", "/a", "{ }")->fingerprint, one);
  EXPECT_NE(with_key("k", "/a", R"({"title":"x"})", method::put)->fingerprint, one);
}

TEST(parameters, a_fingerprint_is_of_what_a_body_means) {
  const auto of = [](std::string body) { return with_key("k", "/a", std::move(body))->fingerprint; };
  const std::string one = of(R"({"title":"Loft","rooms":2})");
  for (const char* same : {R"( { "rooms" : 2 , "title" : "Loft" } )", "{\"title\":\"\\u004coft\",\"rooms\":2.0}",
                           R"({"title":"  Loft ","rooms":20e-1})"})
    EXPECT_EQ(of(same), one) << same;
  for (const char* other : {R"({"title":"Loft","rooms":3})", R"({"title":"loft","rooms":2})", R"({"title":"Loft"})",
                            R"({"title":"Loft","rooms":2,"colour":1})", R"({"title":"Loft","rooms":2)"})
    EXPECT_NE(of(other), one) << other;
}

}  // namespace
}  // namespace spaces::http
