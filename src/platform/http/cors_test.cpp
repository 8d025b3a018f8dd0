#include "platform/http/cors.hpp"

#include "platform/http/test_rows.hpp"

#include <gtest/gtest.h>

namespace spaces::http {
namespace {

using test::test_api;
using test::test_request;

constexpr std::string_view page = "https://app.example.com";

/// All values of a field, and so how often it is there.
std::vector<std::string> all_of(const response& made, std::string_view name) {
  std::vector<std::string> found;
  for (const auto* fields : {&made.fields, &made.beside_ready})
    for (const auto& [held, value] : *fields)
      if (held == name) found.push_back(value);
  return found;
}

std::vector<std::string> allowed(const response& made) { return all_of(made, "Access-Control-Allow-Origin"); }

using texts = std::vector<std::string>;

class cors_of : public testing::Test {
 protected:
  response send(const cors_policy& policy, test_request request) {
    return cors(api_.application, policy, security_fields(true)).handle(request.get());
  }
  response preflight(const cors_policy& policy, std::string origin, std::string path = "/things") {
    return send(policy, test_request(method::options, std::move(path))
                            .with("Origin", std::move(origin))
                            .with("Access-Control-Request-Method", "POST")
                            .with("Access-Control-Request-Headers", "authorization,content-type"));
  }

