// What every answer has, of anyone: the row, the router, what stands before it, and what refuses bytes that are
// no request. The server's own answers over a socket: test/system/test_every_answer.py.
#include "app/deployment_keys.hpp"
#include "app/marketplace.hpp"
#include "app/open_bucket.hpp"
#include "app/open_identity.hpp"
#include "marketplace/roles/user_type.hpp"
#include "platform/http/application.hpp"
#include "platform/http/test_request.hpp"
#include "platform/identity/local/tokens.hpp"
#include "platform/table/lmdb/lmdb_table.hpp"
#include "platform/table/store_meta.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace spaces::app {
namespace {

using http::method;
using test::test_request;

constexpr const char* page = "https://app.example.com";

class noon final : public clock {
 public:
  instant now() const override { return test::request_time; }
};

/// The header section as it goes out.
std::string head_of(const http::response& made) {
  std::string head;
  if (made.ready) {
    head = made.ready->bytes.substr(made.ready->fields_at, made.ready->body_at - made.ready->fields_at);
    for (const auto& [name, value] : made.beside_ready) head.append(name).append(": ").append(value).append("\r\n");
  } else {
    http::append_fields(head, made);
  }
  return "\r\n" + head;
}

std::size_t count_of(const std::string& head, const std::string& line) {
  std::size_t count = 0;
  for (std::size_t at = head.find(line); at != std::string::npos; at = head.find(line, at + 1)) ++count;
  return count;
}

class every_answer : public testing::TestWithParam<bool> {
 protected:
  every_answer() {
    settings_.listings.public_listings = true;
    settings_.identity.jwt_key = "a secret of more than thirty-two bytes";
    settings_.mail.public_url = GetParam() ? "https://api.example.com" : "http://api.example.com";
    settings_.http.cors.origins = {page};
    std::string folder = (std::filesystem::temp_directory_path() / "spaces-answers-XXXXXX").string();
    folder_ = ::mkdtemp(folder.data());
    table::lmdb_options store;
    store.folder = folder_;
    store.sync = false;
    std::unique_ptr<table::single_table> table = table::open_lmdb(store, time_).value();
    const std::string secret = table::store_meta::read(*table).value().secret;
    settings_.table.data = folder_;
    opened_bucket bucket = open_bucket(settings_, table_use::serving, secret, time_, nullptr).value();
    market_ = std::make_unique<marketplace>(settings_, time_, log_, opened_table{nullptr, std::move(table)},
                                            std::move(bucket), keys(), secret);
    const identity::signing_keys signing = keys();
    const identity::access_tokens tokens(signing, scope_of(settings_));
    for (const user_type type : {user_type::seller, user_type::buyer})
      tokens_.push_back("Bearer " + tokens.mint({make_uuid_v7(time_.now()), role_of(type), true},
                                                make_uuid_v7(time_.now()), std::chrono::minutes(30), time_.now()));
  }
  ~every_answer() override {
    market_.reset();
    std::filesystem::remove_all(folder_);
  }
  identity::signing_keys keys() const { return identity::signing_keys(*deployment_keys(settings_, time_.now())); }

  test_request by_seller(method verb, std::string target) const {
    return test_request(verb, std::move(target)).with("Authorization", tokens_[0]);
  }

  /// Holds the answer to what all must have; tells its status.
  int hold(const http::response& made) {
    const std::string head = head_of(made);
    SCOPED_TRACE(std::to_string(made.status) + head);
    EXPECT_EQ(count_of(head, "\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n"),
              GetParam() ? 1U : 0U);
    EXPECT_EQ(count_of(head, "\r\nStrict-Transport-Security"), GetParam() ? 1U : 0U);
    EXPECT_EQ(count_of(head, "\r\nX-Content-Type-Options: nosniff\r\n"), 1U);
    EXPECT_EQ(count_of(head, "\r\nContent-Security-Policy: "), 1U);
    EXPECT_EQ(count_of(head, "\r\nReferrer-Policy: no-referrer\r\n"), 1U);
    EXPECT_EQ(count_of(head, std::string("\r\nAccess-Control-Allow-Origin: ") + page + "\r\n"), 1U);
    statuses_.insert(made.status);
    return made.status;
  }
  int send(test_request request) { return hold(market_->application().handle(request.with("Origin", page).get())); }

