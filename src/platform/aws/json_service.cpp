#include "platform/aws/json_service.hpp"

#include "platform/aws/retry_budget.hpp"
#include "platform/aws/signature.hpp"
#include "platform/aws/url.hpp"
#include "platform/aws/vendor_error.hpp"
#include "platform/base/deadline.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <random>
#include <thread>

namespace spaces::aws {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using attempt = boost::system::result<std::string, vendor_error>;

vendor_error unreachable(const http::client_failure& failed) {
  vendor_error made;
  made.told = {failure_kind::unavailable, "", failed.text, "", failed.may_have_arrived};
  made.what = failed.may_have_arrived ? remedy::again_safe : remedy::again;
  return made;
}

/// A service that refuses a signature repeats what should have been signed, and the session's token is part of it.
void hide(std::string& text, std::string_view secret) {
  if (secret.empty()) return;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), "***");
}

vendor_error unsound(const http::client_response& answer) {
  vendor_error made;
  made.told = {failure_kind::unavailable, "",
               "the answer of status " + std::to_string(answer.status) + " is not the JSON that it should be", "",
               true};
  made.what = remedy::again_safe;
  return made;
}

class json_service final : public service {
 public:
  json_service(http::client& client, credentials_keeper& credentials, const std::string& region, url where,
               const json_protocol& protocol, const clock& clock, retry_timing timing)
      : client_(client),
        credentials_(credentials),
        where_(std::move(where)),
        target_(where_.path.empty() ? "/" : where_.path),
        content_type_("application/x-amz-json-" + std::string(protocol.version)),
        operation_prefix_(std::string(protocol.target) + '.'),
        silence_max_(protocol.silence_max),
        clock_(clock),
        timing_(timing),
        signer_(region, std::string(protocol.signing)) {}

  boost::system::result<std::string, failure> send(const call& what) override;

 private:
  /// What one call has used up.
  struct progress {
    steady_clock::time_point deadline;
    int tries = 0;
    int paid = 0;          ///< for the last retry
    milliseconds skew{0};  ///< that the last try was signed with
    bool renewed = false;
    bool clock_set = false;
  };

  attempt try_once(const call& what, progress& so_far, const credentials_ptr& who);
  bool handle_failure(const vendor_error& failed, progress& so_far, const credentials_ptr& who);
  bool may_try_again(const vendor_error& failed, const call& what, progress& so_far);
  bool set_clock(instant theirs, milliseconds used);

  http::client& client_;
  credentials_keeper& credentials_;
  const url where_;
  const std::string target_;
  const std::string content_type_;
  const std::string operation_prefix_;
  const milliseconds silence_max_;
  const clock& clock_;
  const retry_timing timing_;
  const signer signer_;
  retry_budget budget_;
  std::atomic<milliseconds::rep> skew_ms_{0};  ///< their clock less ours
};

attempt json_service::try_once(const call& what, progress& so_far, const credentials_ptr& who) {
  const std::string operation = operation_prefix_ + std::string(what.operation);
  const std::array<http::field_line, 3> signed_fields{
      {{"Host", where_.authority}, {"Content-Type", content_type_}, {"X-Amz-Target", operation}}};
  const signable request{http::method::post, target_, signed_fields, what.body, {}};
  so_far.skew = milliseconds(skew_ms_.load(std::memory_order_relaxed));
  const signer::fields proof = signer_.sign(request, *who, clock_.now() + so_far.skew);
  std::vector<http::field_line> fields(signed_fields.begin() + 1, signed_fields.end());  // Host is the client's
  for (const auto& [name, value] : proof) fields.push_back({name, value});

  http::client_request outgoing;
  outgoing.origin = where_.origin;
  outgoing.target = target_;
  outgoing.fields = fields;
  outgoing.body = what.body;
  outgoing.deadline = so_far.deadline;
  outgoing.silence_max = silence_max_;
  outgoing.repeatable = what.repeatable;
  auto answer = client_.send(outgoing);
  if (!answer) return unreachable(answer.error());
  if (answer->status >= 300) return read_error(*std::move(answer));
  if (answer->status != 200 || !is_sound(*answer)) return unsound(*answer);
  return std::move(answer->body);
}

/// What can be put right immediately, once in a call and at no cost.
bool json_service::handle_failure(const vendor_error& failed, progress& so_far, const credentials_ptr& who) {
  if (failed.what == remedy::renew && !so_far.renewed) {
    so_far.renewed = true;
    credentials_.refuse(who);
    return true;
  }
  if (failed.what == remedy::set_clock && !so_far.clock_set && failed.their_time) {
    so_far.clock_set = true;
    return set_clock(*failed.their_time, so_far.skew);
  }
  return false;
}

/// False when the time that we `used` was theirs: then it was not what is wrong.
bool json_service::set_clock(instant theirs, milliseconds used) {
  const auto skew = std::chrono::duration_cast<milliseconds>(theirs - clock_.now());
  skew_ms_.store(skew.count(), std::memory_order_relaxed);
  return std::chrono::abs(skew - used) > skew_seconds_min;
}

bool json_service::may_try_again(const vendor_error& failed, const call& what, progress& so_far) {
  if (failed.what != remedy::again && !(failed.what == remedy::again_safe && what.repeatable)) return false;
  if (so_far.tries >= tries_max) return false;
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto pause = pause_after(so_far.tries, timing_, random);
  if (steady_clock::now() + pause >= so_far.deadline) return false;
  const int cost = failed.told.code.empty() ? timeout_retry_cost : retry_cost;
  if (!budget_.pay(cost)) return false;
  so_far.paid = cost;
  std::this_thread::sleep_for(pause);
  return true;
}

boost::system::result<std::string, failure> json_service::send(const call& what) {
  progress so_far;
  so_far.deadline = current_deadline(call_time_max);
  bool may_have_happened = false;
  while (true) {
    const auto who = credentials_.get();
    if (!who) return failure{failure_kind::refused, "", who.error().private_text, "", may_have_happened};
    ++so_far.tries;
    attempt outcome = try_once(what, so_far, *who);
    if (outcome) {
      budget_.refund(so_far.paid > 0 ? so_far.paid : success_refund);
      return *std::move(outcome);
    }
    vendor_error failed = std::move(outcome).error();
    hide(failed.told.text, (*who)->session_token);
    hide(failed.told.text, (*who)->secret_access_key);
    may_have_happened = may_have_happened || failed.told.may_have_happened;
    if (handle_failure(failed, so_far, *who)) {
      --so_far.tries;
      continue;
    }
    if (may_try_again(failed, what, so_far)) continue;
    failed.told.may_have_happened = may_have_happened;
    return std::move(failed.told);
  }
}

}  // namespace

milliseconds pause_after(int tries, const retry_timing& timing, std::minstd_rand& random) {
  const auto most = std::min(timing.most, timing.base * (1 << (tries - 1)));
  return milliseconds(std::uniform_int_distribution<milliseconds::rep>(0, most.count())(random));
}

result<std::unique_ptr<service>> make_json_service(http::client& client, environment& surroundings,
                                                   const json_protocol& protocol, const clock& clock,
                                                   retry_timing timing) {
  auto endpoint = surroundings.endpoint(protocol.name);
  if (!endpoint) return endpoint.error();
  while (endpoint->ends_with('/')) endpoint->pop_back();
  const auto where = parse_url(*endpoint);
  if (!where) return internal("an endpoint that is no URL: " + *endpoint);
  return std::make_unique<json_service>(client, surroundings.credentials(), surroundings.region(), *where, protocol,
                                        clock, timing);
}

}  // namespace spaces::aws
