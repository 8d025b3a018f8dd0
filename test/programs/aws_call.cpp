/// aws_call SERVICE OPERATION BODY [TIMES]: one call to an AWS service as the marketplace makes it, with region,
/// endpoint and credentials of the environment. Prints the answer's body, or "kind code: text" and ends with
/// status 1. With TIMES the call is repeated on one thread, and what it costs this process is printed. For tests.

#include "platform/aws/json_service.hpp"
#include "platform/base/deadline.hpp"
#include "platform/net/client/client.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace spaces;

namespace {

const aws::json_protocol* find(std::string_view name) {
  for (const aws::json_protocol* one : {&aws::dynamodb, &aws::secrets_manager, &aws::parameter_store})
    if (one->name.endpoint == name) return one;
  return nullptr;
}

const char* to_text(aws::failure_kind kind) {
  static constexpr const char* names[] = {"missing",     "condition_failed", "throttled", "too_large",
                                          "unavailable", "refused",          "internal"};
  return names[static_cast<int>(kind)];
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

int complain(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  return 2;
}

}  // namespace

int main(int count, char** words) {
  const aws::json_protocol* const protocol = count < 4 ? nullptr : find(words[1]);
  if (protocol == nullptr) return complain("aws_call SERVICE OPERATION BODY [TIMES]");
  const system_clock clock;
  net::client_options options;
  options.roots_file = aws::process_variable("AWS_CA_BUNDLE");
  const auto client = net::make_client(options);
  if (!client) return complain(client.error().public_text);
  const auto surroundings = aws::environment::read(aws::process_variable, **client, clock);
  if (!surroundings) return complain(surroundings.error().public_text);
  const auto service = aws::make_json_service(**client, **surroundings, *protocol, clock);
  if (!service) return complain(service.error().public_text);

  const int times = count > 4 ? std::atoi(words[4]) : 1;
  const double before = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) {
    const deadline_scope patience(std::chrono::seconds(10));
    const auto answer = (*service)->send({words[2], words[3], true});
    if (!answer) {
      std::printf("%s %s: %s\n", to_text(answer.error().kind), answer.error().code.c_str(),
                  answer.error().text.c_str());
      return 1;
    }
    if (i == 0) std::printf("%s\n", answer->c_str());
  }
  if (times > 1) {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    std::printf("%.1f us of CPU and %.1f us a call\n", (cpu_seconds() - before) / times * 1e6,
                passed.count() / times * 1e6);
  }
  return 0;
}
