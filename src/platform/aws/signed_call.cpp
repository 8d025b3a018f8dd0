#include "platform/aws/signed_call.hpp"

#include "platform/base/base64.hpp"
#include "platform/base/deadline.hpp"
#include "platform/record/json_string.hpp"

#include <algorithm>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace spaces::aws {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

vendor_error unreachable(const http::client_failure& failed) {
  vendor_error made;
  made.told = {failure_kind::unavailable, "", failed.text, "", failed.may_have_arrived};
  made.what = failed.may_have_arrived ? remedy::again_safe : remedy::again;
  return made;
}

vendor_error unsound(const http::client_response& answer) {
  vendor_error made;
  made.told = {failure_kind::unavailable, "",
               "the answer of status " + std::to_string(answer.status) + " is not what it should be", "", true};
  made.what = remedy::again_safe;
  return made;
}

/// Where nobody has set a deadline: all tries in full, each silent to its end, and the pauses between them.
milliseconds time_for_all_tries(const signed_call_options& options) {
  const milliseconds tries = options.retries.tries_max * (options.silence_max + options.retries.most);
  return std::max(milliseconds(call_time_max), tries);
}

/// A service that refuses a signature repeats what should have been signed, and the session's token is part of it.
void hide(std::string& text, std::string_view secret) {
  if (secret.empty()) return;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), "***");
}

}  // namespace

milliseconds pause_after(int tries, const retry_policy& policy, std::minstd_rand& random) {
  constexpr int doublings_max = 16;  // far over any `most`
  const auto most = std::min(policy.most, policy.base * (1 << std::min(tries - 1, doublings_max)));
  return milliseconds(std::uniform_int_distribution<milliseconds::rep>(0, most.count())(random));
}

signed_call::signed_call(http::client& client, credentials_keeper* credentials, url where, signed_call_options options,
                         const clock& clock)
    : client_(client),
      credentials_(credentials),
      where_(std::move(where)),
      options_(std::move(options)),
      clock_(clock),
      signer_(options_.region, options_.signing_name, options_.rules) {}

instant signed_call::now() const { return clock_.now() + milliseconds(skew_ms_.load(std::memory_order_relaxed)); }

signed_call::attempt signed_call::try_once(const signed_request& request, progress& so_far, const credentials* who) {
  std::vector<http::field_line> fields;
  fields.reserve(request.fields.size() + 5);
  fields.push_back({"Host", where_.authority});
  fields.insert(fields.end(), request.fields.begin(), request.fields.end());
  signer::fields proof;
  if (who != nullptr) {
    so_far.skew = milliseconds(skew_ms_.load(std::memory_order_relaxed));
    proof = signer_.sign({request.verb, request.target, fields, request.body, request.body_hash}, *who,
                         clock_.now() + so_far.skew);
  }
  fields.erase(fields.begin());  // Host is the client's
  for (const auto& [name, value] : proof) fields.push_back({name, value});

  http::client_request outgoing;
  outgoing.verb = request.verb;
  outgoing.origin = where_.origin;
  outgoing.target = request.target;
  outgoing.fields = fields;
  outgoing.body = request.body;
  outgoing.deadline = so_far.deadline;
  outgoing.silence_max = options_.silence_max;
  outgoing.repeatable = request.repeatable;
  auto answer = client_.send(outgoing);
  if (!answer) return unreachable(answer.error());
  if (answer->status >= 300) return options_.format.read_error(*std::move(answer));
  if (!options_.format.is_sound(*answer)) return unsound(*answer);
  return *std::move(answer);
}

/// False where its turn comes behind the deadline.
bool signed_call::wait_for_turn(const progress& so_far) {
  if (options_.retries.mode != retry_mode::adaptive) return true;
  const auto now = steady_clock::now();
  const auto pause = rate_.admit(now);
  if (now + pause >= so_far.deadline) return false;
  std::this_thread::sleep_for(pause);
  return true;
}

/// What can be put right immediately, once in a call and at no cost.
bool signed_call::handle_failure(const vendor_error& failed, progress& so_far, const credentials_ptr& who) {
  if (!who) return false;
  if (failed.what == remedy::renew && !so_far.renewed) {
    so_far.renewed = true;
    credentials_->refuse(who);
    return true;
  }
  if (failed.what == remedy::set_clock && !so_far.clock_set && failed.their_time) {
    so_far.clock_set = true;
    return set_clock(*failed.their_time, so_far.skew);
  }
  return false;
}