  test_api api_{[](router_options& options) {
    options.table_version = [] { return std::uint64_t{1}; };
    options.reads_inline = true;
    options.everywhere = security_fields(true);
  }};
  const cors_policy one_{{std::string(page), "http://localhost:5173"}, false};
  const cors_policy all_{{"*"}, false};
};

TEST_F(cors_of, a_preflight_is_answered_without_a_token_and_without_the_api) {
  const response made = preflight(one_, std::string(page));
  EXPECT_EQ(made.status, 204);
  EXPECT_EQ(allowed(made), texts{std::string(page)});
  EXPECT_EQ(made.field("Access-Control-Allow-Methods"), "GET, HEAD, POST, PUT, PATCH, DELETE");
  for (const std::string_view field : {"Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key"})
    EXPECT_NE(made.field("Access-Control-Allow-Headers").find(field), std::string_view::npos) << field;
  EXPECT_EQ(made.field("Access-Control-Max-Age"), "7200");
  EXPECT_EQ(made.field("Vary"), "Origin");
  EXPECT_EQ(made.field("Access-Control-Allow-Credentials"), "");
  EXPECT_EQ(all_of(made, "Strict-Transport-Security"), texts{"max-age=31536000; includeSubDomains"});
  EXPECT_EQ(all_of(made, "X-Content-Type-Options"), texts{"nosniff"});
  EXPECT_EQ(preflight(one_, "http://localhost:5173", "/mine").status, 204) << "a path that wants a token";
  EXPECT_EQ(api_.calls, 0);
}

TEST_F(cors_of, an_origin_that_is_not_admitted_is_served_without_a_word) {
  for (const std::string other : {"https://evil.example", "https://app.example.com.evil.example", "null",
                                  "http://app.example.com", "https://app.example.com:8443", ""}) {
    const response refused = preflight(one_, other);
    EXPECT_EQ(refused.field("Allow"), "GET, HEAD, POST, OPTIONS") << other;
    EXPECT_EQ(allowed(refused), texts{}) << other;
    const response read = send(one_, test_request(method::get, "/things").with("Origin", other));
    EXPECT_EQ(read.status, 200);
    EXPECT_EQ(allowed(read), texts{}) << other;
    EXPECT_EQ(read.field("Vary"), "Origin") << "a cache must not give this to the page that is admitted";
  }
}

TEST_F(cors_of, every_answer_to_a_page_says_that_it_may_read_it) {
  const auto from_page = [](method verb, std::string path) {
    return test_request(verb, std::move(path)).with("Origin", std::string(page));
  };
  const response on_a_lane = send(one_, from_page(method::get, "/things"));
  EXPECT_EQ(on_a_lane.status, 200);
  const response unauthenticated = send(one_, from_page(method::get, "/mine"));
  EXPECT_EQ(unauthenticated.status, 401);
  const response nowhere = send(one_, from_page(method::get, "/nowhere"));
  EXPECT_EQ(nowhere.status, 404);
  const response broken = send(one_, from_page(method::get, "/throws"));
  EXPECT_EQ(broken.status, 500);
  for (const response* made : {&on_a_lane, &unauthenticated, &nowhere, &broken}) {
    EXPECT_EQ(allowed(*made), texts{std::string(page)}) << made->status;
    EXPECT_EQ(all_of(*made, "Access-Control-Expose-Headers"), texts{"ETag, Link, Location, Retry-After"});
  }
}

TEST_F(cors_of, cached_answers_carry_it_for_each_who_asks) {
  const auto ask_from = [&](const std::string& origin) {
    return send(one_, test_request(method::get, "/large").as().with("Origin", origin));
  };
  for (int again = 0; again < 4; ++again) {
    EXPECT_EQ(allowed(ask_from(std::string(page))), texts{std::string(page)});
    EXPECT_EQ(allowed(ask_from("http://localhost:5173")), texts{"http://localhost:5173"});
    EXPECT_EQ(allowed(ask_from("https://evil.example")), texts{});
  }
  EXPECT_LT(api_.calls, 12) << "and they were cached";
}

TEST_F(cors_of, a_star_admits_every_page_and_needs_no_vary) {
  const response made = send(all_, test_request(method::get, "/things").with("Origin", "https://any.example"));
  EXPECT_EQ(allowed(made), texts{"*"});
  EXPECT_EQ(made.field("Vary"), "");
  EXPECT_EQ(allowed(preflight(all_, "https://any.example")), texts{"*"});
  EXPECT_EQ(allowed(send(all_, test_request(method::get, "/things"))), texts{}) << "no page asked";
}

TEST_F(cors_of, with_credentials_the_origin_is_named) {
  const response made = send({{"*"}, true}, test_request(method::get, "/things").with("Origin", "https://any.example"));
  EXPECT_EQ(allowed(made), texts{"https://any.example"});
  EXPECT_EQ(made.field("Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(made.field("Vary"), "Origin");
}

TEST(cors, origins_are_scheme_host_and_port) {
  for (const std::string_view good : {"https://a", "http://a.example.com:8080", "https://xn--bcher-kva.example",
                                      "http://127.0.0.1:3000", "http://[::1]:3000", "https://[2001:db8::1]"})
    EXPECT_TRUE(is_origin(good)) << good;
  for (const std::string_view bad : {"",
                                     "*",
                                     "null",
                                     "a.example",
                                     "https://",
                                     "https://a/",
                                     "https://a/b",
                                     "https://a?b",
                                     "ftp://a",
                                     "https://A",
                                     "https://a:",
                                     "https://a:123456",
                                     "https://a:b",
                                     "https://a b",
                                     "https://a,https://b",
                                     "https://u@a",
                                     "https://[::1",
                                     "https://[]",
                                     "https://::1]",
                                     "https://a]:1"})
    EXPECT_FALSE(is_origin(bad)) << bad;
}

/// What was refused before it was a request: as far as its Origin was read, the page may read why.
TEST_F(cors_of, refusals_of_the_transport_are_for_the_page_that_sent_them) {
  cors named(api_.application, one_, security_fields(true));
  for (const int status : {400, 408, 413, 414, 417, 431, 501, 503, 505}) {
    const response made = named.refuse(status, "Why", page);
    EXPECT_EQ(made.status, status);
    EXPECT_EQ(allowed(made), texts{std::string(page)}) << status;
    EXPECT_EQ(all_of(made, "Vary"), texts{"Origin"});
    EXPECT_EQ(made.close, status != 503);
  }
  EXPECT_EQ(allowed(named.refuse(400, "Why", "https://evil.example")), texts{});
  EXPECT_EQ(allowed(named.refuse(400, "Why", "*")), texts{});
  EXPECT_EQ(allowed(named.refuse(400, "Why")), texts{});
  cors every(api_.application, all_, security_fields(true));
  EXPECT_EQ(allowed(every.refuse(400, "Why", page)), texts{"*"});
  EXPECT_EQ(allowed(every.refuse(400, "Why")), texts{"*"}) << "not even an Origin was read";
  cors with_cookies(api_.application, {{"*"}, true}, security_fields(true));
  EXPECT_EQ(allowed(with_cookies.refuse(400, "Why", page)), texts{std::string(page)});
  EXPECT_EQ(allowed(with_cookies.refuse(400, "Why")), texts{});
}

}  // namespace
}  // namespace spaces::http
