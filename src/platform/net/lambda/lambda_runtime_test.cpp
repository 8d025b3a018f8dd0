#include "platform/net/lambda/lambda_runtime.hpp"

#include "platform/record/json_string.hpp"
#include "wire/runtime_server.hpp"
#include "wire/served.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace spaces::net {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class held_clock final : public clock {
 public:
  instant now() const override { return instant(1'700'000'000'000ms); }
};

/// Shows its request, and does what a test wants done.
class seeing_application final : public http::application {
 public:
  std::function<http::response(const http::request&)> answers;

  http::begun begin(const http::request&) override { return {}; }
  http::response finish(const http::request& incoming, http::pending_ptr) override { return answers(incoming); }
  http::response refuse(int status, std::string_view detail, std::string_view) override {
    http::response made;
    made.status = status;
    made.body = detail;
    return made;
  }
};

std::string event(const std::string& path, const std::string& more = {}) {
  return R"({"version":"2.0","rawPath":")" + path +
         R"(","headers":{"host":"a"},"requestContext":{"stage":"$default",)" +
         R"("http":{"method":"GET","sourceIp":"192.0.2.7"}})" + more + "}";
}

/// What comes of a script: what was posted, what was logged, and how `run` ended.
struct outcome {
  std::vector<std::string> posts;
  std::string log;
  std::size_t connections = 0;
  bool stopped = false;
};

std::string read_all(int from) {
  ::fcntl(from, F_SETFL, O_NONBLOCK);
  std::string text(65536, '\0');
  const ssize_t size = ::read(from, text.data(), text.size());
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return text;
}

/// Serves the script, and stops when it is at its end unless the runtime has given up before.
outcome serve(std::vector<std::string> script, http::application& application, lambda_options options = {},
              const std::string& post_answer = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n") {
  const held_clock time;
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("pipe");
  const telemetry::log log(time, ends[1]);
  runtime_server server(std::move(script));
  server.answer_posts(post_answer);
  options.runtime_api = server.address();
  options.first_pause = 1ms;
  lambda_runtime runtime(std::move(options), time, log);
  outcome came;
  std::thread runner([&] { came.stopped = runtime.run(application); });
  server.wait_until_idle();
  runtime.stop();
  runner.join();
  came.posts = server.posts();
  came.connections = server.connections();
  came.log = read_all(ends[0]);
  ::close(ends[0]);
  ::close(ends[1]);
  return came;
}

http::response text(std::string body) {
  http::response made;
  made.body = std::move(body);
  return made;
}

TEST(lambda_runtime, answers_one_event_after_another_over_one_connection) {
  seeing_application application;
  application.answers = [](const http::request& incoming) {
    return text(std::string(incoming.path) + " " + std::string(incoming.peer));
  };
  const outcome came =
      serve({runtime_server::event("i-1", event("/one")), runtime_server::event("i-2", event("/two"))}, application);
  EXPECT_THAT(
      came.posts,
      ElementsAre(R"(response i-1 {"statusCode":200,"headers":{},"isBase64Encoded":false,"body":"/one 192.0.2.7"})",
                  R"(response i-2 {"statusCode":200,"headers":{},"isBase64Encoded":false,"body":"/two 192.0.2.7"})"));
  EXPECT_EQ(came.connections, 1U);
  EXPECT_EQ(came.log, "");
  EXPECT_TRUE(came.stopped);
}

TEST(lambda_runtime, a_request_ends_before_the_function_does) {
  std::vector<std::int64_t> left_ms;
  seeing_application application;
  application.answers = [&](const http::request& incoming) {
    left_ms.push_back(std::chrono::milliseconds(incoming.deadline - incoming.received).count());
    return text("");
  };
  const auto at = [](const std::string& deadline) {
    return runtime_server::event("i", event("/"), "Lambda-Runtime-Deadline-Ms: " + deadline + "\r\n");
  };
  const outcome came =
      serve({at("1700000003000"), at("1700000100000"), at("1700000000000"), at("soon"), at("")}, application);
  EXPECT_THAT(came.posts.at(2), HasSubstr("\"statusCode\":503"));
  const std::int64_t whole = std::chrono::milliseconds(limits::request_time_max).count();
  EXPECT_THAT(left_ms, ElementsAre(2700, whole, whole, whole)) << "without time it is not even called";
}

