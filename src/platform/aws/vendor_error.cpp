#include "platform/aws/vendor_error.hpp"

#include "platform/aws/xml.hpp"
#include "platform/base/text.hpp"
#include "platform/record/json.hpp"

#include <zlib.h>

#include <charconv>

namespace spaces::aws {
namespace {

struct known_code {
  std::string_view code;
  failure_kind kind;
  remedy what;
};

constexpr auto throttled = failure_kind::throttled;
constexpr auto refused = failure_kind::refused;

/// The throttling codes are those of AWS's SDKs in standard mode.
constexpr known_code known_codes[] = {
    {"ResourceNotFoundException", failure_kind::missing, remedy::none},
    {"TableNotFoundException", failure_kind::missing, remedy::none},
    {"ParameterNotFound", failure_kind::missing, remedy::none},
    {"ParameterVersionNotFound", failure_kind::missing, remedy::none},
    {"NoSuchBucket", failure_kind::missing, remedy::none},
    {"NoSuchKey", failure_kind::missing, remedy::none},
    {"PreconditionFailed", failure_kind::condition_failed, remedy::none},
    {"ConditionalCheckFailedException", failure_kind::condition_failed, remedy::none},
    {"TransactionCanceledException", failure_kind::condition_failed, remedy::none},
    {"ItemCollectionSizeLimitExceededException", failure_kind::too_large, remedy::none},
    {"RequestEntityTooLarge", failure_kind::too_large, remedy::none},
    {"EntityTooLarge", failure_kind::too_large, remedy::none},
    // S3: somebody else is at the same key at this moment.
    {"ConditionalRequestConflict", throttled, remedy::again},
    {"OperationAborted", throttled, remedy::again},
    // S3 waited for the rest of our request.
    {"RequestTimeout", failure_kind::unavailable, remedy::again},
    // STS could not reach who issued a web identity's token.
    {"IDPCommunicationError", failure_kind::unavailable, remedy::again},
    {"IDPRejectedClaim", refused, remedy::none},
    {"InvalidIdentityToken", refused, remedy::none},
    {"BandwidthLimitExceeded", throttled, remedy::again},
    {"EC2ThrottledException", throttled, remedy::again},
    {"LimitExceededException", throttled, remedy::again},
    {"PriorRequestNotComplete", throttled, remedy::again},
    {"ProvisionedThroughputExceededException", throttled, remedy::again},
    {"RequestLimitExceeded", throttled, remedy::again},
    {"RequestThrottled", throttled, remedy::again},
    {"RequestThrottledException", throttled, remedy::again},
    {"SlowDown", throttled, remedy::again},
    {"ThrottledException", throttled, remedy::again},
    {"Throttling", throttled, remedy::again},
    {"ThrottlingException", throttled, remedy::again},
    {"TooManyRequestsException", throttled, remedy::again},
    // Our own earlier try of the same transaction is still at work.
    {"TransactionInProgressException", throttled, remedy::again_safe},
    {"ExpiredToken", refused, remedy::renew},
    {"ExpiredTokenException", refused, remedy::renew},
    {"TokenRefreshRequired", refused, remedy::renew},
    {"RequestExpired", refused, remedy::set_clock},
    {"RequestInTheFuture", refused, remedy::set_clock},
    {"RequestTimeTooSkewed", refused, remedy::set_clock},
    {"AccessDenied", refused, remedy::none},
    {"AccessDeniedException", refused, remedy::none},
    {"IncompleteSignature", refused, remedy::none},
    {"IncompleteSignatureException", refused, remedy::none},
    {"InvalidAccessKeyId", refused, remedy::none},
    {"InvalidClientTokenId", refused, remedy::none},
    {"InvalidSignatureException", refused, remedy::none},
    {"MissingAuthenticationToken", refused, remedy::none},
    {"MissingAuthenticationTokenException", refused, remedy::none},
    {"NotAuthorized", refused, remedy::none},
    {"OptInRequired", refused, remedy::none},
    {"SignatureDoesNotMatch", refused, remedy::none},
    {"UnrecognizedClientException", refused, remedy::none},
};

/// "com.amazonaws.dynamodb.v20120810#Name:http://…" → "Name".
std::string_view short_name(std::string_view code) {
  code = code.substr(0, code.find(':'));
  const std::size_t hash = code.rfind('#');
  return hash == std::string_view::npos ? code : code.substr(hash + 1);
}

void read_json_body(const http::client_response& answer, failure& told) {
  std::string code(answer.field("x-amzn-errortype"));
  if (const auto document = record::parse_json(answer.body)) {
    const auto text = [&](std::string_view name) {
      const record::json_value* const found = document->find(name);
      return found != nullptr && found->kind == record::json_kind::string ? found->text : std::string();
    };
    for (const std::string_view name : {"__type", "code"})
      if (code.empty()) code = text(name);
    for (const std::string_view name : {"message", "Message"})
      if (told.text.empty()) told.text = text(name);
  }
  told.code = short_name(code);
}

/// By the status alone, where the code says nothing to us.
void judge_status(int status, vendor_error& made) {
  if (status >= 500) {
    made.told.kind = failure_kind::unavailable;
    made.what = remedy::again_safe;
  } else if (status == 429) {
    made.told.kind = failure_kind::throttled;
    made.what = remedy::again;
  } else if (status == 408) {
    made.told.kind = failure_kind::unavailable;
    made.what = remedy::again;
  } else if (status == 413) {
    made.told.kind = failure_kind::too_large;
  } else if (status == 401 || status == 403) {
    made.told.kind = failure_kind::refused;
  }
}

void judge(int status, vendor_error& made) {
  judge_status(status, made);
  const std::string_view text = made.told.text;
  for (const known_code& known : known_codes) {
    if (known.code != made.told.code) continue;
    made.told.kind = known.kind;
    // A server's fault behind a known code is still one.
    if (status < 500 || known.what != remedy::none) made.what = known.what;
  }
  // DynamoDB names these two by their texts only.
  if (made.told.code == "InvalidSignatureException" && text.starts_with("Signature ") &&
      (text.find("expired") != text.npos || text.find("not yet current") != text.npos))
    made.what = remedy::set_clock;
  if (made.told.code == "ValidationException" && text.find("size has exceeded") != text.npos)
    made.told.kind = failure_kind::too_large;
}

vendor_error finish(http::client_response answer, failure told) {
  vendor_error made;
  made.told = std::move(told);
  judge(answer.status, made);
  made.their_time = parse_http_date(answer.field("date"));
  made.told.may_have_happened = made.what == remedy::again_safe;
  made.told.text = std::to_string(answer.status) + ' ' + made.told.code + ": " + made.told.text;
  made.told.body = std::move(answer.body);
  return made;
}

}  // namespace

vendor_error read_json_error(http::client_response answer) {
  failure told;
  read_json_body(answer, told);
  return finish(std::move(answer), std::move(told));
}

vendor_error read_xml_error(http::client_response answer) {
  failure told;
  read_xml(answer.body, [&](std::string_view path, std::string_view text) {
    if (path == "Error/Code" || path == "ErrorResponse/Error/Code") told.code = text;
    if (path == "Error/Message" || path == "ErrorResponse/Error/Message") told.text = text;
  });
  const int status = answer.status;
  vendor_error made = finish(std::move(answer), std::move(told));
  if (made.told.kind != failure_kind::internal) return made;
  // REST says it by the status, and to HEAD by nothing else.
  if (status == 404) made.told.kind = failure_kind::missing;
  if (status == 304 || status == 412) made.told.kind = failure_kind::condition_failed;
  return made;
}

bool is_sound_json(const http::client_response& answer) {
  if (answer.status != 200 || !answer.body.starts_with('{') || !answer.body.ends_with('}')) return false;
  const std::string_view sent = answer.field("x-amz-crc32");
  if (sent.empty()) return true;
  std::uint32_t expected = 0;
  const auto [end, error] = std::from_chars(sent.data(), sent.data() + sent.size(), expected);
  const auto* const bytes = reinterpret_cast<const Bytef*>(answer.body.data());
  return error == std::errc() && end == sent.data() + sent.size() && crc32_z(0, bytes, answer.body.size()) == expected;
}

std::optional<instant> parse_http_date(std::string_view text) {
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const std::size_t month = months.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  const std::size_t number = month / 3 + 1;
  std::string iso(text.substr(12, 4));
  iso += '-';
  iso += static_cast<char>('0' + number / 10);
  iso += static_cast<char>('0' + number % 10);
  iso.append("-").append(text.substr(5, 2)).append("T").append(text.substr(17, 8)).append("Z");
  return parse_instant(iso);
}

}  // namespace spaces::aws
