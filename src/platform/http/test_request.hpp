/// Requests as `net` frames them, for tests: owns what a request only views.
#pragma once

#include "platform/http/message.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::test {

inline constexpr instant request_time =
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{8};

class test_request {
 public:
  test_request(http::method verb, std::string target) : verb_(verb), target_(std::move(target)) {}

  test_request& with(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  test_request& body(std::string text, std::string type = "application/json") {
    body_ = std::move(text);
    return with("Content-Type", std::move(type));
  }

  /// Of the one user that test_rows.hpp knows.
  test_request& as() { return with("Authorization", "Bearer good"); }

  /// Lives as long as this, and until the next change.
  const http::request& get() {
    lines_.clear();
    for (const auto& [name, value] : fields_) lines_.push_back({name, value});
    const std::string_view target(target_);
    const std::size_t question = std::min(target.find('?'), target.size());
    made_ = {};
    made_.verb = verb_;
    made_.target = target;
    made_.path = target.substr(0, question);
    made_.query = target.substr(std::min(question + 1, target.size()));
    made_.fields = lines_;
    made_.body = body_;
    made_.peer = "127.0.0.1";
    made_.received = request_time;
    made_.deadline = request_time + std::chrono::seconds{20};
    return made_;
  }

 private:
  http::method verb_;
  std::string target_;
  std::vector<std::pair<std::string, std::string>> fields_;
  std::string body_;
  std::vector<http::field_line> lines_;
  http::request made_;
};

}  // namespace spaces::test
