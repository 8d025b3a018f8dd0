/// One AWS service that speaks a JSON protocol (DynamoDB, Secrets Manager, SSM …): signs, sends, tries
/// again where that is safe, and says what a caller can act on.
#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace spaces::aws {

/// A vendor's many errors as the few that a caller can act on.
enum class failure_kind {
  missing,           ///< the table, secret or parameter is not there
  condition_failed,  ///< a condition of the write did not hold; `body` says which
  throttled,         ///< asked too often, still after all tries
  too_large,         ///< the vendor's bound on sizes
  unavailable,       ///< no answer in time, or a server's fault, still after all tries
  refused,           ///< credentials or permissions
  internal,          ///< all else: a bug here or a new kind of answer
};

/// Whether the same call may succeed later by itself: rights, credentials and tables are somebody's to give.
constexpr bool may_pass(failure_kind what) {
  return what == failure_kind::throttled || what == failure_kind::unavailable;
}

struct failure {
  failure_kind kind = failure_kind::internal;
  std::string code;                ///< the vendor's short name: "ConditionalCheckFailedException"
  std::string text;                ///< for the log only
  std::string body;                ///< the vendor's whole answer (JSON); empty when none came
  bool may_have_happened = false;  ///< an earlier try or this one may have been carried out all the same
};

struct call {
  std::string_view operation;  ///< "GetItem"
  std::string_view body;       ///< JSON
  bool repeatable = true;      ///< twice is as good as once; otherwise it is sent again only if it cannot have arrived
};

/// Thread-safe.
class service {
 public:
  service() = default;
  service(const service&) = delete;
  service& operator=(const service&) = delete;
  virtual ~service() = default;

  /// The answer's JSON body. Ends by the calling thread's deadline (base/deadline.hpp).
  virtual boost::system::result<std::string, failure> send(const call& request) = 0;
};

}  // namespace spaces::aws
