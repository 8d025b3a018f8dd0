#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/signing.hpp"

#include <fmt/core.h>

#include <filesystem>

namespace spaces::app {

int run_token(const setting_flags& flags, const token_options& options) {
  const auto settings = read_configuration(flags);
  if (!settings) return fail(settings.error().public_text, exit_status::wrong_usage);
  const system_clock clock;
  caller who;
  who.id = make_uuid_v7(clock.now());
  if (!options.user.empty()) {
    const auto id = parse_uuid(options.user);
    if (!id || id->is_nil())
      return fail(fmt::format("--user is '{}', which is not a UUID of 36 characters.", options.user),
                  exit_status::wrong_usage);
    who.id = *id;
  }
  who.type = parse_user_type(options.type).value_or(user_type::buyer);
  who.verified = !options.unverified;
  if (settings->jwt_key.empty() && settings->jwt_keys.empty() && !std::filesystem::is_directory(settings->data))
    return fail(fmt::format("There is no store in '{}' whose key could sign; name it with --data.", settings->data));
  auto had = deployment_keys(*settings, clock.now());
  if (!had) return fail(had.error().public_text);
  const signing_keys keys(*std::move(had));
  const access_tokens tokens(keys, scope_of(*settings));
  const std::string token =
      tokens.mint(who, make_uuid_v7(clock.now()), std::chrono::minutes(options.minutes), clock.now());
  if (!options.json) {
    fmt::print("{}\n", token);
    return exit_status::success;
  }
  fmt::print(
      "{{\"access_token\":\"{}\",\"token_type\":\"Bearer\",\"expires_in\":{},\"user\":\"{}\",\"userType\":\"{}\"}}\n",
      token, options.minutes * 60, to_text(who.id), to_text(who.type));
  return exit_status::success;
}

}  // namespace spaces::app