  std::filesystem::path folder_;
  noon time_;
  telemetry::log log_{time_, STDERR_FILENO};
  configuration settings_;
  std::unique_ptr<marketplace> market_;
  std::vector<std::string> tokens_;
  std::set<int> statuses_;
};

constexpr const char* listing =
    R"({"title":"Light-filled loft","price":450000,"city":"Seattle","state":"WA","zipCode":"98101"})";

TEST_P(every_answer, of_the_application) {
  test_request create = by_seller(method::post, "/api/v1/properties").body(listing).with("Origin", page);
  const http::response created = market_->application().handle(create.get());
  ASSERT_EQ(hold(created), 201);
  const std::string one(created.field("Location"));
  const std::string tag(created.field("ETag"));
  for (int times = 0; times < 4; ++times) {  // made, and then cached
    EXPECT_EQ(send({method::get, one}), 200);
    EXPECT_EQ(send({method::head, one}), 200);
    EXPECT_EQ(send(test_request(method::get, one).with("If-None-Match", "*")), 304);
    EXPECT_EQ(send({method::get, "/api/v1/properties"}), 200);
  }
  EXPECT_EQ(send(test_request(method::options, one).with("Access-Control-Request-Method", "PATCH")), 204);
  EXPECT_EQ(send(test_request(method::options, "/nowhere").with("Access-Control-Request-Method", "GET")), 204);
  EXPECT_EQ(send({method::options, one}), 204);
  EXPECT_EQ(send({method::options, "*"}), 204);
  EXPECT_EQ(send(by_seller(method::post, "/api/v1/properties").body("{")), 400);
  EXPECT_EQ(send({method::get, "/api/v1/users/me"}), 401);
  EXPECT_EQ(send(test_request(method::get, one).with("Authorization", "Bearer x")), 401);
  EXPECT_EQ(send(test_request(method::post, "/api/v1/properties").body(listing).with("Authorization", tokens_[1])),
            403);
  EXPECT_EQ(send({method::get, "/nowhere"}), 404);
  EXPECT_EQ(send({method::delete_, "/health"}), 405);
  EXPECT_EQ(send(test_request(method::get, one).with("Accept", "text/csv")), 406);
  EXPECT_EQ(send(by_seller(method::patch, one).body("{\"price\":7}").with("If-Match", "\"v9\"")), 412);
  EXPECT_EQ(send(by_seller(method::post, "/api/v1/properties").body("x", "text/plain")), 415);
  EXPECT_EQ(send(by_seller(method::post, "/api/v1/properties").body("{}")), 422);
  for (const char* file : {"/docs", "/docs/init.js", "/openapi.json", "/health", "/.well-known/jwks.json"})
    EXPECT_EQ(send({method::get, file}), 200) << file;
  for (const char* large : {"/openapi.json", "/docs/page.css"})
    EXPECT_EQ(send(test_request(method::get, large).with("Accept-Encoding", "gzip")), 200) << large;
  for (int times = 0; statuses_.count(429) == 0 && times < 20; ++times)
    send(test_request(method::post, "/api/v1/auth/forgot-password").body(R"({"email":"ann@example.com"})"));
  EXPECT_EQ(send(by_seller(method::delete_, one)), 204);
  EXPECT_EQ(statuses_, (std::set<int>{200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 406, 412, 415, 422, 429}));
}

/// Bodies that are taken in pieces are refused by their header section, or by their end.
TEST_P(every_answer, to_bodies_that_come_in_pieces) {
  http::application& application = market_->application();
  const auto open = [&](test_request request) {
    const http::request& head = request.with("Origin", page).get();
    EXPECT_TRUE(application.takes_pieces(head));
    const http::opened_body opened = application.open_body(head);
    EXPECT_TRUE(opened.answer) << "it is refused by its header section";
    return opened.answer ? hold(*opened.answer) : 0;
  };
  EXPECT_EQ(open({method::put, "/uploads/made-up"}), 403);
  EXPECT_EQ(send({method::get, "/uploads/made-up"}), 405);
  EXPECT_EQ(send({method::get, "/media/aa/no-such-picture"}), 404);
}

TEST_P(every_answer, to_what_is_no_request) {
  for (const int status : {400, 403, 408, 411, 413, 414, 417, 431, 500, 501, 503, 505})
    EXPECT_EQ(hold(market_->application().refuse(status, "Why", page)), status);
}

INSTANTIATE_TEST_SUITE_P(public_url, every_answer, testing::Bool(),
                         [](const auto& of) { return of.param ? "https" : "http"; });

}  // namespace
}  // namespace spaces::app
