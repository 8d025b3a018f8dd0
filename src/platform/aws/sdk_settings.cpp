#include "platform/aws/sdk_settings.hpp"

#include "platform/aws/iam.hpp"
#include "platform/base/text.hpp"

#include <charconv>
#include <optional>

namespace spaces::aws {

namespace {

/// A value and where it stands.
struct setting {
  std::string name;
  std::string value;
};

/// The variable's, else the profile's; empty where neither says anything.
setting find(const variables& environment, const profile& chosen, std::string_view variable, std::string_view key) {
  if (std::string value = environment(variable); !value.empty()) return {std::string(variable), std::move(value)};
  return {std::string(key) + " of the profile \"" + chosen.name() + '"', chosen.value(key)};
}

error not_allowed(const setting& what, std::string_view allowed) {
  return setting_error(what.name + " is \"" + what.value + "\"; it may be " + std::string(allowed) + '.');
}

result<bool> read_flag(const setting& what) {
  const std::string value = lower_ascii(what.value);
  if (value.empty() || value == "false") return false;
  if (value == "true") return true;
  return not_allowed(what, "true or false");
}

std::optional<int> read_number(std::string_view text) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

error setting_error(std::string sentence) {
  error made;
  made.kind = error_kind::invalid;
  made.public_text = std::move(sentence);
  return made;
}

result<endpoint_place> read_place(const variables& environment, const profile& chosen) {
  endpoint_place place;
  setting region = find(environment, chosen, "AWS_REGION", "region");
  if (const std::string other = environment("AWS_DEFAULT_REGION"); environment("AWS_REGION").empty() && !other.empty())
    region = {"AWS_DEFAULT_REGION", other};
  if (region.value.empty())
    return setting_error("No AWS region is set: AWS_REGION names one, for example eu-central-1.");
  if (!is_region(region.value))
    return setting_error(region.name + " is \"" + region.value + "\", which is no region's name.");
  place.region = region.value;
  const auto fips = read_flag(find(environment, chosen, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"));
  if (!fips) return fips.error();
  const auto dualstack = read_flag(find(environment, chosen, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"));
  if (!dualstack) return dualstack.error();
  place.fips = *fips;
  place.dualstack = *dualstack;
  return place;
}

result<retry_policy> read_retries(const variables& environment, const profile& chosen) {
  retry_policy policy;
  const setting mode = find(environment, chosen, "AWS_RETRY_MODE", "retry_mode");
  const std::string named = lower_ascii(mode.value);
  if (named == "legacy") {
    policy.mode = retry_mode::legacy;
    policy.tries_max = legacy_tries_max;
  } else if (named == "adaptive") {
    policy.mode = retry_mode::adaptive;
  } else if (!named.empty() && named != "standard") {
    return not_allowed(mode, "standard, adaptive or legacy");
  }
  const setting attempts = find(environment, chosen, "AWS_MAX_ATTEMPTS", "max_attempts");
  if (attempts.value.empty()) return policy;
  const auto number = read_number(attempts.value);
  if (!number || *number < 1 || *number > tries_allowed_max)
    return not_allowed(attempts, "a number from 1 to " + std::to_string(tries_allowed_max));
  policy.tries_max = *number;
  return policy;
}

}  // namespace spaces::aws
