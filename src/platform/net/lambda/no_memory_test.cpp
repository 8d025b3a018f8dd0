/// An event for which there is no memory is answered 503, or told to Lambda as one that did not come whole, and the
/// next is served: by the same process, over the Runtime API's next answer.
#include "memory/replaced_new.hpp"
#include "platform/net/lambda/lambda_runtime.hpp"
#include "wire/runtime_server.hpp"
#include "wire/served.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>

#include <string>
#include <thread>
#include <vector>

namespace spaces::net {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t allocations_max = 2000;

class held_clock final : public clock {
 public:
  instant now() const override { return instant(std::chrono::milliseconds(1'700'000'000'000)); }
};

std::string event(const std::string& path) {
  return R"({"version":"2.0","rawPath":")" + path +
         R"(","headers":{"host":"a","x-more":"than a short string holds"},"requestContext":{"stage":"$default",)" +
         R"("http":{"method":"GET","sourceIp":"192.0.2.7"}}})";
}

const std::string first_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd", second_id = "8476a536-e9f4-11e8-9739-2dfe598c3fce";

/// What is posted for two events while the nth allocation of the runtime's thread fails.
std::vector<std::string> posts_without(std::size_t nth, const std::string& first, bool& failed, bool& stopped) {
  const held_clock time;
  const telemetry::log log(time, ::open("/dev/null", O_WRONLY | O_CLOEXEC));
  runtime_server server({runtime_server::event(first_id, first), runtime_server::event(second_id, event("/here"))});
  server.answer_posts("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
  lambda_options options;
  options.runtime_api = server.address();
  options.first_pause = std::chrono::milliseconds(1);
  small_application application;
  lambda_runtime runtime(std::move(options), time, log);
  std::thread runner([&] {
    const test::failing_allocation now(nth, test::whose::own);
    stopped = runtime.run(application);
    failed = now.has_failed();
  });
  server.wait_until_idle();
  runtime.stop();
  runner.join();
  return server.posts();
}

void try_all(const std::string& first, const std::string& answer) {
  bool failed = true;
  std::size_t n = 1, refused = 0;
  for (; failed && n < allocations_max; ++n) {
    bool stopped = false;
    const auto posts = posts_without(n, first, failed, stopped);
    EXPECT_TRUE(stopped) << "it goes on, behind allocation " << n;
    std::string firsts, seconds;
    for (const std::string& each : posts) (each.find(first_id) != std::string::npos ? firsts : seconds) += each + '\n';
    EXPECT_THAT(firsts, AnyOf(HasSubstr(answer), HasSubstr(R"("statusCode":503)"), StartsWith("error "))) << n;
    EXPECT_THAT(seconds, AnyOf(HasSubstr(R"("body":"here")"), HasSubstr(R"("statusCode":503)"), StartsWith("error ")))
        << n;
    refused += firsts.find("out of memory") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(refused, 0U) << "by what was made before";
  EXPECT_LT(n, allocations_max);
}

TEST(lambda_no_memory, costs_one_event) { try_all(event("/here"), R"("body":"here")"); }

TEST(lambda_no_memory, costs_one_large_event) {
  std::string large = event("/here");
  large.insert(large.size() - 1, R"(,"more":")" + std::string(100'000, 'x') + '"');
  try_all(large, R"("body":"here")");
}

TEST(lambda_no_memory, costs_one_answer_that_is_not_well) {
  try_all(event("/throw"), R"("statusCode":500)");
  try_all(R"({"key1":"value1"})", "error ");
}

}  // namespace
}  // namespace spaces::net
