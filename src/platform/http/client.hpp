/// A client of other people's HTTP services, as rooms without sockets see one (aws). `net` has the real one.
#pragma once

#include "platform/http/message.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::http {

struct client_request {
  method verb = method::post;
  std::string_view origin;             ///< "https://dynamodb.eu-west-1.amazonaws.com", "http://127.0.0.1:8000"
  std::string_view target = "/";       ///< origin form (RFC 9112, 3.2.1)
  std::span<const field_line> fields;  ///< all but Host, Content-Length and Connection, which the client adds
  std::string_view body;
  std::chrono::steady_clock::time_point deadline;  ///< of the whole request_context, from connecting to the last byte
  /// So long without a byte moving either way, and the request_context is given up; 0: the client's own bound.
  std::chrono::milliseconds silence_max{0};
  /// Twice is as good as once: sent again immediately where a kept connection ended without a byte of an answer.
  bool repeatable = false;
};

struct client_response {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  /// The value of the first field of this name; names compare without case. Empty when absent.
  std::string_view field(std::string_view name) const;
};

/// No whole answer came.
struct client_failure {
  /// The server may have read the whole request: only what is safe to do twice may be sent again.
  bool may_have_arrived = false;
  std::string text;  ///< what went wrong, for the log
};

/// Thread-safe.
class client {
 public:
  client() = default;
  client(const client&) = delete;
  client& operator=(const client&) = delete;
  virtual ~client() = default;

  /// One request_context. Tries again by itself, once and on a new connection, only where a kept connection
  /// turned out dead before the request could have arrived, or the request is `repeatable`.
  virtual boost::system::result<client_response, client_failure> send(const client_request& outgoing) = 0;
};

}  // namespace spaces::http