TEST(lambda_runtime, the_trace_is_where_others_look_for_it_and_in_the_log) {
  std::vector<std::string> seen;
  seeing_application application;
  application.answers = [&](const http::request&) -> http::response {
    seen.emplace_back(std::getenv("_X_AMZN_TRACE_ID"));
    throw std::runtime_error("a \"bug\"");
  };
  const std::string trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  const auto traced = [](const std::string& with) {
    return runtime_server::event("i", event("/"), "Lambda-Runtime-Trace-Id: " + with + "\r\n");
  };
  const outcome came =
      serve({traced(trace), traced("Root=2"), traced(""), traced(std::string(1001, 'x'))}, application);
  EXPECT_THAT(seen, ElementsAre(trace, "Root=2", "", ""));
  EXPECT_THAT(came.log,
              AllOf(HasSubstr("\"invocation\":\"i\",\"trace\":\"" + trace + "\"}"), HasSubstr(R"(a \"bug\")")));
}

TEST(lambda_runtime, an_exception_is_one_requests_500) {
  small_application application;
  const outcome came =
      serve({runtime_server::event("i-1", event("/throw")), runtime_server::event("i-2", event("/here"))}, application);
  EXPECT_THAT(came.posts,
              ElementsAre(AllOf(StartsWith(R"(response i-1 {"statusCode":500,)"), HasSubstr("Something went wrong.")),
                          AllOf(StartsWith(R"(response i-2 {"statusCode":200,)"), HasSubstr(R"("body":"here")"))));
  EXPECT_THAT(came.log, HasSubstr(R"("event":"request-failed","detail":"a bug","invocation":"i-1"})"));
}

TEST(lambda_runtime, what_is_no_event_gets_an_error_and_the_next_is_answered) {
  small_application application;
  const outcome came =
      serve({runtime_server::event("i-1", "{\"key\":"), runtime_server::event("i-2", ""),
             runtime_server::event("i-3", R"({"key1":"value1"})"), runtime_server::event("i-4", event("/here"))},
            application);
  EXPECT_THAT(came.posts, ElementsAre(AllOf(StartsWith("error i-1 {\"errorMessage\":\"This is not valid JSON"),
                                            HasSubstr("\"errorType\":\"Runtime.InvalidEvent\"")),
                                      StartsWith("error i-2 "), StartsWith("error i-3 "), StartsWith("response i-4 ")));
  EXPECT_THAT(came.log, HasSubstr(R"("event":"event-refused")"));
}

TEST(lambda_runtime, a_request_that_http_refuses_is_refused_in_the_same_words) {
  small_application application;
  const outcome came = serve({runtime_server::event("i-1", event("/here", R"(,"cookies":["a\nb"])"))}, application);
  EXPECT_THAT(came.posts, ElementsAre(AllOf(StartsWith(R"(response i-1 {"statusCode":400,)"),
                                            HasSubstr("A header line is malformed."))));
}

TEST(lambda_runtime, an_answer_over_the_bound_is_refused_in_its_place) {
  small_application application;
  lambda_options options;
  options.answer_bytes_max = 1000;
  const outcome came =
      serve({runtime_server::event("i-1", event("/size/900")), runtime_server::event("i-2", event("/size/1000"))},
            application, options);
  EXPECT_THAT(came.posts,
              ElementsAre(StartsWith(R"(response i-1 {"statusCode":200,)"),
                          AllOf(StartsWith(R"(response i-2 {"statusCode":500,)"), HasSubstr("ask for less"))));
  EXPECT_THAT(came.log, HasSubstr(R"("event":"answer-too-large")"));
}

TEST(lambda_runtime, the_bound_is_lambdas_own) {
  small_application application;
  const std::size_t around =
      std::string_view(R"({"statusCode":200,"headers":{},"isBase64Encoded":false,"body":""})").size();
  const std::size_t most = 6 * 1024 * 1024 - around;
  const outcome came = serve({runtime_server::event("i-1", event("/size/" + std::to_string(most))),
                              runtime_server::event("i-2", event("/size/" + std::to_string(most + 1)))},
                             application);
  ASSERT_EQ(came.posts.size(), 2U);
  EXPECT_TRUE(came.posts[0].starts_with(R"(response i-1 {"statusCode":200,)"));
  EXPECT_EQ(came.posts[0].size(), 6U * 1024 * 1024 + std::string_view("response i-1 ").size());
  EXPECT_THAT(came.posts[1], AllOf(StartsWith(R"(response i-2 {"statusCode":500,)"), HasSubstr("ask for less")));
}

