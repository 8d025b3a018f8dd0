/// For tests of this room: a clock that stands, variables of a map, and an HTTP client whose answers are scripted;
/// sockets are net's business.
#pragma once

#include "platform/aws/profile.hpp"
#include "platform/base/clock.hpp"
#include "platform/http/client.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace spaces::aws {

class standing_clock final : public clock {
 public:
  explicit standing_clock(std::string_view text) : now_(*parse_instant(text)) {}
  instant now() const override { return now_; }
  void set(std::string_view text) { now_ = *parse_instant(text); }

 private:
  std::atomic<instant> now_;
};

inline variables these(std::map<std::string, std::string, std::less<>> values) {
  return [values = std::move(values)](std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
  };
}

/// A request as it was sent.
struct seen_request {
  http::method verb;
  std::string url;
  std::map<std::string, std::string, std::less<>> fields;
  std::string body;
  std::chrono::steady_clock::time_point deadline;
  std::chrono::milliseconds silence_max{0};

  std::string field(std::string_view name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  }
};

class scripted_client final : public http::client {
 public:
  using outcome = boost::system::result<http::client_response, http::client_failure>;
  /// Answers the request of this number, counted from 0.
  using script = std::function<outcome(const seen_request&, std::size_t)>;

  explicit scripted_client(script answers) : script_(std::move(answers)) {}

  outcome send(const http::client_request& outgoing) override {
    seen_request one{outgoing.verb,
                     std::string(outgoing.origin).append(outgoing.target),
                     {},
                     std::string(outgoing.body),
                     outgoing.deadline,
                     outgoing.silence_max};
    for (const http::field_line& line : outgoing.fields) one.fields.emplace(line.name, line.value);
    std::size_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      number = seen_.size();
      seen_.push_back(one);
    }
    return script_(one, number);
  }

  std::vector<seen_request> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  std::size_t count() const { return seen().size(); }

 private:
  const script script_;
  mutable std::mutex mutex_;
  std::vector<seen_request> seen_;
};

inline scripted_client::outcome answer(int status, std::string body,
                                       std::vector<std::pair<std::string, std::string>> fields = {}) {
  http::client_response made;
  made.status = status;
  made.fields = std::move(fields);
  made.body = std::move(body);
  return made;
}

inline scripted_client::outcome no_answer(bool may_have_arrived) {
  return http::client_failure{may_have_arrived, "no answer in time"};
}

}  // namespace spaces::aws
