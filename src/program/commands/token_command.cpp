#include "app/deployment_keys.hpp"
#include "app/open_identity.hpp"
#include "app/open_table.hpp"
#include "marketplace/roles/user_type.hpp"
#include "platform/identity/local/local_sessions.hpp"
#include "program/commands/operating.hpp"

#include <fmt/core.h>

namespace spaces::app {

namespace {

struct token_options {
  std::string user;  ///< UUID; empty: a new one
  std::string type = "seller";
  bool unverified = false;
  std::int64_t minutes = 30;
  bool json = false;
};

int run_token(const configuration& settings, const token_options& options, operator_action& action) {
  const system_clock clock;
  caller who;
  who.id = make_uuid_v7(clock.now());
  if (!options.user.empty()) {
    const auto id = read_uuid("--user", options.user);
    if (!id) return fail(id.error(), exit_status::wrong_usage);
    who.id = *id;
  }
  who.role = role_of(parse_user_type(options.type).value_or(user_type::buyer));
  who.verified = !options.unverified;
  const auto table = open_table(settings, table_use::changing, clock);
  if (!table) return fail(table.error());
  auto keys = deployment_keys(settings, clock.now());
  if (!keys) return fail(keys.error().public_text);
  identity::local_identity people(identity::signing_keys(*std::move(keys)), scope_of(settings));
  const command_log log;
  identity::local_sessions sessions(*table->table, clock, people, log_session_ends(log.events()));
  // Who holds the token is that person to everybody.
  const audit::entry entry = action.begin_audited(spaces::to_text(who.id), std::nullopt, clock.now());
  const auto opened =
      sessions.open_for(who, {"spaces token", ""}, {audit::put_entry(entry)}, std::chrono::minutes(options.minutes));
  if (!opened) return fail(opened.error());
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

}  // namespace

void add_token(command_group& to) {
  auto [words, options] = to.add_acting("token", "Print an access token for a user of this deployment",
                                        {table_settings, key_settings, token_settings}, run_token);
  words.add_option("--user", options.user, "The user's UUID; a new one unless given")->type_name("UUID");
  words.add_option("--type", options.type, "What the user is")
      ->check(CLI::IsMember({"buyer", "seller", "agent"}))
      ->capture_default_str();
  words.add_flag("--unverified", options.unverified, "The user's e-mail address is not confirmed");
  words.add_option("--minutes", options.minutes, "How long it is good for")
      ->check(CLI::Range(1, 1440))
      ->capture_default_str();
  add_json(words, options.json);
}

}  // namespace spaces::app
