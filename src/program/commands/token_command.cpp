#include "app/open_table.hpp"
#include "app/signing.hpp"
#include "marketplace/roles/user_type.hpp"
#include "platform/identity/local/local_sessions.hpp"
#include "program/commands/command_line.hpp"
#include "program/commands/commands.hpp"

#include <fmt/core.h>

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
  who.role = role_of(parse_user_type(options.type).value_or(user_type::buyer));
  who.verified = !options.unverified;
  const auto table = open_table(*settings, table_use::changing, clock);
  if (!table) return fail(sentence_of(table.error()));
  auto keys = deployment_keys(*settings, clock.now());
  if (!keys) return fail(keys.error().public_text);
  local_identity people(signing_keys(*std::move(keys)), scope_of(*settings));
  local_sessions sessions(*table->table, clock, people);
  const auto opened = sessions.open_for(who, {"spaces token", ""}, {}, std::chrono::minutes(options.minutes));
  if (!opened) return fail(sentence_of(opened.error()));
  const std::string& token = opened->access_token;
  if (!options.json) {
    fmt::print("{}\n", token);
    return exit_status::success;
  }
  fmt::print(
      "{{\"access_token\":\"{}\",\"refresh_token\":\"{}\",\"token_type\":\"Bearer\",\"expires_in\":{},\"user\":\"{}\","
      "\"userType\":\"{}\"}}\n",
      token, opened->refresh_token, options.minutes * 60, to_text(who.id), to_text(type_of(who)));
  return exit_status::success;
}

}  // namespace spaces::app
