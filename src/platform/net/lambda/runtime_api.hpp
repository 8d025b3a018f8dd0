/// The Runtime API of Lambda, as the process of a function speaks to it: HTTP/1.1 over one kept plain
/// connection inside the sandbox. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
#pragma once

#include "platform/base/clock.hpp"
#include "platform/net/client/client_socket.hpp"
#include "platform/net/client/response_parser.hpp"

#include <boost/system/result.hpp>

#include <atomic>
#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace spaces::net {

/// One event to be answered. Its id and trace stand until the next one is asked for, the event's text until any call.
struct invocation {
  std::string_view id;
  std::optional<instant> deadline;  ///< when Lambda gives up; empty when that was not said
  std::string_view trace;           ///< X-Ray's; empty when there is none
  std::string_view event;
};

struct runtime_failure {
  enum class kind {
    stopped,  ///< asked to stop while it waited
    broken,   ///< no connection, or an answer that cannot be read: worth another try
    ended,    ///< the sandbox is beyond repair (500): the process is to end
    refused,  ///< another status: `status` says which
  };
  kind what = kind::broken;
  int status = 0;
  std::string text;  ///< for the log
  std::string id;    ///< of the invocation whose event did not come whole; empty otherwise
};

/// An event of the usual size is taken, and a short answer given, over a kept connection without asking for memory.
/// Where that runs out otherwise, calls throw; the next begins anew.
class runtime_api {
 public:
  /// `address` is what AWS_LAMBDA_RUNTIME_API says. Once `stop` is set, `next` ends within a tenth of a second.
  runtime_api(std::string address, const std::atomic<bool>& stop);

  /// Connects ahead of the first call, which tries again where this fails.
  void open();
  /// Waits for the next event, without a limit.
  boost::system::result<invocation, runtime_failure> next();
  /// Each within limits::runtime_api_time_max. The answer and the error are JSON.
  boost::system::result<void, runtime_failure> respond(std::string_view id, std::string_view answer);
  boost::system::result<void, runtime_failure> fail(std::string_view id, std::string_view type,
                                                    std::string_view sentence);
  boost::system::result<void, runtime_failure> fail_init(std::string_view type, std::string_view sentence);

 private:
  using time_point = std::chrono::steady_clock::time_point;
  /// Of `message_`. The answer is in `answer_` and `buffer_`. Without a limit it is waited for until `stop_`.
  boost::system::result<void, runtime_failure> exchange(std::optional<time_point> until);
  boost::system::result<void, runtime_failure> exchange_or_throw(std::optional<time_point> until);
  boost::system::result<void, runtime_failure> post(std::string_view path, std::string_view id, std::string_view what,
                                                    std::string_view fields, std::string_view body);
  void compose(std::initializer_list<std::string_view> parts);
  boost::system::result<void, runtime_failure> connect(time_point until);
  boost::system::result<void, runtime_failure> receive();

  std::string address_;
  const std::atomic<bool>& stop_;
  client_socket socket_;
  response_parser answer_;
  std::string message_;  ///< that is sent, and keeps its memory
  std::string buffer_;
  std::size_t held_ = 0;  ///< of it, received
  std::string id_;        ///< of the event that was taken last
  std::string trace_;
};

}  // namespace spaces::net
