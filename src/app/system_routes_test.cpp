#include "app/system_routes.hpp"

#include "app/docs_page.hpp"
#include "platform/http/compression.hpp"
#include "platform/http/router.hpp"
#include "platform/http/test_request.hpp"
#include "platform/record/json.hpp"
#include "platform/table/test_table.hpp"

#include <gtest/gtest.h>

namespace spaces::app {
namespace {

using http::method;
using http::response;
using test::test_request;

class noon final : public clock {
 public:
  instant now() const override { return test::request_time; }
};

struct system_rows : testing::Test {
  noon time;
  test::test_table table;
  std::vector<health_check> checks{{"always", []() -> result<void> { return {}; }},
                                   {"store", [this] { return table.ping(); }}};
  configuration settings;
  int documents_written = 0;
  std::string document = "{\"openapi\":\"3.1.0\",\"x\":\"" + std::string(3000, 'x') + "\"}";
  http::router router{rows(), options()};

  http::route health() {
    return health_route(
        settings, {table.engine(), "disk"}, [this]() -> std::span<const health_check> { return checks; }, time);
  }
  std::vector<http::route> rows() {
    settings.environment = environment_kind::staging;
    std::vector<http::route> all = docs_routes();
    all.push_back(health());
    all.push_back(openapi_route([this] {
      ++documents_written;
      return document;
    }));
    return all;
  }
  http::router_options options() const {
    http::router_options made;
    made.clock = &time;
    return made;
  }
  response send(test_request request) { return router.handle(request.get()); }
};

TEST_F(system_rows, health_says_how_the_service_is) {
  const response well = send({method::get, "/health"});
  EXPECT_EQ(well.status, 200);
  EXPECT_EQ(well.body, R"({"status":"ok","version":")" SPACES_VERSION
                       R"(","environment":"staging","store":"test","bucket":"disk","failing":[],)"
                       R"("timestamp":"2026-11-22T08:00:00.000Z"})");
  EXPECT_EQ(well.field("Content-Type"), "application/json");
  EXPECT_EQ(well.field("Cache-Control"), "no-store");
  table.read_fails = unavailable("a private reason");
  const response ill = send({method::get, "/health"});
  EXPECT_EQ(ill.status, 503);
  EXPECT_NE(ill.body.find("\"status\":\"unavailable\""), std::string::npos);
  EXPECT_EQ(ill.body.find("private"), std::string::npos);
  EXPECT_EQ(ill.field("Retry-After"), "1");
}

TEST_F(system_rows, health_names_what_fails_and_goes_on_without_what_is_not_vital) {
  checks.push_back({"bucket", []() -> result<void> { return unavailable("a private reason"); }, false});
  const response degraded = send({method::get, "/health"});
  EXPECT_EQ(degraded.status, 200);
  EXPECT_NE(degraded.body.find(R"("status":"degraded")"), std::string::npos);
  EXPECT_NE(degraded.body.find(R"("failing":["bucket"])"), std::string::npos);
  table.read_fails = unavailable("a private reason");
  const response ill = send({method::get, "/health"});
  EXPECT_EQ(ill.status, 503);
  EXPECT_NE(ill.body.find(R"("failing":["store","bucket"])"), std::string::npos);
}

TEST_F(system_rows, the_documented_health_has_the_members_of_the_real_one) {
  const http::route row = health();
  const auto real = record::parse_json(send({method::get, "/health"}).body);
  ASSERT_EQ(row.doc.answers.size(), 2u);
  for (const http::answer_doc& answer : row.doc.answers) {
    const auto example = record::parse_json(answer.example);
    ASSERT_TRUE(example && real);
    ASSERT_EQ(example->members.size(), real->members.size());
    for (std::size_t i = 0; i < real->members.size(); ++i) EXPECT_EQ(example->members[i].name, real->members[i].name);
  }
}

TEST_F(system_rows, the_openapi_document_is_tagged_by_its_content) {
  const response whole = send({method::get, "/openapi.json"});
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, document);
  const std::string tag(whole.field("ETag"));
  EXPECT_EQ(send(test_request(method::get, "/openapi.json").with("If-None-Match", tag)).status, 304);
  EXPECT_EQ(documents_written, 1) << "at the first asking, and then kept";
  document += ' ';
  http::router other(rows(), options());
  EXPECT_NE(other.handle(test_request(method::get, "/openapi.json").get()).field("ETag"), tag);
}

TEST_F(system_rows, the_documentation_page_is_served_packed_or_plain) {
  for (const docs_file& file : docs_files()) {
    const response packed = send(test_request(method::get, std::string(file.path)).with("Accept-Encoding", "gzip"));
    const response plain = send({method::get, std::string(file.path)});
    EXPECT_EQ(packed.field("Content-Encoding"), "gzip") << file.path;
    EXPECT_EQ(plain.field("Content-Encoding"), "") << file.path;
    EXPECT_EQ(packed.body, file.gzip);
    EXPECT_EQ(http::gunzip(packed.body), plain.body);
    EXPECT_NE(packed.field("ETag"), plain.field("ETag"));
    EXPECT_EQ(plain.field("Vary"), "Accept-Encoding");
    EXPECT_EQ(plain.field("Content-Type"), file.content_type);
    EXPECT_EQ(plain.field("Content-Security-Policy"), docs_content_security_policy) << "its own, once";
    EXPECT_EQ(
        send(test_request(method::get, std::string(file.path)).with("If-None-Match", std::string(plain.field("ETag"))))
            .status,
        304);
  }
}

}  // namespace
}  // namespace spaces::app
