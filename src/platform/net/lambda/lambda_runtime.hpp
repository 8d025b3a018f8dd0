/// The process of a Lambda function: takes one event after another from the Runtime API, has the
/// application answer it, and hands the answer back. Nothing of the server is started for it.
///
/// One request at a time, on the thread that calls `run`. What goes wrong with one event is that event's
/// matter: an exception is its 500, an event that is none is answered by the API's own /error, and the
/// next is asked for.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/http/application.hpp"
#include "platform/net/lambda/lambda_event.hpp"
#include "platform/net/lambda/limits.hpp"
#include "platform/net/lambda/object_events.hpp"
#include "platform/net/lambda/runtime_api.hpp"
#include "platform/telemetry/log.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::net {

struct lambda_options {
  std::string runtime_api;  ///< AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9001"
  /// When there are any, a request must carry one of them in `origin_secret_field`: a function URL is open
  /// to all, and only the distribution in front of it knows them. Several while one takes another's place.
  std::vector<std::string> origin_secrets;

  /// What API Gateway's JWT authorizer has read from a token goes on with the request (request::vouched). Anyone who
  /// may invoke the function can write such an event, and be anyone.
  bool trust_authorizer = false;

  /// What a custom domain puts in front of every path: "/shop". Empty: nothing.
  std::string base_path = {};

  /// What is done when EventBridge's schedule comes round, until the moment given. Without it, such an event
  /// is none.
  std::function<void(instant until)> on_schedule = {};

  /// What is done with a file that came into a bucket, until the moment given; what waits is done behind it, as when
  /// the schedule comes round. An error has it sent again. Without it, such an event is none.
  std::function<result<void>(const object_event& came, instant until)> on_object = {};

  std::size_t answer_bytes_max = limits::lambda_answer_bytes_max;
  std::chrono::milliseconds answer_reserve = limits::lambda_answer_reserve;
  std::chrono::milliseconds first_pause = limits::runtime_api_first_pause;
};

/// What CloudFront is told to add to each request to its origin.
inline constexpr std::string_view origin_secret_field = "X-Origin-Secret";

class lambda_runtime {
 public:
  /// Clock and log must outlive it.
  lambda_runtime(lambda_options options, const clock& clock, const telemetry::log& log);
  lambda_runtime(const lambda_runtime&) = delete;
  lambda_runtime& operator=(const lambda_runtime&) = delete;

  /// Reaches the Runtime API ahead of `run`, before the table is waited for. `run` tells what goes wrong.
  void connect() { api_.open(); }

  /// Tells Lambda that the function could not be started, and the log too.
  void fail_init(std::string_view sentence);

  /// Until `stop`: true. False when the Runtime API is lost; the log says why.
  bool run(http::application& application);

  /// Ends `run` once what is being answered has been. Safe in a signal handler.
  void stop() noexcept { stop_.store(true, std::memory_order_relaxed); }

 private:
  bool serve_schedule(const invocation& one);
  bool serve_objects(const invocation& one);
  instant end_of(const invocation& one) const;
  void do_due(instant until);
  void serve(http::application& application, const invocation& one);
  void serve_or_throw(http::application& application, const invocation& one);
  std::string text_of(http::application& application, const http::response& made, bool head_only) const;
  http::response answer(http::application& application, const invocation& one, bool& head_only);
  bool knows_secret(const http::request& incoming) const;
  void prepare_no_memory(http::application& application);
  bool handle_failure(const runtime_failure& why, int failures);
  void note(std::string_view event, std::string_view detail) const;

  lambda_options options_;
  const clock& clock_;
  const telemetry::log& log_;
  std::atomic<bool> stop_{false};
  std::string no_memory_;  ///< what is answered then, as JSON: made before the first event; empty: a constant
  runtime_api api_;
  lambda_event event_;
};

}  // namespace spaces::net
