#include "platform/aws/credential_sources.hpp"
#include "platform/aws/limits.hpp"
#include "platform/aws/process_credentials.hpp"
#include "platform/base/deadline.hpp"
#include "platform/base/text.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace spaces::aws {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Kubernetes replaces the file, so it is read each time.
result<std::string> read_identity_token(const std::string& path, std::string_view named_by) {
  std::ifstream file(path, std::ios::binary);
  std::string token;
  if (file) token.assign(std::istreambuf_iterator<char>(file), {});
  if (!file) return unavailable(std::string(named_by) + " names the file " + path + ", which cannot be read");
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r' || token.back() == ' ')) token.pop_back();
  if (token.empty() || token.size() > identity_token_bytes_max || has_control(token, false))
    return unavailable(std::string(named_by) + " names the file " + path + ", which holds no token: 1 to " +
                       std::to_string(identity_token_bytes_max) + " characters on one line");
  return token;
}

class from_web_identity final : public credentials_source {
 public:
  from_web_identity(variables environment, const token_service& roles)
      : environment_(std::move(environment)), roles_(roles) {}

  result<std::optional<credentials>> load() override {
    const std::string file = environment_("AWS_WEB_IDENTITY_TOKEN_FILE");
    const std::string role = environment_("AWS_ROLE_ARN");
    if (file.empty()) return std::optional<credentials>();
    if (role.empty())
      return unavailable("AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN, the role to assume with it, is not");
    const auto token = read_identity_token(file, "AWS_WEB_IDENTITY_TOKEN_FILE");
    if (!token) return token.error();
    auto found = roles_.assume_role_with_web_identity({role, environment_("AWS_ROLE_SESSION_NAME")}, *token);
    if (!found) return found.error();
    return std::optional(*std::move(found));
  }

 private:
  const variables environment_;
  const token_service& roles_;
};

class from_profile final : public credentials_source {
 public:
  from_profile(variables environment, http::client& client, const token_service& roles)
      : environment_(std::move(environment)), client_(client), roles_(roles) {}

  result<std::optional<credentials>> load() override {
    const auto chosen = profile::read(environment_);
    if (!chosen) return unavailable(chosen.error().problems.front().detail);
    std::vector<std::string> passed;
    return load(*chosen, passed);
  }

 private:
  result<std::optional<credentials>> load(const profile& from, std::vector<std::string>& passed);
  result<std::optional<credentials>> own_keys(const profile& from) const;
  result<credentials> assumed(const profile& from, std::vector<std::string>& passed);
  result<credentials> of_source_profile(const profile& from, std::vector<std::string>& passed);
  result<credentials> of_place(const profile& from, const std::string& place);

  const variables environment_;
  http::client& client_;
  const token_service& roles_;
};

std::string called(const profile& from) { return "the profile \"" + from.name() + '"'; }

/// What this program cannot do is said rather than passed over, even where keys stand beside it.
std::optional<error> unsupported(const profile& from) {
  constexpr std::pair<std::string_view, std::string_view> others[] = {
      {"sso_session", "single sign-on"},
      {"sso_start_url", "single sign-on"},
      {"login_session", "a console's login"},
      {"mfa_serial", "a code of somebody's device"},
  };
  for (const auto& [key, what] : others) {
    if (from.value(key).empty()) continue;
    return unavailable(called(from) + " gets its credentials by " + std::string(key) + " (" + std::string(what) +
                       "), which is not supported: put keys into it, a role with source_profile, or "
                       "credential_process");
  }
  return std::nullopt;
}

result<std::optional<credentials>> from_profile::own_keys(const profile& from) const {
  credentials found{from.value("aws_access_key_id"), from.value("aws_secret_access_key"),
                    from.value("aws_session_token"), std::nullopt};
  if (found.access_key_id.empty() && found.secret_access_key.empty()) return std::optional<credentials>();
  if (found.access_key_id.empty() || found.secret_access_key.empty())
    return unavailable(called(from) + " has one of aws_access_key_id and aws_secret_access_key without the other");
  return std::optional(std::move(found));
}