TEST(lambda_runtime, only_who_knows_the_origins_secret_is_answered) {
  small_application application;
  lambda_options options;
  options.origin_secrets = {"the new secret of 2026", "the old secret of 2025"};
  const auto with = [](const std::string& id, const std::string& secret) {
    return runtime_server::event(id, R"({"version":"2.0","rawPath":"/here","headers":{"host":"a")" +
                                         (secret.empty() ? "" : ",\"x-origin-secret\":\"" + secret + '"') +
                                         R"(},"requestContext":{"http":{"method":"GET"}}})");
  };
  const outcome came =
      serve({with("i-1", ""), with("i-2", "the new secret of 2026"), with("i-3", "the old secret of 2025"),
             with("i-4", "the new secret of 202"), with("i-5", "the new secret of 2026x")},
            application, options);
  EXPECT_THAT(
      came.posts,
      ElementsAre(StartsWith(R"(response i-1 {"statusCode":403,)"), StartsWith(R"(response i-2 {"statusCode":200,)"),
                  StartsWith(R"(response i-3 {"statusCode":200,)"), StartsWith(R"(response i-4 {"statusCode":403,)"),
                  StartsWith(R"(response i-5 {"statusCode":403,)")));
}

TEST(lambda_runtime, goes_on_behind_answers_that_are_cut_or_cannot_be_read) {
  small_application application;
  const std::string whole = runtime_server::event("i-9", event("/here"));
  const outcome came =
      serve({"", "garbage\r\n\r\n", "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", whole,
             runtime_server::event("i-2", event("/here")).substr(0, 120),
             "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", whole},
            application);
  EXPECT_THAT(came.posts,
              ElementsAre(StartsWith("response i-9 "), AllOf(StartsWith("error i-2 "), HasSubstr("did not come whole")),
                          StartsWith("response i-9 ")));
  EXPECT_TRUE(came.stopped);
}

TEST(lambda_runtime, an_idle_connection_that_ended_is_replaced_without_a_word) {
  small_application application;
  const outcome came = serve(
      {runtime_server::event("i-1", event("/here")), "", runtime_server::event("i-2", event("/here"))}, application);
  EXPECT_THAT(came.posts, ElementsAre(StartsWith("response i-1 "), StartsWith("response i-2 ")));
  EXPECT_EQ(came.connections, 2U);
  EXPECT_EQ(came.log, "");
}

