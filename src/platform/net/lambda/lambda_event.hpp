/// A Lambda event that carries an HTTP request: API Gateway's payload format 2.0 (HTTP APIs), which
/// function URLs use too. The request is written down as a client would have sent it and read by the
/// same parser, so that the same bytes are refused in the same way whichever way they came.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
#pragma once

#include "platform/base/error.hpp"
#include "platform/http/message.hpp"
#include "platform/net/request_parser.hpp"
#include "platform/record/json_reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spaces::net {

class lambda_event {
 public:
  explicit lambda_event(const framing_limits& bounds = {});

  /// `malformed`, with a sentence for the log, when this is no event of the format. Then nothing else
  /// may be asked.
  result<void> read(std::string_view text);

  /// The request within the event is refused, with what a server would have said: 400, 413, 414, 431,
  /// 501. No status: it is not.
  parse_error why() const { return why_; }
  /// Fills everything but the times of a request that is not refused. The views stand until the next
  /// `read`.
  void describe(http::request& out);

  /// EventBridge's clock and no request: looked at after `read` has said that it is none.
  bool is_schedule() const { return is_schedule_; }

  /// What API Gateway's JWT authorizer found in the token, all texts; null when there was none.
  const record::json_value* claims() const { return claims_ ? &*claims_ : nullptr; }

 private:
  struct texts;
  void read_members(record::json_reader& in, texts& said);
  void read_context(record::json_reader& in, texts& said);
  void read_authorizer(record::json_reader& in);
  void read_headers(record::json_reader& in, texts& said);
  void read_cookies(record::json_reader& in, texts& said);
  result<void> write_request(const texts& said);
  result<void> write_target(const texts& said);
  void write_fields(const texts& said);
  result<void> write_body(const texts& said);
  void add_field(std::string_view name, std::string_view value);
  void refuse(int status, std::string_view detail);

  request_parser parser_;
  std::optional<record::json_value> claims_;
  std::string message_;  ///< the request as HTTP/1.1
  std::string fields_;   ///< its lines, as they come
  std::string peer_;
  parse_error why_;
  bool has_host_ = false;
  bool is_schedule_ = false;
};

}  // namespace spaces::net
