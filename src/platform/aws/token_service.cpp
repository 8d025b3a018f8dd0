#include "platform/aws/token_service.hpp"

#include "platform/aws/limits.hpp"
#include "platform/aws/signed_call.hpp"
#include "platform/aws/xml.hpp"
#include "platform/base/deadline.hpp"
#include "platform/base/text.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

namespace spaces::aws {
namespace {

using std::chrono::steady_clock;

/// Credentials that are there already.
class present final : public credentials_source {
 public:
  explicit present(credentials given) : given_(std::move(given)) {}
  result<std::optional<credentials>> load() override { return std::optional(given_); }

 private:
  const credentials given_;
};

bool is_xml(const http::client_response& answer) {
  return answer.status == 200 && read_xml(answer.body, [](std::string_view, std::string_view) {});
}

void append_parameter(std::string& form, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  form.append("&").append(name).append("=").append(percent_encode(value));
}

std::string form_of(std::string_view action, const role_request& role, const clock& clock) {
  std::string form = "Action=";
  form.append(action).append("&Version=2011-06-15");
  append_parameter(form, "RoleArn", role.role_arn);
  const std::string made = "spaces-" + std::to_string(clock.now().time_since_epoch().count());
  append_parameter(form, "RoleSessionName", role.session_name.empty() ? made : role.session_name);
  append_parameter(form, "ExternalId", role.external_id);
  append_parameter(form, "DurationSeconds", role.duration_seconds);
  return form;
}

/// Both answers hold the same, below elements of their own names.
std::optional<credentials> read_credentials(std::string_view body) {
  credentials found;
  std::string expiration;
  read_xml(body, [&](std::string_view path, std::string_view text) {
    constexpr std::string_view above = "/Credentials/";
    const std::size_t at = path.find(above);
    if (at == std::string_view::npos) return;
    const std::string_view name = path.substr(at + above.size());
    if (name == "AccessKeyId") found.access_key_id = text;
    if (name == "SecretAccessKey") found.secret_access_key = text;
    if (name == "SessionToken") found.session_token = text;
    if (name == "Expiration") expiration = text;
  });
  found.expires = parse_instant(expiration);
  if (found.access_key_id.empty() || found.secret_access_key.empty() || !found.expires) return std::nullopt;
  return found;
}

void hide(std::string& text, std::string_view secret) {
  if (secret.empty()) return;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), "***");
}

}  // namespace

token_service::token_service(http::client& client, const clock& clock, std::string region,
                             std::function<result<std::string>()> endpoint, retry_policy retries)
    : client_(client), clock_(clock), region_(std::move(region)), endpoint_(std::move(endpoint)), retries_(retries) {}

result<credentials> token_service::request(std::string form, const role_request& role, const credentials* signed_by,
                                           std::string_view secret) const {
  const auto endpoint = endpoint_();
  if (!endpoint) return unavailable(endpoint.error().public_text);
  auto where = parse_url(*endpoint);
  if (!where) return unavailable("the endpoint of STS is no URL: " + *endpoint);
  const std::string target = where->path.empty() ? "/" : where->path;
  std::optional<credentials_keeper> keeper;
  if (signed_by != nullptr) keeper.emplace(std::make_unique<present>(*signed_by), clock_);
  signed_call call(client_, keeper ? &*keeper : nullptr, *std::move(where),
                   {region_, "sts", {}, {&read_xml_error, &is_xml}, token_service_silence_max, retries_}, clock_);

  const auto left = current_deadline(refresh_time_max) - steady_clock::now();
  const deadline_scope scope(
      std::min(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(refresh_time_max)));
  const std::array<http::field_line, 1> fields{{{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}}};
  auto answer = call.send({http::method::post, target, fields, form, {}, true});
  if (!answer) {
    std::string why = answer.error().text;
    hide(why, secret);
    return unavailable("the role " + role.role_arn + " cannot be assumed: " + why);
  }
  auto found = read_credentials(answer->body);
  if (!found) return unavailable("STS answers without credentials for the role " + role.role_arn);
  return *std::move(found);
}

result<credentials> token_service::assume_role(const role_request& role, const credentials& source) const {
  return request(form_of("AssumeRole", role, clock_), role, &source, source.secret_access_key);
}

result<credentials> token_service::assume_role_with_web_identity(const role_request& role,
                                                                 std::string_view token) const {
  std::string form = form_of("AssumeRoleWithWebIdentity", role, clock_);
  append_parameter(form, "WebIdentityToken", token);
  return request(std::move(form), role, nullptr, token);
}

}  // namespace spaces::aws