/// A role comes before keys, as in AWS's tools: the keys of such a profile may be what the role is assumed with.
result<std::optional<credentials>> from_profile::load(const profile& from, std::vector<std::string>& passed) {
  if (auto why = unsupported(from)) return *std::move(why);
  if (!from.value("role_arn").empty()) {
    auto found = assumed(from, passed);
    if (!found) return found.error();
    return std::optional(*std::move(found));
  }
  for (const std::string_view key : {"source_profile", "credential_source", "web_identity_token_file"}) {
    if (!from.value(key).empty())
      return unavailable(called(from) + " has " + std::string(key) + " and no role_arn, the role to assume with it");
  }
  auto keys = own_keys(from);
  if (!keys || *keys) return keys;
  const std::string command = from.value("credential_process");
  if (command.empty()) return std::optional<credentials>();
  const auto left = std::chrono::ceil<milliseconds>(current_deadline(process_time_max) - steady_clock::now());
  auto printed = run_credential_process(command, std::min<milliseconds>(left, process_time_max));
  if (!printed) return unavailable(called(from) + ": " + printed.error().private_text);
  return std::optional(*std::move(printed));
}

result<credentials> from_profile::assumed(const profile& from, std::vector<std::string>& passed) {
  const role_request role{from.value("role_arn"), from.value("role_session_name"), from.value("external_id"),
                          from.value("duration_seconds")};
  const std::string token_file = from.value("web_identity_token_file");
  const std::string place = from.value("credential_source");
  const std::string source = from.value("source_profile");
  const int named = int{!token_file.empty()} + int{!place.empty()} + int{!source.empty()};
  if (named != 1) {
    return unavailable(called(from) + " has role_arn with " + (named == 0 ? "none" : "several") +
                       " of source_profile, credential_source and web_identity_token_file: name the one whose "
                       "credentials assume the role (source_profile may be the profile itself)");
  }
  if (!token_file.empty()) {
    const auto token = read_identity_token(token_file, "web_identity_token_file");
    if (!token) return token.error();
    return roles_.assume_role_with_web_identity(role, *token);
  }
  const auto by = source.empty() ? of_place(from, place) : of_source_profile(from, passed);
  if (!by) return by.error();
  return roles_.assume_role(role, *by);
}

result<credentials> from_profile::of_source_profile(const profile& from, std::vector<std::string>& passed) {
  const std::string source = from.value("source_profile");
  const auto none = [&] {
    return unavailable("the profile \"" + source + "\", the source_profile of " + called(from) +
                       ", has no credentials");
  };
  if (source == from.name()) {
    const auto keys = own_keys(from);
    if (!keys) return keys.error();
    if (!*keys) return none();
    return **keys;
  }
  passed.push_back(from.name());
  if (std::ranges::find(passed, source) != passed.end() || passed.size() > profile_chain_max)
    return unavailable("the source_profile of " + called(from) + " leads back to \"" + source + "\" or never ends");
  const auto found = profile::read(environment_, source);
  if (!found)
    return unavailable("the profile \"" + source + "\", the source_profile of " + called(from) + ", is not there");
  auto loaded = load(*found, passed);
  if (!loaded) return loaded.error();
  if (!*loaded) return none();
  return **std::move(loaded);
}

result<credentials> from_profile::of_place(const profile& from, const std::string& place) {
  std::unique_ptr<credentials_source> source;
  if (place == "Environment") source = environment_credentials(environment_);
  if (place == "EcsContainer") source = container_credentials(environment_, client_);
  if (place == "Ec2InstanceMetadata") source = machine_credentials(environment_, client_);
  if (!source)
    return unavailable("credential_source of " + called(from) + " is \"" + place +
                       "\"; it may be Environment, EcsContainer or Ec2InstanceMetadata");
  auto found = source->load();
  if (!found) return found.error();
  if (!*found) return unavailable(called(from) + " takes its credentials from " + place + ", where there are none");
  return **std::move(found);
}

}  // namespace

std::unique_ptr<credentials_source> web_identity_credentials(variables environment, const token_service& roles) {
  return std::make_unique<from_web_identity>(std::move(environment), roles);
}

std::unique_ptr<credentials_source> profile_credentials(variables environment, http::client& client,
                                                        const token_service& roles) {
  return std::make_unique<from_profile>(std::move(environment), client, roles);
}

}  // namespace spaces::aws
