/// A Lambda event that carries an HTTP request: API Gateway's payload format 2.0 (HTTP APIs and function URLs), its
/// format 1.0 (REST APIs, and HTTP APIs set to it), and that of an application load balancer. The request is written
/// down as a client would have sent it and read by the same parser, so that the same bytes are refused in the same way
/// whichever way they came.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
/// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
#pragma once

#include "platform/base/error.hpp"
#include "platform/http/message.hpp"
#include "platform/net/lambda/event_texts.hpp"
#include "platform/net/request_parser.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spaces::net {

enum class event_format : std::uint8_t {
  http_2,         ///< API Gateway's 2.0
  http_1,         ///< API Gateway's 1.0
  balancer,       ///< a load balancer's
  balancer_multi  ///< a load balancer's whose target group has multi-value headers
};

class lambda_event {
 public:
  /// `base_path` ("/shop", or empty) is what a custom domain puts in front of every path: it is taken off.
  explicit lambda_event(const framing_limits& bounds = {}, std::string base_path = {});

  /// `malformed`, with a sentence for the log, when this is no event that carries a request. Then nothing else may be
  /// called but `is_schedule`.
  result<void> read(std::string_view text);

  /// How its answer is to be written.
  event_format format() const { return format_; }
  /// The request within the event is refused, with what a server would have said: 400, 413, 414, 431,
  /// 501. No status: it is not.
  parse_error why() const { return why_; }
  /// Of a request that is refused, as far as it could be read.
  std::string_view origin() const { return parser_.origin(message_.data(), message_.size()); }
  /// Fills everything but the times of a request that is not refused. The views stand until the next
  /// `read`.
  void describe(http::request& out);

  /// A schedule and no request, looked at after `read` has said that it is none: EventBridge's rules and Scheduler's
  /// schedules as they send it unless told otherwise, and `{}`, which people give a schedule as its input.
  bool is_schedule() const { return is_schedule_; }

  /// What API Gateway's authorizers found in the token, all texts; null when there was none.
  const record::json_value* claims() const { return claims_ ? &*claims_ : nullptr; }

 private:
  static std::optional<event_format> format_of(const event_texts& said);
  result<void> write_request(const event_texts& said);
  result<void> write_target(const event_texts& said);
  std::string_view path_of(const event_texts& said) const;
  void write_query(const event_texts& said);
  result<void> write_fields(const event_texts& said);
  result<void> write_body(const event_texts& said);
  void add_field(std::string_view name, std::string_view value);
  void refuse(int status, std::string_view detail);

  request_parser parser_;
  std::string base_path_;
  std::optional<record::json_value> claims_;
  std::string message_;  ///< the request as HTTP/1.1
  std::string peer_;
  parse_error why_;
  event_format format_ = event_format::http_2;
  bool is_schedule_ = false;
};

}  // namespace spaces::net
