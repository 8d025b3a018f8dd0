#include "platform/aws/credential_sources.hpp"

#include "platform/aws/url.hpp"

namespace spaces::aws {
namespace {

class from_environment final : public credentials_source {
 public:
  explicit from_environment(variables environment) : environment_(std::move(environment)) {}

  result<std::optional<credentials>> load() override {
    credentials found{environment_("AWS_ACCESS_KEY_ID"), environment_("AWS_SECRET_ACCESS_KEY"),
                      environment_("AWS_SESSION_TOKEN"), std::nullopt};
    if (found.access_key_id.empty() && found.secret_access_key.empty()) return std::optional<credentials>();
    if (found.access_key_id.empty() || found.secret_access_key.empty())
      return unavailable("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set");
    return std::optional(std::move(found));
  }

 private:
  const variables environment_;
};

class from_places final : public credentials_source {
 public:
  explicit from_places(std::vector<std::unique_ptr<credentials_source>> places) : places_(std::move(places)) {}

  result<std::optional<credentials>> load() override {
    for (const auto& place : places_) {
      auto found = place->load();
      if (!found || *found) return found;
    }
    return std::optional<credentials>();
  }

 private:
  const std::vector<std::unique_ptr<credentials_source>> places_;
};

}  // namespace

std::unique_ptr<credentials_source> environment_credentials(variables environment) {
  return std::make_unique<from_environment>(std::move(environment));
}

std::unique_ptr<credentials_source> first_of(std::vector<std::unique_ptr<credentials_source>> places) {
  return std::make_unique<from_places>(std::move(places));
}

bool may_ask_for_credentials(std::string_view text) {
  const auto where = parse_url(text);
  if (!where) return false;
  if (where->tls) return true;
  const std::string_view host = where->host;
  if (host.starts_with("127.") && is_ipv4(host)) return true;
  for (const std::string_view allowed : {"localhost", "[::1]", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"})
    if (host == allowed) return true;
  return false;
}

}  // namespace spaces::aws
