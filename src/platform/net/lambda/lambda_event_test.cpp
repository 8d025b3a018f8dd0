#include "platform/net/lambda/lambda_event.hpp"

#include <source_dir.hpp>
#include "wire/reading.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace spaces::net {
namespace {

using testing::HasSubstr;

std::string sample(const std::string& name) {
  std::ifstream file(std::string(SPACES_SOURCE_DIR) + "/test/data/lambda/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// An event of which each part is JSON as given.
struct event {
  std::string path = R"("/a")";
  std::string query = R"("")";
  std::string headers = R"({"host":"a"})";
  std::string verb = R"("GET")";
  std::string stage = R"("$default")";
  std::string more = {};

  std::string text() const {
    return R"({"version":"2.0","rawPath":)" + path + R"(,"rawQueryString":)" + query + R"(,"headers":)" + headers +
           R"(,"requestContext":{"stage":)" + stage + R"(,"http":{"method":)" + verb + R"(,"sourceIp":"192.0.2.7"}})" +
           (more.empty() ? "" : "," + more) + "}";
  }
};

/// The request written out; "refused 400: why"; "no event: why".
std::string seen(const std::string& text, const std::string& base_path = {}) {
  lambda_event event({}, base_path);
  if (const auto read = event.read(text); !read) return "no event: " + read.error().public_text;
  if (const parse_error why = event.why())
    return "refused " + std::to_string(why.status) + ": " + std::string(why.detail);
  http::request request;
  event.describe(request);
  std::string out(http::to_text(request.verb));
  out.append(" ").append(request.target);
  for (const auto& field : request.fields) out.append("|").append(field.name).append("=").append(field.value);
  out.append("|body=").append(request.body).append("|").append(request.peer);
  EXPECT_EQ(request.target,
            std::string(request.path) + (request.query.empty() ? "" : "?" + std::string(request.query)));
  return out;
}

const std::string none =
    "This is no event that is served here (API Gateway's payload formats 2.0 and 1.0, a load balancer's, a "
    "schedule's): ";

TEST(lambda_event, reads_the_sample_of_an_http_api) {
  EXPECT_EQ(seen(sample("api_gateway_v2.json")),
            "POST /my/path?parameter1=value1&parameter1=value2&parameter2=value|header1=value1|header2=value1,value2"
            "|Cookie=cookie1; cookie2|Host=id.execute-api.us-east-1.amazonaws.com|Content-Length=17"
            "|body=Hello from Lambda|192.0.2.1");
  lambda_event event;
  ASSERT_TRUE(event.read(sample("api_gateway_v2.json")));
  ASSERT_NE(event.claims(), nullptr);
  EXPECT_EQ(event.claims()->find("claim2")->text, "value2");
}

TEST(lambda_event, reads_the_sample_of_a_function_url) {
  EXPECT_EQ(seen(sample("function_url.json")),
            "POST /my/path?parameter1=value1&parameter1=value2&parameter2=value|header1=value1|header2=value1,value2"
            "|Cookie=cookie1; cookie2|Host=lambda|Content-Length=18|body=Hello from client!|123.123.123.123");
  lambda_event event;
  ASSERT_TRUE(event.read(sample("function_url.json")));
  EXPECT_EQ(event.claims(), nullptr);
}

TEST(lambda_event, path_and_query_are_as_sent) {
  const std::pair<std::string, std::string> rows[] = {
      {R"("/a%2Fb")", "/a%2Fb"},
      {R"("/a b")", "/a%20b"},
      {R"("/São")", "/S%C3%A3o"},
      {R"("/a?b#c")", "/a%3Fb%23c"},
      {R"("/100%")", "/100%25"},
      {R"("/%zz%4")", "/%25zz%254"},
      {R"("/a\r\nX: y")", "/a%0D%0AX:%20y"},
      {R"("/a\u0000")", "/a%00"},
      {R"("")", "/"},
      {R"("//a")", "//a"},
  };
  for (const auto& [path, target] : rows)
    EXPECT_EQ(seen(event{.path = path}.text()), "GET " + target + "|host=a|body=|192.0.2.7") << path;
  EXPECT_EQ(seen(event{.query = R"("q=a%20b+c&x=%C3%A3&[]|=")"}.text()),
            "GET /a?q=a%20b+c&x=%C3%A3&[]|=|host=a|body=|192.0.2.7");
  EXPECT_EQ(seen(event{.query = "null"}.text()), "GET /a|host=a|body=|192.0.2.7");
}

TEST(lambda_event, a_stage_in_front_of_the_path_is_taken_off_once) {
  const std::vector<std::vector<std::string>> rows = {
      {"\"dev\"", "\"/dev/a\"", "/a"},
      {"\"dev\"", "\"/dev\"", "/"},
      {"\"dev\"", "\"/dev/\"", "/"},
      {"\"dev\"", "\"/develop\"", "/develop"},
      {"\"dev\"", "\"/a/dev\"", "/a/dev"},
      {"\"dev\"", "\"/dev/dev/a\"", "/dev/a"},
      {"\"$default\"", "\"/$default/a\"", "/$default/a"},
      {"null", "\"/null/a\"", "/null/a"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(seen(event{.path = row[1], .stage = row[0]}.text()), "GET " + row[2] + "|host=a|body=|192.0.2.7")
        << row[0] << ' ' << row[1];
}

TEST(lambda_event, fields_of_the_connection_stay_behind_and_others_come_as_they_are) {
  EXPECT_EQ(seen(event{.headers = R"({"host":"a","Connection":"close","content-length":"9","transfer-encoding":"gzip",
      "te":"trailers","expect":"100-continue","upgrade":"h2c","If-Match":"\"v1\", \"v2\"","x":" padded\t"})"}
                     .text()),
            "GET /a|host=a|If-Match=\"v1\", \"v2\"|x=padded|body=|192.0.2.7");
  EXPECT_EQ(seen(event{.headers = "null"}.text()), "GET /a|Host=lambda|body=|192.0.2.7");
}

TEST(lambda_event, cookies_count_once) {
  EXPECT_EQ(seen(event{.headers = R"({"host":"a","cookie":"a=1;b=2"})", .more = R"("cookies":["a=1","b=2"])"}.text()),
            "GET /a|host=a|Cookie=a=1; b=2|body=|192.0.2.7");
  EXPECT_EQ(seen(event{.headers = R"({"host":"a","cookie":"a=1"})", .more = R"("cookies":[])"}.text()),
            "GET /a|host=a|Cookie=a=1|body=|192.0.2.7");
}

TEST(lambda_event, bodies_are_texts_or_base64) {
  const auto body = [](const std::string& more) { return seen(event{.verb = "\"PUT\"", .more = more}.text()); };
  const std::string front = "PUT /a|host=a|Content-Length=";
  EXPECT_EQ(body(R"("body":"{\"a\":\"\u00e3\"}","isBase64Encoded":false)"), front + "10|body={\"a\":\"ã\"}|192.0.2.7");
  EXPECT_EQ(body(R"("body":"aGk=","isBase64Encoded":true)"), front + "2|body=hi|192.0.2.7");
  EXPECT_EQ(body(R"("body":"+/8A","isBase64Encoded":true)"),
            front + "3|body=\xfb\xff" + std::string(1, '\0') + "|192.0.2.7");
  EXPECT_EQ(body(R"("body":null)"), "PUT /a|host=a|body=|192.0.2.7");
  for (const std::string bad : {"aGk", "aGk==", "-_8A", "a", "aGl=", "a\\n==", "===="})
    EXPECT_EQ(body("\"body\":\"" + bad + "\",\"isBase64Encoded\":true"), "no event: " + none + "body is no base64.")
        << bad;
}

TEST(lambda_event, nothing_in_it_becomes_another_line) {
  const std::string line = "refused 400: A header line is malformed.";
  EXPECT_EQ(seen(event{.headers = R"({"host":"a","x":"1\r\nAuthorization: Bearer t"})"}.text()), line);
  EXPECT_EQ(seen(event{.headers = R"({"host":"a","x":"1\nY: 2"})"}.text()), line);
  EXPECT_EQ(seen(event{.headers = R"({"host":"a","x\r\nY":"1"})"}.text()), line);
  EXPECT_EQ(seen(event{.headers = R"({"host":"a","x: 1":"2"})"}.text()), line);
  EXPECT_EQ(seen(event{.headers = R"({"host":"a","":"2"})"}.text()), line);
  EXPECT_EQ(seen(event{.headers = R"({"host":"a","x":"\u0000"})"}.text()), line);
  EXPECT_EQ(seen(event{.more = R"("cookies":["a=1\r\nX: y"])"}.text()), line);
  EXPECT_EQ(seen(event{.query = R"("a=1 HTTP/1.1\r\nX: y")"}.text()), "refused 400: The target is malformed.");
  EXPECT_EQ(seen(event{.query = R"("a=1#b")"}.text()), "refused 400: The target is malformed.");
  EXPECT_EQ(seen(event{.headers = R"({"host":"a","Host":"b"})"}.text()),
            "refused 400: One well-formed Host field is needed.");
  EXPECT_THAT(seen(event{.headers = R"({"host":"a","content_length":"5"})"}.text()), HasSubstr("refused 400"));
  EXPECT_THAT(seen(event{.verb = R"("GET /x HTTP/1.1\r\n")"}.text()), HasSubstr("no event: "));
}

TEST(lambda_event, the_bounds_are_those_of_http) {
  const std::string long_text(limits::target_bytes_max, 'a');
  EXPECT_THAT(seen(event{.path = "\"/" + long_text + "\""}.text()), HasSubstr("refused 414"));
  EXPECT_THAT(seen(event{.query = "\"" + long_text + "\""}.text()), HasSubstr("refused 414"));
  EXPECT_THAT(
      seen(event{.headers = R"({"host":"a","x":")" + std::string(limits::header_bytes_max, 'a') + "\"}"}.text()),
      HasSubstr("refused 431"));
  std::string lines = R"({"host":"a")";
  for (std::size_t i = 0; i < limits::header_lines_max; ++i) lines += ",\"x" + std::to_string(i) + "\":\"1\"";
  EXPECT_THAT(seen(event{.headers = lines + "}"}.text()), HasSubstr("refused 431"));
  const std::string body(limits::body_bytes_max, 'a');
  EXPECT_THAT(seen(event{.more = "\"body\":\"" + body + "a\""}.text()), HasSubstr("refused 413"));
  EXPECT_THAT(seen(event{.more = "\"body\":\"" + body + "\""}.text()), HasSubstr("GET /a|"));
  EXPECT_THAT(seen(event{.verb = R"("PROPFIND")"}.text()), HasSubstr("refused 501"));
  EXPECT_THAT(seen(event{.verb = R"("get")"}.text()), HasSubstr("refused 400"));
}

/// Of a REST API, unless `version` is said.
std::string first_format(const std::string& path, const std::string& more = {}, const std::string& stage = "prod",
                         const std::string& version = {}) {
  return "{" + (version.empty() ? "" : R"("version":")" + version + "\",") + R"("resource":"/{proxy+}","path":")" +
         path + R"(","httpMethod":"POST","requestContext":{"path":"/prod/a","stage":")" + stage +
         R"(","domainName":"id.execute-api.us-east-1.amazonaws.com","httpMethod":"POST",)" +
         R"("identity":{"sourceIp":"192.0.2.1"}})" + (more.empty() ? "" : "," + more) + "}";
}

TEST(lambda_event, what_is_no_event_is_said_to_be_none) {
  const std::string rows[] = {
      "",
      "null",
      "[]",
      "{",
      R"({"version":"2.0"})",
      R"({"version":"1.0","requestContext":{"http":{}}})",
      R"({"path":"/a","httpMethod":"GET","requestContext":[]})",
      first_format("/a", R"("body":7)"),
      first_format("/a", R"("path":"/b")"),
      R"({"source":"aws.events","detail-type":"Scheduled Event"})",
      event{.path = "null"}.text(),
      event{.path = "7"}.text(),
      event{.query = "7"}.text(),
      event{.headers = "[]"}.text(),
      event{.headers = R"({"a":["b"]})"}.text(),
      event{.verb = "null"}.text(),
      event{.more = R"("cookies":{})"}.text(),
      event{.more = R"("cookies":[1])"}.text(),
      event{.more = R"("body":{})"}.text(),
      event{.more = R"("isBase64Encoded":"true")"}.text(),
      event{.more = R"("rawPath":"/b")"}.text(),
      event{.more = "\"deep\":" + std::string(40, '[') + std::string(40, ']')}.text(),
  };
  for (const std::string& text : rows) EXPECT_THAT(seen(text), testing::StartsWith("no event: ")) << text;
}

TEST(lambda_event, what_is_none_of_ours_names_itself) {
  const std::pair<std::string, std::string> rows[] = {
      {R"({"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","s3":{}}]})",
       "it is a list of records of 'aws:s3'."},
      {R"({"Records":[{"EventSource":"aws:sns","Sns":{}},{"EventSource":"x"}]})",
       "it is a list of records of 'aws:sns'."},
      {R"({"source":"aws.ec2","detail-type":"EC2 Instance State-change Notification"})",
       "it is from 'aws.ec2' and of the kind 'EC2 Instance State-change Notification'."},
      {R"({"source":"aws.events","detail-type":"Other"})", "it is from 'aws.events' and of the kind 'Other'."},
      {R"({"type":"REQUEST","methodArn":"arn:aws:x","path":"/a","httpMethod":"GET","requestContext":{}})",
       "it wants an authorizer's decision on 'arn:aws:x'."},
      {R"({"requestContext":{"routeKey":"$connect","connectionId":"c"}})",
       "it is of a WebSocket, its route '$connect'."},
      {R"({"version":"3.0","requestContext":{"http":{"method":"GET"}},"rawPath":"/"})", "its version is '3.0'."},
      {R"({"awslogs":{"data":"x"}})", "its members are 'awslogs'."},
      {R"({"a":1,"b":2,"c":3,"d":4,"e":5,"f":6})", "its members are 'a', 'b', 'c', 'd', 'e'."},
      {R"({"source":"a\nb","detail-type":"c"})", "it is from 'a b' and of the kind 'c'."},
  };
  for (const auto& [text, why] : rows) EXPECT_EQ(seen(text), "no event: " + none + why) << text;
  EXPECT_LT(seen(R"({"source":")" + std::string(5000, 'x') + R"("})").size(), 400U);
}

TEST(lambda_event, schedules_are_known_by_who_sends_them) {
  const std::pair<std::string, bool> rows[] = {
      {R"({"version":"0","source":"aws.events","detail-type":"Scheduled Event","detail":{}})", true},
      {R"({"version":"0","source":"aws.scheduler","detail-type":"Scheduled Event","detail":"{}"})", true},
      {R"({"source":"aws.scheduler"})", true},
      {"{}", true},
      {" { } ", true},
      {R"({"source":"aws.events","detail-type":"Other"})", false},
      {R"({"source":"aws.s3","detail-type":"Scheduled Event"})", false},
      {R"({"a":1})", false},
      {"[]", false},
      {"null", false},
      {event{}.text(), false},
  };
  for (const auto& [text, is] : rows) {
    lambda_event event;
    const bool carries = event.read(text).has_value();
    EXPECT_EQ(!carries && event.is_schedule(), is) << text;
  }
}

// ---- Payload format 1.0

TEST(lambda_event, reads_format_1_0_of_rest_apis_and_http_apis) {
  const std::string more =
      R"("headers":{"h1":"last"},"multiValueHeaders":{"h1":["a","last"],"Cookie":["a=1","b=2"],"Host":["h"]},)"
      R"("queryStringParameters":{"q":"y"},"multiValueQueryStringParameters":{"q":["a b&=","y"],"ã":[""]},)"
      R"("body":"aGk=","isBase64Encoded":true)";
  const std::string expected =
      "POST /a%20b?q=a%20b%26%3D&q=y&%C3%A3=|h1=a|h1=last|Host=h|Cookie=a=1; b=2|Content-Length=2|body=hi|192.0.2.1";
  EXPECT_EQ(seen(first_format("/a b", more)), expected);
  EXPECT_EQ(seen(first_format("/prod/a b", more, "prod", "1.0")), expected) << "an HTTP API's stage stands in front";
  EXPECT_EQ(seen(first_format("/prod/a")), "POST /prod/a|Host=id.execute-api.us-east-1.amazonaws.com|body=|192.0.2.1")
      << "a REST API's does not";
  EXPECT_EQ(seen(first_format("/a", R"("headers":{"host":"h","x":"1"},"multiValueHeaders":null,"body":null,)"
                                    R"("queryStringParameters":{"q":"1"},"multiValueQueryStringParameters":null)")),
            "POST /a?q=1|host=h|x=1|body=|192.0.2.1");
  EXPECT_EQ(seen(first_format("/a", R"("headers":null,"queryStringParameters":null)")),
            "POST /a|Host=id.execute-api.us-east-1.amazonaws.com|body=|192.0.2.1");
}

TEST(lambda_event, nothing_in_format_1_0_becomes_another_line) {
  EXPECT_EQ(seen(first_format("/a", R"("multiValueHeaders":{"Host":["h"],"x":["1","2\r\nY: 3"]})")),
            "refused 400: A header line is malformed.");
  EXPECT_THAT(seen(first_format("/a", R"("multiValueHeaders":{"Host":["h"]},"queryStringParameters":{"a\r\n":" #"})")),
              testing::StartsWith("POST /a?a%0D%0A=%20%23|"));
  EXPECT_THAT(seen(first_format("/a", R"("multiValueHeaders":{"x":[1]})")), HasSubstr("a header is no text."));
  EXPECT_THAT(seen(first_format("/a", R"("multiValueHeaders":[])")), HasSubstr("multiValueHeaders is no object."));
  EXPECT_THAT(seen(first_format("/a", R"("queryStringParameters":{"a":{}})")), HasSubstr("a parameter of the query"));
}

TEST(lambda_event, claims_of_an_authorizer_of_a_rest_api_are_known_and_a_balancers_are_not) {
  lambda_event event;
  ASSERT_TRUE(event.read(
      R"({"path":"/","httpMethod":"GET","requestContext":{"authorizer":{"claims":{"sub":"s"}},"identity":{}}})"));
  ASSERT_NE(event.claims(), nullptr);
  EXPECT_EQ(event.claims()->find("sub")->text, "s");
  ASSERT_TRUE(
      event.read(R"({"path":"/","httpMethod":"GET","requestContext":{"elb":{},"authorizer":{"claims":{"sub":"s"}}}})"));
  EXPECT_EQ(event.claims(), nullptr);
}

// ---- Load balancers

std::string balanced(const std::string& more) {
  return R"({"requestContext":{"elb":{"targetGroupArn":"arn"}},"httpMethod":"GET","path":"/a%2Fb",)" + more + "}";
}

TEST(lambda_event, reads_a_load_balancers_events_in_both_kinds) {
  EXPECT_EQ(seen(balanced(R"("queryStringParameters":{"q":"a%20b+c","x":""},"body":"","isBase64Encoded":false,)"
                          R"("headers":{"host":"h","x-forwarded-for":"203.0.113.9, 192.0.2.7","x":"1"})")),
            "GET /a%2Fb?q=a%20b+c&x=|host=h|x-forwarded-for=203.0.113.9, 192.0.2.7|x=1|body=|192.0.2.7");
  EXPECT_EQ(seen(balanced(R"("multiValueQueryStringParameters":{"q":["1","2"]},)"
                          R"("multiValueHeaders":{"host":["h"],"x":["1","2"],"x-forwarded-for":["192.0.2.7"]})")),
            "GET /a%2Fb?q=1&q=2|host=h|x=1|x=2|x-forwarded-for=192.0.2.7|body=|192.0.2.7");
  EXPECT_EQ(seen(balanced(R"("queryStringParameters":{"q":"a b"},"headers":{"host":"h"})")),
            "refused 400: The target is malformed.");
  lambda_event event;
  ASSERT_TRUE(event.read(balanced(R"("headers":{})")));
  EXPECT_EQ(event.format(), event_format::balancer);
  ASSERT_TRUE(event.read(balanced(R"("multiValueHeaders":{})")));
  EXPECT_EQ(event.format(), event_format::balancer_multi);
  ASSERT_TRUE(event.read(first_format("/a")));
  EXPECT_EQ(event.format(), event_format::http_1);
}

TEST(lambda_event, a_base_path_is_taken_off_in_every_format) {
  const auto path_of = [](const std::string& text) {
    const std::string line = seen(text, "/shop");
    return line.substr(0, line.find('|'));
  };
  EXPECT_EQ(path_of(event{.path = R"("/shop/a")"}.text()), "GET /a");
  EXPECT_EQ(path_of(event{.path = R"("/shop")"}.text()), "GET /");
  EXPECT_EQ(path_of(event{.path = R"("/shop/")"}.text()), "GET /");
  EXPECT_EQ(path_of(event{.path = R"("/shopping/a")"}.text()), "GET /shopping/a");
  EXPECT_EQ(path_of(event{.path = R"("/a")"}.text()), "GET /a") << "by the function's own address";
  EXPECT_EQ(path_of(event{.path = R"("/shop/shop/a")"}.text()), "GET /shop/a");
  EXPECT_EQ(path_of(event{.path = R"("/shop/dev/a")", .stage = R"("dev")"}.text()), "GET /dev/a")
      << "no stage behind it";
  EXPECT_EQ(path_of(event{.path = R"("/dev/a")", .stage = R"("dev")"}.text()), "GET /a");
  EXPECT_EQ(path_of(first_format("/shop/a")), "POST /a");
  EXPECT_EQ(path_of(first_format("/shop/a", {}, "prod", "1.0")), "POST /a");
  EXPECT_EQ(path_of(R"({"requestContext":{"elb":{}},"httpMethod":"GET","path":"/shop/a","headers":{}})"), "GET /a");
}

TEST(lambda_event, one_event_leaves_nothing_for_the_next) {
  lambda_event last;
  ASSERT_TRUE(last.read(event{.headers = R"({"host":"a","x":"\n"})"}.text()));
  ASSERT_EQ(last.why().status, 400);
  ASSERT_FALSE(last.read("no"));
  ASSERT_TRUE(last.read(event{.headers = "{}"}.text()));
  ASSERT_FALSE(last.why());
  http::request request;
  last.describe(request);
  EXPECT_EQ(request.fields.size(), 1U);
  EXPECT_EQ(request.field("host"), "lambda");
}

}  // namespace
}  // namespace spaces::net
