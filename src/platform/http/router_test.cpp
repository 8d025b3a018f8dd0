#include "platform/http/router.hpp"

#include "platform/http/compression.hpp"
#include "platform/http/test_request.hpp"
#include "platform/http/test_rows.hpp"
#include "platform/record/json.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace spaces::http {
namespace {

using test::test_api;
using test::test_request;

TEST(router, finds_rows_by_path_and_method_a_trailing_slash_or_not) {
  test_api api;
  EXPECT_EQ(api.send(method::get, "/things").body, "[]");
  EXPECT_EQ(api.send(method::get, "/things/").body, "[]");
  EXPECT_EQ(api.send(method::get, "/things/7?x=1").body, "\"7\"");
  EXPECT_EQ(api.send(method::get, "/things/7/").body, "\"7\"");
  EXPECT_EQ(api.send(method::get, "/things/%37").body, "\"%37\"") << "handed on as sent";
  for (const std::string path :
       {"/", "/thing", "/things//", "/things/7/8", "/things/7//", "//things", "/Things", "/things%2F7"})
    EXPECT_EQ(api.send(method::get, path).status, 404) << path;
}

TEST(router, two_segments_of_a_path_may_be_open) {
  test_api api;
  EXPECT_EQ(api.send(method::get, "/things/7/parts/a").body, "7+a");
  EXPECT_EQ(api.send(method::get, "/things/7/parts/a/").body, "7+a");
  EXPECT_EQ(api.send(method::get, "/things/7/parts/a/size?x=1").body, "7+a=size");
  EXPECT_EQ(api.send(method::get, "/things/parts/parts/parts").body, "parts+parts");
  for (const char* wrong : {"/things/7/parts", "/things/7/parts/", "/things/7/parts//", "/things//parts/a",
                            "/things/7/parts/a/b", "/things/7/8/parts/a", "/things/7/part/a", "/things/7/parts/size/",
                            "/things/7/parts//size", "/things/7/parts/a/size/size"})
    EXPECT_EQ(api.send(method::get, wrong).status, std::string_view(wrong).ends_with("/size/") ? 200 : 404) << wrong;
}

TEST(router, names_the_methods_that_a_path_takes) {
  test_api api;
  const response refused = api.send(method::delete_, "/things");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.field("Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(refused.field("Content-Type"), "application/problem+json");
  EXPECT_EQ(api.send(method::head, "/only-post").status, 405);
  EXPECT_EQ(api.send(method::head, "/only-post").field("Allow"), "POST, OPTIONS");
  const response options = api.send(method::options, "/things/7");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.field("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(options.field("Accept-Patch"), "");
  const response patched = api.send(method::options, "/mine/7");
  EXPECT_EQ(patched.field("Allow"), "PUT, PATCH, OPTIONS");
  EXPECT_EQ(patched.field("Accept-Patch"), "application/merge-patch+json, application/json");
  EXPECT_EQ(api.send(method::options, "/nowhere").status, 404);
  const response server_wide = api.send(method::options, "*");
  EXPECT_EQ(server_wide.status, 204);
  EXPECT_EQ(server_wide.field("Allow"), "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
}

TEST(router, head_is_get) {
  test_api api;
  const response get = api.send(test_request(method::get, "/large").as());
  const response head = api.send(test_request(method::head, "/large").as());
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.fields, get.fields);
  EXPECT_EQ(head.body.size(), get.body.size()) << "for Content-Length; the transport leaves the body out";
}

TEST(router, users_need_a_token_that_holds) {
  test_api api;
  test_request request(method::get, "/mine");
  const response missing = api.send(request);
  EXPECT_EQ(missing.status, 401);
  EXPECT_EQ(missing.field("WWW-Authenticate"), "Bearer realm=\"spaces\"");
  for (const std::string wrong : {"Basic YTpi", "Bearer", "good"}) {
    const response made = api.send(test_request(method::get, "/mine").with("Authorization", wrong));
    EXPECT_EQ(made.status, 401) << wrong;
    EXPECT_EQ(made.field("WWW-Authenticate"), "Bearer realm=\"spaces\"") << wrong;
  }
  const response bad = api.send(test_request(method::get, "/mine").with("Authorization", "Bearer bad"));
  EXPECT_EQ(bad.status, 401);
  EXPECT_EQ(bad.field("WWW-Authenticate"), "Bearer realm=\"spaces\", error=\"invalid_token\"");
  EXPECT_NE(bad.body.find("problem:invalid-token"), std::string::npos);
  EXPECT_EQ(bad.body.find("which check"), std::string::npos) << "private";
  const response good = api.send(test_request(method::get, "/mine").with("authorization", "bearer good"));
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(good.body, "\"01010101-0101-0101-0101-010101010101\"");
}

TEST(router, a_token_that_does_not_hold_is_refused_even_where_none_is_needed) {
  test_api api;
  EXPECT_EQ(api.send(test_request(method::get, "/things").with("Authorization", "Bearer bad")).status, 401);
  EXPECT_EQ(api.send(test_request(method::get, "/things").with("Authorization", "Basic x")).status, 401);
}

TEST(router, single_fields_given_twice_are_malformed) {
  test_api api;
  EXPECT_EQ(
      api.send(test_request(method::get, "/things").with("Authorization", "Bearer good").with("Authorization", "x"))
          .status,
      400);
  EXPECT_EQ(api.send(test_request(method::post, "/things").body("{}").with("Content-Type", "text/plain")).status, 400);
}

TEST(router, what_cannot_be_sent_or_read_is_refused_before_the_handler_runs) {
  test_api api;
  const response html = api.send(test_request(method::post, "/things").body("{}").with("Accept", "text/html"));
  EXPECT_EQ(html.status, 406);
  EXPECT_NE(html.body.find("application/json"), std::string::npos);
  for (const std::string type : {"text/plain", "application/json; charset=latin1"})
    EXPECT_EQ(api.send(test_request(method::post, "/things").body("{}", type)).status, 415) << type;
  const response untyped = api.send(method::post, "/things");
  EXPECT_EQ(untyped.status, 415);
  EXPECT_EQ(untyped.field("Accept"), "application/json");
  EXPECT_EQ(api.writes, 0);
  EXPECT_EQ(api.send(test_request(method::post, "/things").body("{}", "application/merge-patch+json")).status, 201);
  EXPECT_EQ(api.writes, 1);
  EXPECT_EQ(api.send(test_request(method::post, "/only-post").with("Accept", "text/html")).status, 204)
      << "no body is acceptable to all";
}

TEST(router, who_comes_before_what) {
  test_api api;
  EXPECT_EQ(api.send(test_request(method::get, "/mine").with("Accept", "text/html")).status, 401);
}

TEST(router, who_may_not_hears_so_whatever_the_request_brings) {
  test_api api;
  const auto put = [&](const std::string& whose, const std::string& body, const std::string& type,
                       const std::string& accept = "*/*") {
    return api.send(test_request(method::put, "/mine/" + whose).as().body(body, type).with("Accept", accept)).status;
  };
  EXPECT_EQ(put("own", "broken", "application/json"), 422);
  EXPECT_EQ(put("own", "{}", "text/plain"), 415);
  EXPECT_EQ(put("own", "{}", "application/json", "text/html"), 406);
  EXPECT_EQ(put("others", "broken", "application/json"), 403);
  EXPECT_EQ(put("others", "{}", "text/plain"), 403);
  EXPECT_EQ(put("others", "{}", "application/json", "text/html"), 403);
  EXPECT_EQ(api.looks, 6);
  EXPECT_EQ(put("own", "{}", "application/json"), 200);
  EXPECT_EQ(put("others", "{}", "application/json"), 403);
  EXPECT_EQ(api.looks, 6) << "a request without fault is not looked at twice";
}

TEST(router, whose_a_thing_is_is_looked_up_where_the_handler_would_run) {
  test_api api;
  test_request request = test_request(method::put, "/mine/others").as().body("{}", "text/plain");
  begun started = api.application.begin(request.get());
  ASSERT_FALSE(started.answer);
  EXPECT_EQ(started.where, lane::io);
  EXPECT_EQ(api.looks, 0);
  EXPECT_EQ(api.application.finish(request.get(), std::move(started.rest)).status, 403);
}

TEST(router, a_coded_body_is_not_decoded_but_refused) {
  test_api api;
  for (const std::string coding : {"gzip", "br", "identity, gzip", "x"}) {
    const response made = api.send(test_request(method::post, "/things").body("{}").with("Content-Encoding", coding));
    EXPECT_EQ(made.status, 415) << coding;
    EXPECT_EQ(made.field("Accept-Encoding"), "identity");
    EXPECT_EQ(made.field("Accept"), "");
  }
  EXPECT_EQ(api.writes, 0);
  EXPECT_EQ(api.send(test_request(method::post, "/things").body("{}").with("Content-Encoding", "identity")).status,
            201);
  EXPECT_EQ(api.send(test_request(method::get, "/things").with("Content-Encoding", "gzip")).status, 200) << "no body";
}

TEST(router, a_patch_comes_as_members_that_change) {
  test_api api;
  const auto send = [&](method verb, const std::string& type) {
    return api.send(test_request(verb, "/mine/7").as().body("[]", type));
  };
  for (const std::string type : {"application/json-patch+json", "application/xml-patch+xml", "text/plain", ""}) {
    const response made = send(method::patch, type);
    EXPECT_EQ(made.status, 415) << type;
    EXPECT_EQ(made.field("Accept-Patch"), "application/merge-patch+json, application/json");
    EXPECT_EQ(send(method::put, type).status, 415) << type;
    EXPECT_EQ(send(method::put, type).field("Accept"), "application/json");
  }
  for (const std::string type : {"application/json", "application/merge-patch+json"})
    EXPECT_EQ(send(method::patch, type).status, 200) << type;
}

TEST(router, who_is_refused_is_reported_with_the_reason) {
  test_api api;
  const response bad = api.send(test_request(method::get, "/mine").with("Authorization", "Bearer bad"));
  ASSERT_EQ(api.denials.size(), 1u);
  EXPECT_EQ(api.denials[0].status, 401);
  EXPECT_EQ(api.denials[0].path, "/mine");
  EXPECT_EQ(api.denials[0].address, "127.0.0.1");
  EXPECT_EQ(api.denials[0].why, "which check failed");
  EXPECT_TRUE(api.denials[0].who.is_nil());
  EXPECT_NE(bad.body.find(api.denials[0].instance), std::string::npos) << "one id in log and answer";
  const response others = api.send(test_request(method::put, "/mine/others").as().body("{}"));
  EXPECT_EQ(others.status, 403);
  ASSERT_EQ(api.denials.size(), 2u);
  EXPECT_EQ(api.denials[1].status, 403);
  EXPECT_EQ(to_text(api.denials[1].who), "01010101-0101-0101-0101-010101010101");
  EXPECT_EQ(api.denials[1].why, "Another's");
  EXPECT_NE(others.body.find(api.denials[1].instance), std::string::npos);
  // Refused before its body is looked at; without a token; something else than a token.
  EXPECT_EQ(api.send(test_request(method::put, "/mine/others").as().body("{}", "text/plain")).status, 403);
  EXPECT_EQ(api.denials.size(), 3u);
  api.send(method::get, "/mine");
  api.send(test_request(method::get, "/mine").with("Authorization", "Basic x"));
  api.send(method::get, "/nowhere");
  EXPECT_EQ(api.denials.size(), 3u);
}

TEST(router, comes_by_tls_alone_where_that_is_so) {
  for (const bool strict : {false, true}) {
    test_api api([&](router_options& options) { options.everywhere = security_fields(strict); });
    const std::string_view wanted = strict ? "max-age=31536000; includeSubDomains" : "";
    for (const test_request& request :
         {test_request(method::get, "/things"), test_request(method::get, "/nowhere"),
          test_request(method::get, "/mine"), test_request(method::get, "/things/7").with("If-None-Match", "*"),
          test_request(method::post, "/only-post")})
      EXPECT_EQ(api.send(request).field("Strict-Transport-Security"), wanted);
    EXPECT_EQ(api.application.refuse(431, "x").field("Strict-Transport-Security"), wanted);
  }
}

TEST(router, an_unchanged_thing_is_not_sent_again) {
  test_api api;
  for (const std::string tags : {"\"v7\"", "W/\"v7\"", "\"v7-gzip\"", "\"v1\", \"v7\"", "*"}) {
    for (const method verb : {method::get, method::head}) {
      const response made = api.send(test_request(verb, "/things/7").with("If-None-Match", tags));
      EXPECT_EQ(made.status, 304) << tags;
      EXPECT_EQ(made.body, "");
      EXPECT_EQ(made.field("ETag"), "\"v7\"");
      EXPECT_EQ(made.field("Cache-Control"), "private, no-cache");
      EXPECT_EQ(made.field("Content-Type"), "");
      EXPECT_EQ(made.field("X-Content-Type-Options"), "nosniff");
      EXPECT_EQ(prepare(made).bytes.find("Content-Length"), std::string::npos);
    }
  }
  for (const std::string tags : {"\"v6\"", "v7", ""})
    EXPECT_EQ(api.send(test_request(method::get, "/things/7").with("If-None-Match", tags)).status, 200) << tags;
  EXPECT_EQ(api.send(test_request(method::post, "/things").body("{}").with("If-None-Match", "*")).status, 201);
  EXPECT_EQ(api.send(test_request(method::get, "/things").with("If-None-Match", "*")).status, 200) << "it has no tag";
}

TEST(router, what_is_about_a_person_is_kept_by_nobody) {
  test_api api([](router_options& options) { options.table_version = [] { return 1; }; });
  for (int again = 0; again < 3; ++again) {
    for (const method verb : {method::get, method::head}) {
      for (const std::string tags : {"", "\"v7\"", "*"}) {
        for (const std::string target : {"/personal", "/viewed?own"}) {
          const response made = api.send(test_request(verb, target).as().with("If-None-Match", tags));
          EXPECT_EQ(made.status, 200) << target;
          EXPECT_EQ(made.field("Cache-Control"), "no-store");
          EXPECT_EQ(made.field("ETag"), "\"v7\"") << "for If-Match";
          EXPECT_FALSE(made.ready);
        }
      }
    }
  }
}

TEST(router, what_differs_by_view_varies_by_who_asks) {
  test_api api;
  for (const std::string coding : {"identity", "gzip"}) {
    for (const std::string tags : {"", "\"v7\""}) {
      const response made =
          api.send(test_request(method::get, "/viewed").with("Accept-Encoding", coding).with("If-None-Match", tags));
      EXPECT_EQ(made.status, tags.empty() ? 200 : 304);
      EXPECT_EQ(made.field("Vary"), "Authorization, Accept-Encoding");
      EXPECT_EQ(made.field("Cache-Control"), "private, no-cache");
    }
  }
}

TEST(router, a_304_has_the_fields_that_the_200_would_have_had) {
  test_api api;
  for (const std::string coding : {"identity", "gzip"}) {
    const response whole = api.send(test_request(method::get, "/large").as().with("Accept-Encoding", coding));
    const response none = api.send(
        test_request(method::get, "/large").as().with("Accept-Encoding", coding).with("If-None-Match", "\"v7\""));
    EXPECT_EQ(none.status, 304);
    for (const std::string_view name : {"ETag", "Cache-Control", "Vary"})
      EXPECT_EQ(none.field(name), whole.field(name)) << name;
    EXPECT_EQ(none.field("Content-Encoding"), "");
  }
}

TEST(router, large_answers_are_compressed_for_who_takes_it) {
  test_api api;
  const response plain = api.send(test_request(method::get, "/large").as());
  EXPECT_EQ(plain.field("Content-Encoding"), "");
  EXPECT_EQ(plain.field("ETag"), "\"v7\"");
  EXPECT_EQ(plain.field("Vary"), "Accept-Encoding") << "the plain one depends on it, too";
  const response small = api.send(test_request(method::get, "/large").as().with("Accept-Encoding", "br, gzip;q=0.5"));
  EXPECT_EQ(small.field("Content-Encoding"), "gzip");
  EXPECT_EQ(small.field("ETag"), "\"v7-gzip\"");
  EXPECT_EQ(small.field("Vary"), "Accept-Encoding");
  EXPECT_EQ(gunzip(small.body), plain.body);
  EXPECT_LT(small.body.size(), plain.body.size());
  for (const std::string coding : {"gzip;q=0", "identity", "br", "identity;q=0"})
    EXPECT_EQ(api.send(test_request(method::get, "/large").as().with("Accept-Encoding", coding)).body, plain.body)
        << coding;
}

TEST(router, the_smallest_answer_that_is_compressed_has_its_bound) {
  test_api api;
  const auto coding = [&](std::size_t size) {
    api.large = std::string(size, 'x');
    return std::string(
        api.send(test_request(method::get, "/large").as().with("Accept-Encoding", "gzip")).field("Content-Encoding"));
  };
  EXPECT_EQ(coding(gzip_bytes_min - 1), "");
  EXPECT_EQ(coding(gzip_bytes_min), "gzip");
}

TEST(router, every_answer_carries_the_security_fields) {
  test_api api;
  for (const test_request& request :
       {test_request(method::get, "/things"), test_request(method::get, "/nowhere"),
        test_request(method::delete_, "/things"), test_request(method::options, "/things"),
        test_request(method::get, "/mine"), test_request(method::get, "/throws"),
        test_request(method::post, "/only-post"), test_request(method::post, "/things"),
        test_request(method::get, "/things").with("Accept", "text/html"),
        test_request(method::get, "/things/7").with("If-None-Match", "*"), test_request(method::get, "/fails")}) {
    const response made = api.send(request);
    EXPECT_EQ(made.field("X-Content-Type-Options"), "nosniff") << made.status;
    EXPECT_NE(made.field("Content-Security-Policy").find("frame-ancestors 'none'"), std::string_view::npos)
        << made.status;
    EXPECT_EQ(made.field("Referrer-Policy"), "no-referrer") << made.status;
  }
  EXPECT_EQ(api.application.refuse(400, "x").field("X-Content-Type-Options"), "nosniff");
}

TEST(router, a_bug_is_a_500_that_tells_the_log_alone) {
  test_api api;
  const response made = api.send(method::get, "/throws");
  EXPECT_EQ(made.status, 500);
  EXPECT_EQ(made.body.find("the private reason"), std::string::npos);
  ASSERT_EQ(api.reports.size(), 1u);
  EXPECT_EQ(api.reports[0].private_text, "the private reason");
  EXPECT_EQ(api.reports[0].path, "/throws");
  EXPECT_EQ(api.reports[0].method, "GET");
  EXPECT_NE(made.body.find("urn:uuid:" + api.reports[0].instance), std::string::npos) << "one id in log and answer";
  const response failed = api.send(method::get, "/fails");
  EXPECT_EQ(failed.status, 503);
  EXPECT_EQ(failed.field("Retry-After"), "1");
  ASSERT_EQ(api.reports.size(), 2u);
  api.send(method::get, "/nowhere");
  EXPECT_EQ(api.reports.size(), 2u) << "what clients do wrong is no failure";
}

TEST(router, an_identity_that_throws_is_a_500) {
  test_api api([](router_options& options) {
    options.who = [](std::string_view, instant) -> result<caller> { throw std::runtime_error("the private reason"); };
  });
  EXPECT_EQ(api.send(test_request(method::get, "/things").with("Authorization", "Bearer good")).status, 500);
  EXPECT_EQ(api.reports.size(), 1u);
}

TEST(router, what_waited_past_its_deadline_is_not_begun) {
  test_api api;
  api.clock.time = test::request_time + std::chrono::seconds{21};
  const response late = api.send(test_request(method::post, "/things").body("{}"));
  EXPECT_EQ(late.status, 503);
  EXPECT_EQ(late.field("Retry-After"), "1");
  EXPECT_EQ(api.writes, 0);
}

TEST(router, each_kind_of_work_has_its_lane) {
  for (const bool reads_inline : {false, true}) {
    test_api api([&](router_options& options) { options.reads_inline = reads_inline; });
    const auto lane_of = [&](test_request request) {
      begun start = api.application.begin(request.get());
      EXPECT_EQ(start.answer.has_value(), start.rest == nullptr);
      return start.where;
    };
    EXPECT_EQ(lane_of({method::get, "/things/7"}), reads_inline ? lane::here : lane::io);
    EXPECT_EQ(lane_of({method::get, "/things"}), lane::io);
    EXPECT_EQ(lane_of({method::get, "/short"}), reads_inline ? lane::here : lane::io);
    EXPECT_EQ(lane_of({method::get, "/short?long"}), lane::io);
    EXPECT_EQ(lane_of(test_request(method::post, "/things").body("{}")), lane::io);
    EXPECT_EQ(lane_of({method::post, "/only-post"}), lane::cpu);
    EXPECT_EQ(lane_of({method::get, "/nowhere"}), lane::here);
  }
}

TEST(router, refusals_of_the_transport_close_but_for_503) {
  test_api api;
  const response made = api.application.refuse(431, "Too many");
  EXPECT_EQ(made.status, 431);
  EXPECT_TRUE(made.close);
  EXPECT_NE(made.body.find("problem:fields-too-large"), std::string::npos);
  EXPECT_NE(made.body.find("Too many"), std::string::npos);
  EXPECT_FALSE(api.application.refuse(503, "Full").close);
  EXPECT_EQ(api.application.refuse(503, "Full").field("Retry-After"), "1");
}

// ---- Cached answers

/// Bytes as they are sent, made or cached.
std::string bytes_of(const response& made) { return made.ready ? made.ready->bytes : prepare(made).bytes; }

struct caching : testing::Test {
  std::uint64_t table_version = 1;
  test_api api{[this](router_options& options) { options.table_version = [this] { return table_version; }; }};

  /// Asked so often that it is cached, if it ever is.
  response third(const test_request& request) {
    api.send(request);
    api.send(request);
    return api.send(request);
  }
};

TEST_F(caching, gives_the_same_bytes_without_calling_the_handler) {
  for (const std::string coding : {"identity", "gzip"}) {
    test_request request = test_request(method::get, "/large").as().with("Accept-Encoding", coding);
    const std::string first = bytes_of(api.send(request));
    const response again = third(request);
    EXPECT_TRUE(again.ready) << coding;
    EXPECT_EQ(bytes_of(again), first);
    const int calls = api.calls;
    EXPECT_EQ(bytes_of(api.send(request)), first);
    EXPECT_EQ(api.calls, calls);
  }
}

TEST_F(caching, ends_with_any_write) {
  const test_request request = test_request(method::get, "/large").as();
  EXPECT_TRUE(third(request).ready);
  table_version = 2;
  api.large = "\"" + std::string(5000, 'y') + "\"";
  const int calls = api.calls;
  EXPECT_NE(bytes_of(api.send(request)).find(api.large), std::string::npos);
  EXPECT_EQ(api.calls, calls + 1);
}

TEST_F(caching, is_only_for_what_is_the_same_for_all) {
  EXPECT_FALSE(third(test_request(method::get, "/things/7").as()).ready);
  EXPECT_FALSE(third(test_request(method::get, "/mine").as()).ready);
  EXPECT_FALSE(third(test_request(method::get, "/nowhere")).ready);
}

TEST_F(caching, passes_by_the_one_who_is_shown_another) {
  const std::string id = "01010101-0101-0101-0101-010101010101";
  api.but_for = *parse_uuid(id);
  const test_request request = test_request(method::get, "/large").as();
  EXPECT_FALSE(third(request).ready);
  api.but_for = uuid{{1}};
  EXPECT_TRUE(third(request).ready);
}

TEST_F(caching, does_not_open_a_door) {
  ASSERT_TRUE(third(test_request(method::get, "/large").as()).ready);
  for (const method verb : {method::get, method::head}) {
    EXPECT_EQ(api.send(verb, "/large").status, 401);
    EXPECT_EQ(api.send(test_request(verb, "/large").with("Authorization", "Bearer bad")).status, 401);
    EXPECT_TRUE(api.send(test_request(verb, "/large").as()).ready);
  }
  EXPECT_EQ(api.send(test_request(method::get, "/large").as().with("Accept", "text/html")).status, 406);
  EXPECT_EQ(api.send(test_request(method::post, "/large").as()).status, 405);
}

TEST_F(caching, answers_304_with_the_fields_of_the_200) {
  for (const std::string coding : {"identity", "gzip"}) {
    const test_request plain = test_request(method::get, "/large").as().with("Accept-Encoding", coding);
    test_request conditional(plain);
    conditional.with("If-None-Match", "\"v7\"");
    const std::string made_fresh = bytes_of(api.send(conditional));
    ASSERT_TRUE(third(plain).ready);
    const response again = api.send(conditional);
    EXPECT_EQ(again.status, 304);
    EXPECT_TRUE(again.ready);
    EXPECT_EQ(bytes_of(again), made_fresh);
    EXPECT_EQ(api.send(test_request(plain).with("If-None-Match", "\"v6\"")).status, 200);
  }
}

TEST_F(caching, tells_targets_apart) {
  ASSERT_TRUE(third(test_request(method::get, "/large").as()).ready);
  EXPECT_FALSE(api.send(test_request(method::get, "/large?x=1").as()).ready);
  EXPECT_FALSE(api.send(test_request(method::get, "/large/").as()).ready);
}

TEST(router, nothing_is_cached_where_the_store_cannot_tell_changes) {
  test_api api;
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(api.send(test_request(method::get, "/large").as()).ready);
}

}  // namespace
}  // namespace spaces::http
