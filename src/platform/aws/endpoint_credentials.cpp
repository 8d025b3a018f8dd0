#include "platform/aws/credential_sources.hpp"
#include "platform/aws/limits.hpp"
#include "platform/aws/url.hpp"
#include "platform/base/deadline.hpp"
#include "platform/base/text.hpp"
#include "platform/record/json.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace spaces::aws {
namespace {

using std::chrono::steady_clock;

/// The document that containers and machines give: AccessKeyId, SecretAccessKey, Token, Expiration.
result<std::optional<credentials>> read_document(std::string_view place, const std::string& body) {
  const auto document = record::parse_json(body);
  const auto text = [&](std::string_view name) {
    const record::json_value* const found = document ? document->find(name) : nullptr;
    return found != nullptr && found->kind == record::json_kind::string ? found->text : std::string();
  };
  // The body itself holds secrets and is not repeated.
  credentials found{text("AccessKeyId"), text("SecretAccessKey"), text("Token"), parse_instant(text("Expiration"))};
  if (found.access_key_id.empty() || found.secret_access_key.empty()) {
    const std::string code = text("Code");
    return unavailable(std::string(place) + " gives no credentials" + (code.empty() ? "" : ": " + code));
  }
  return std::optional(std::move(found));
}

/// The few requests of one refresh, with one deadline for all.
class metadata_requests {
 public:
  metadata_requests(http::client& client, std::string_view place)
      : client_(client),
        place_(place),
        deadline_(std::min(current_deadline(refresh_time_max), steady_clock::now() + refresh_time_max)) {}

  result<std::string> send(http::method verb, const std::string& origin, const std::string& target,
                           std::initializer_list<http::field_line> fields) {
    http::client_request outgoing;
    outgoing.verb = verb;
    outgoing.origin = origin;
    outgoing.target = target;
    outgoing.fields = {fields.begin(), fields.size()};
    outgoing.deadline = deadline_;
    outgoing.silence_max = metadata_silence_max;
    outgoing.repeatable = true;
    auto answer = client_.send(outgoing);
    if (!answer) return unavailable(std::string(place_) + " does not answer: " + answer.error().text);
    if (answer->status != 200) return unavailable(std::string(place_) + " answers " + std::to_string(answer->status));
    return std::move(answer->body);
  }

 private:
  http::client& client_;
  std::string_view place_;
  steady_clock::time_point deadline_;
};

class from_container final : public credentials_source {
 public:
  from_container(variables environment, http::client& client) : environment_(std::move(environment)), client_(client) {}

  result<std::optional<credentials>> load() override {
    const std::string relative = environment_("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const std::string full =
        relative.empty() ? environment_("AWS_CONTAINER_CREDENTIALS_FULL_URI") : "http://169.254.170.2" + relative;
    if (full.empty()) return std::optional<credentials>();
    // Anything else would go on with the name or the number of the host.
    if (!relative.empty() && relative.front() != '/')
      return unavailable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must begin with a slash");
    const auto where = parse_url(full);
    if (!where || !may_ask_for_credentials(full)) {
      return unavailable(
          "AWS_CONTAINER_CREDENTIALS_FULL_URI must be https, or http to a loopback address, 169.254.170.2, "
          "169.254.170.23 or [fd00:ec2::23]");
    }
    const auto token = authorization();
    if (!token) return token.error();
    metadata_requests container(client_, "the container's credentials endpoint");
    const std::string target = where->path.empty() ? "/" : where->path;
    const http::field_line accept{"Accept", "application/json"};
    const auto body =
        token->empty() ? container.send(http::method::get, where->origin, target, {accept})
                       : container.send(http::method::get, where->origin, target, {accept, {"Authorization", *token}});
    if (!body) return body.error();
    return read_document("the container's credentials endpoint", *body);
  }

 private:
  /// The file is read each time: EKS replaces it.
  result<std::string> authorization() const {
    std::string token = environment_("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (const std::string path = environment_("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !path.empty()) {
      std::ifstream file(path, std::ios::binary);
      if (!file) return unavailable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read");
      token.assign(std::istreambuf_iterator<char>(file), {});
      while (token.ends_with('\n') || token.ends_with('\r')) token.pop_back();
    }
    if (has_control(token, false)) return unavailable("the container's authorization token has a line break in it");
    return token;
  }

  const variables environment_;
  http::client& client_;
};

class from_machine final : public credentials_source {
 public:
  from_machine(variables environment, http::client& client) : environment_(std::move(environment)), client_(client) {}

  result<std::optional<credentials>> load() override {
    if (lower_ascii(environment_("AWS_EC2_METADATA_DISABLED")) == "true") return std::optional<credentials>();
    std::string endpoint = environment_("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    if (endpoint.empty()) {
      const bool v6 = lower_ascii(environment_("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")) == "ipv6";
      endpoint = v6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
    }
    while (endpoint.ends_with('/')) endpoint.pop_back();
    const auto where = parse_url(endpoint);
    if (!where) return unavailable("AWS_EC2_METADATA_SERVICE_ENDPOINT is not an http URL");
    metadata_requests machine(client_, "the machine's metadata endpoint");
    const auto token = machine.send(http::method::put, where->origin, where->path + "/latest/api/token",
                                    {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}});
    if (!token)
      return unavailable("no AWS credentials in the environment or the profile, and " + token.error().private_text);
    if (has_control(*token, false)) return unavailable("the machine's metadata token is none");
    const http::field_line proof{"X-aws-ec2-metadata-token", *token};
    const std::string roles = where->path + "/latest/meta-data/iam/security-credentials/";
    const auto names = machine.send(http::method::get, where->origin, roles, {proof});
    if (!names) return names.error();
    const std::string role = names->substr(0, names->find_first_of("\r\n"));
    if (role.empty()) return unavailable("this machine has no role");
    const auto body = machine.send(http::method::get, where->origin, roles + percent_encode(role), {proof});
    if (!body) return body.error();
    return read_document("the machine's metadata endpoint", *body);
  }

 private:
  const variables environment_;
  http::client& client_;
};

}  // namespace

std::unique_ptr<credentials_source> container_credentials(variables environment, http::client& client) {
  return std::make_unique<from_container>(std::move(environment), client);
}

std::unique_ptr<credentials_source> machine_credentials(variables environment, http::client& client) {
  return std::make_unique<from_machine>(std::move(environment), client);
}

}  // namespace spaces::aws