TEST(lambda_runtime, an_answer_that_comes_too_late_is_logged_and_the_next_event_taken) {
  small_application application;
  for (const std::string status : {"410 Gone", "413 Payload Too Large", "400 Bad Request"}) {
    const outcome came =
        serve({runtime_server::event("i-1", event("/here")), runtime_server::event("i-2", event("/here"))}, application,
              {}, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
    EXPECT_THAT(came.posts, ElementsAre(StartsWith("response i-1 "), StartsWith("response i-2 "))) << status;
    EXPECT_THAT(came.log, HasSubstr("The Runtime API answered " + status.substr(0, 3)));
    EXPECT_TRUE(came.stopped);
  }
}

TEST(lambda_runtime, gives_up_when_the_sandbox_is_beyond_repair_or_nothing_answers) {
  small_application application;
  const held_clock time;
  const telemetry::log log(time, ::open("/dev/null", O_WRONLY | O_CLOEXEC));
  lambda_options options;
  options.first_pause = 1ms;
  {
    runtime_server server({"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"});
    options.runtime_api = server.address();
    EXPECT_FALSE(lambda_runtime(options, time, log).run(application));
  }
  EXPECT_FALSE(lambda_runtime(options, time, log).run(application)) << "nobody listens there any more";
  options.runtime_api = "no address";
  EXPECT_FALSE(lambda_runtime(options, time, log).run(application));
}

TEST(lambda_runtime, tells_lambda_why_it_cannot_start) {
  const held_clock time;
  const telemetry::log log(time, ::open("/dev/null", O_WRONLY | O_CLOEXEC));
  runtime_server server({});
  lambda_options options;
  options.runtime_api = server.address();
  lambda_runtime(options, time, log).fail_init("ENVIRONMENT is 'x', which is not allowed.");
  EXPECT_THAT(server.posts(), ElementsAre("error {\"errorMessage\":\"ENVIRONMENT is 'x', which is not allowed.\","
                                          "\"errorType\":\"Runtime.InitFailed\",\"stackTrace\":[]}"));
}

/// There may be none left for anything but what was made before.
class forgetful_application final : public http::application {
 public:
  http::begun begin(const http::request&) override { throw std::bad_alloc(); }
  http::response finish(const http::request&, http::pending_ptr) override { throw std::bad_alloc(); }
  http::response refuse(int status, std::string_view detail, std::string_view) override {
    if (++asked_ > 1) throw std::bad_alloc();
    http::response made = text(std::string(detail));
    made.status = status;
    made.set("On-Every-Answer", "yes");
    return made;
  }

 private:
  int asked_ = 0;
};

TEST(lambda_runtime, without_memory_answers_what_the_application_made_before) {
  forgetful_application application;
  const outcome came = serve({runtime_server::event("i-1", event("/x"))}, application);
  ASSERT_EQ(came.posts.size(), 1u);
  EXPECT_THAT(came.posts[0], AllOf(HasSubstr("\"statusCode\":503"), HasSubstr("\"On-Every-Answer\":\"yes\"")));
}

TEST(lambda_runtime, the_schedule_is_no_request_and_has_work_of_its_own) {
  const std::string schedule = R"({"version":"0","id":"1","detail-type":"Scheduled Event","source":"aws.events"})";
  seeing_application application;
  application.answers = [](const http::request&) { return http::response{}; };
  std::vector<instant> came;
  lambda_options options;
  options.on_schedule = [&](instant until) {
    came.push_back(until);
    if (came.size() == 2) throw std::runtime_error("a bug");
  };
  const outcome done = serve({runtime_server::event("1", schedule), runtime_server::event("2", schedule),
                              runtime_server::event("3", "{"), runtime_server::event("4", event("/a"))},
                             application, std::move(options));
  ASSERT_EQ(came.size(), 2u) << "what is broken is no schedule, though one came before it";
  EXPECT_GT(came[0], held_clock().now());
  ASSERT_EQ(done.posts.size(), 4u);
  EXPECT_EQ(done.posts[0], "response 1 null");
  EXPECT_EQ(done.posts[1], "response 2 null");
  EXPECT_THAT(done.posts[2], StartsWith("error 3"));
  EXPECT_THAT(done.posts[3], StartsWith("response 4"));
  EXPECT_THAT(done.log, HasSubstr("a bug"));
}

TEST(lambda_runtime, objects_that_came_are_taken_note_of_and_what_failed_is_sent_again) {
  const auto object = [](const std::string& key) {
    return R"({"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put",)"
           R"("s3":{"bucket":{"name":"pictures"},"object":{"key":")" +
           key + R"("}}}]})";
  };
  const auto message = [&](const std::string& id, const std::string& key) {
    std::string body;
    record::append_json_string(body, object(key));
    return R"({"messageId":")" + id + R"(","eventSource":"aws:sqs","body":)" + body + '}';
  };
  seeing_application application;
  application.answers = [](const http::request&) { return http::response{}; };
  std::vector<std::string> came;
  int due = 0;
  lambda_options options;
  options.on_schedule = [&](instant) { ++due; };
  options.on_object = [&](const object_event& one, instant) -> result<void> {
    came.push_back(one.bucket + '/' + one.key);
    if (one.key == "bad") return unavailable("the store is away");
    return {};
  };
  const outcome done =
      serve({runtime_server::event("1", object("a")), runtime_server::event("2", object("bad")),
             runtime_server::event("3", R"({"Records":[)" + message("m", "bad") + ',' + message("n", "b") + "]}"),
             runtime_server::event("4", R"({"Event":"s3:TestEvent"})")},
            application, std::move(options));
  EXPECT_THAT(came, ElementsAre("pictures/a", "pictures/bad", "pictures/bad", "pictures/b"));
  EXPECT_EQ(due, 4);
  ASSERT_EQ(done.posts.size(), 4u);
  EXPECT_EQ(done.posts[0], "response 1 null");
  EXPECT_THAT(done.posts[1], StartsWith("error 2"));
  EXPECT_EQ(done.posts[2], R"(response 3 {"batchItemFailures":[{"itemIdentifier":"m"}]})");
  EXPECT_EQ(done.posts[3], "response 4 null");
  EXPECT_THAT(done.log, HasSubstr("the store is away"));
  EXPECT_THAT(done.log, HasSubstr("s3:TestEvent"));
}

}  // namespace
}  // namespace spaces::net