/// False when the time that we `used` was theirs: then it was not what is wrong.
bool signed_call::set_clock(instant theirs, milliseconds used) {
  const auto skew = std::chrono::duration_cast<milliseconds>(theirs - clock_.now());
  skew_ms_.store(skew.count(), std::memory_order_relaxed);
  return std::chrono::abs(skew - used) > skew_seconds_min;
}

bool signed_call::may_try_again(const vendor_error& failed, const signed_request& request, progress& so_far) {
  if (failed.what != remedy::again && !(failed.what == remedy::again_safe && request.repeatable)) return false;
  if (so_far.tries >= options_.retries.tries_max) return false;
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto pause = pause_after(so_far.tries, options_.retries, random);
  if (steady_clock::now() + pause >= so_far.deadline) return false;
  if (options_.retries.mode != retry_mode::legacy) {
    const int cost = failed.told.code.empty() ? timeout_retry_cost : retry_cost;
    if (!budget_.pay(cost)) return false;
    so_far.paid = cost;
  }
  std::this_thread::sleep_for(pause);
  return true;
}

boost::system::result<http::client_response, failure> signed_call::send(const signed_request& request) {
  progress so_far;
  so_far.deadline = current_deadline(time_for_all_tries(options_));
  bool may_have_happened = false;
  while (true) {
    credentials_ptr who;
    if (credentials_ != nullptr) {
      auto found = credentials_->get();
      if (!found) return failure{failure_kind::refused, "", found.error().private_text, "", may_have_happened};
      who = *std::move(found);
    }
    if (!wait_for_turn(so_far))
      return failure{failure_kind::throttled, "", "the service throttles, and no turn comes in time", "",
                     may_have_happened};
    ++so_far.tries;
    attempt outcome = try_once(request, so_far, who.get());
    if (options_.retries.mode == retry_mode::adaptive)
      rate_.note(!outcome && outcome.error().told.kind == failure_kind::throttled, steady_clock::now());
    if (outcome) {
      budget_.refund(so_far.paid > 0 ? so_far.paid : success_refund);
      return *std::move(outcome);
    }
    vendor_error failed = std::move(outcome).error();
    if (who) {
      hide(failed.told.text, who->session_token);
      hide(failed.told.text, who->secret_access_key);
    }
    may_have_happened = may_have_happened || failed.told.may_have_happened;
    if (handle_failure(failed, so_far, who)) {
      --so_far.tries;
      continue;
    }
    if (may_try_again(failed, request, so_far)) continue;
    failed.told.may_have_happened = may_have_happened;
    return std::move(failed.told);
  }
}

boost::system::result<std::string, failure> signed_call::presign(const signed_request& request,
                                                                 std::chrono::seconds lifetime) {
  if (credentials_ == nullptr)
    return failure{failure_kind::refused, "", "no credentials to sign a URL with", "", false};
  const auto who = credentials_->get();
  if (!who) return failure{failure_kind::refused, "", who.error().private_text, "", false};
  std::vector<http::field_line> fields{{"Host", where_.authority}};
  fields.insert(fields.end(), request.fields.begin(), request.fields.end());
  const std::string_view hash = request.body_hash.empty() ? unsigned_payload : request.body_hash;
  return where_.origin + signer_.presign({request.verb, request.target, fields, {}, hash}, **who, now(), lifetime);
}

boost::system::result<signed_call::form_fields, failure> signed_call::sign_form(form_fields fields,
                                                                                std::string_view more,
                                                                                std::chrono::seconds lifetime) {
  if (credentials_ == nullptr)
    return failure{failure_kind::refused, "", "no credentials to sign a form with", "", false};
  const auto who = credentials_->get();
  if (!who) return failure{failure_kind::refused, "", who.error().private_text, "", false};
  const instant at = now();
  const std::string time = amazon_time(at);
  fields.emplace_back("x-amz-algorithm", "AWS4-HMAC-SHA256");
  fields.emplace_back("x-amz-credential", (*who)->access_key_id + '/' + signer_.scope(time));
  fields.emplace_back("x-amz-date", time);
  if (!(*who)->session_token.empty()) fields.emplace_back("x-amz-security-token", (*who)->session_token);
  std::string policy = R"({"expiration":")" + to_text(at + lifetime) + R"(","conditions":[)" + std::string(more);
  for (const auto& [name, value] : fields) {
    policy += ",{";
    record::append_json_string(policy, name);
    policy += ':';
    record::append_json_string(policy, value);
    policy += '}';
  }
  policy += "]}";
  std::string encoded;
  append_base64(encoded, policy);
  std::string proof = signer_.sign_text(encoded, **who, time);
  fields.emplace_back("policy", std::move(encoded));
  fields.emplace_back("x-amz-signature", std::move(proof));
  return fields;
}

}  // namespace spaces::aws
