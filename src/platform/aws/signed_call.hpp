/// One request to an AWS service, whatever its protocol: signed, sent, tried again where that is safe, with
/// credentials renewed and our clock set right on the way. What differs between protocols (how a body is framed, how
/// errors are spelt) is handed in: JSON services (json_service.hpp), STS's forms (token_service.hpp) and S3's REST
/// (bucket/s3) are made of this.
#pragma once

#include "platform/aws/credentials.hpp"
#include "platform/aws/retry.hpp"
#include "platform/aws/retry_budget.hpp"
#include "platform/aws/send_rate.hpp"
#include "platform/aws/service.hpp"
#include "platform/aws/signature.hpp"
#include "platform/aws/url.hpp"
#include "platform/aws/vendor_error.hpp"
#include "platform/base/clock.hpp"
#include "platform/http/client.hpp"

#include <boost/system/result.hpp>

#include <atomic>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::aws {

/// How a protocol is read.
struct answer_format {
  /// What an answer with a status of 300 and over says.
  vendor_error (*read_error)(http::client_response answer);
  /// Whether an answer with a lower status is one; what is not counts as none, and may be tried again.
  bool (*is_sound)(const http::client_response& answer);
};

struct signed_call_options {
  std::string region;
  std::string signing_name;  ///< the service's name in signatures
  signing_rules rules;
  answer_format format;
  /// So long without a byte and a try is given up. A retry elsewhere is sooner done than a stuck server.
  std::chrono::milliseconds silence_max;
  retry_policy retries;
};

struct signed_request {
  http::method verb = http::method::post;
  std::string_view target = "/";                  ///< path and query, escaped as they are sent
  std::span<const http::field_line> fields = {};  ///< all are signed; Host and the length are added
  std::string_view body = {};
  std::string_view body_hash = {};  ///< in place of the body's own: "UNSIGNED-PAYLOAD"
  bool repeatable = true;  ///< twice is as good as once; otherwise it is sent again only if it cannot have arrived
};

/// Thread-safe.
class signed_call {
 public:
  /// All must outlive it. Without credentials (null) requests go unsigned.
  signed_call(http::client& client, credentials_keeper* credentials, url where, signed_call_options options,
              const clock& clock);

  /// The answer, of a status below 300. Ends by the calling thread's deadline (base/deadline.hpp).
  boost::system::result<http::client_response, failure> send(const signed_request& request);

  /// A URL that does the request for anyone who has it, until `lifetime` is over: its fields must be sent as given.
  boost::system::result<std::string, failure> presign(const signed_request& request, std::chrono::seconds lifetime);

  /// A form's fields with a policy that holds anyone who posts it to them, and to `more`, further conditions as JSON
  /// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html), until `lifetime` is over.
  using form_fields = std::vector<std::pair<std::string, std::string>>;
  boost::system::result<form_fields, failure> sign_form(form_fields fields, std::string_view more,
                                                        std::chrono::seconds lifetime);

  const url& where() const { return where_; }
  /// Our time as the service sees it.
  instant now() const;

 private:
  /// What one call has used up.
  struct progress {
    std::chrono::steady_clock::time_point deadline;
    int tries = 0;
    int paid = 0;                       ///< for the last retry
    std::chrono::milliseconds skew{0};  ///< that the last try was signed with
    bool renewed = false;
    bool clock_set = false;
  };
  using attempt = boost::system::result<http::client_response, vendor_error>;

  bool wait_for_turn(const progress& so_far);
  attempt try_once(const signed_request& request, progress& so_far, const credentials* who);
  bool handle_failure(const vendor_error& failed, progress& so_far, const credentials_ptr& who);
  bool may_try_again(const vendor_error& failed, const signed_request& request, progress& so_far);
  bool set_clock(instant theirs, std::chrono::milliseconds used);

  http::client& client_;
  credentials_keeper* const credentials_;
  const url where_;
  const signed_call_options options_;
  const clock& clock_;
  const signer signer_;
  retry_budget budget_;
  send_rate rate_;                                          ///< in adaptive mode
  std::atomic<std::chrono::milliseconds::rep> skew_ms_{0};  ///< their clock less ours
};

}  // namespace spaces::aws
