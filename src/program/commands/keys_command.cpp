#include "app/deployment_keys.hpp"
#include "program/commands/operating.hpp"

#include <fmt/core.h>

namespace spaces::app {

namespace {

struct generate_options {
  std::int64_t delay_hours = 0;
  bool json = false;
};

struct list_options {
  bool json = false;
};

struct retire_options {
  std::string kid;
};

std::string_view state_of(const identity::kept_key& key, const std::string& signing, instant now) {
  if (key.key->kid() == signing) return "signs";
  return key.signs_from > now ? "waits" : "accepted";
}

int generate(const configuration& settings, const generate_options& options, operator_action& action) {
  const std::filesystem::path folder = key_folder_of(settings);
  std::error_code failed;
  // The folder of keys is made with its first key; those above it here, as for a store.
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), failed);
  if (failed) return fail(fmt::format("'{}' cannot be made: {}.", folder.parent_path().string(), failed.message()));
  const system_clock clock;
  action.begin(folder.string());
  const auto made = identity::generate_kept_key(folder, clock.now() + std::chrono::hours(options.delay_hours));
  if (!made) return fail(made.error());
  action.begin(made->key->kid());
  if (options.json)
    fmt::print("{{\"kid\":\"{}\",\"signsFrom\":\"{}\"}}\n", made->key->kid(), spaces::to_text(made->signs_from));
  else
    fmt::print("{}  signs from {}  {}\n", made->key->kid(), spaces::to_text(made->signs_from), made->file.string());
  return exit_status::success;
}

int list(const configuration& settings, const list_options& options) {
  const auto kept = identity::read_key_folder(key_folder_of(settings));
  if (!kept) return fail(kept.error());
  const system_clock clock;
  const instant now = clock.now();
  const auto ordered = keys_at(*kept, now);
  const std::string signing = ordered.empty() ? "" : ordered.front()->kid();
  std::string json;
  for (const identity::kept_key& one : *kept) {
    const std::string_view state = state_of(one, signing, now);
    if (options.json)
      json += fmt::format("{}{{\"kid\":\"{}\",\"signsFrom\":\"{}\",\"state\":\"{}\"}}", json.empty() ? "" : ",",
                          one.key->kid(), spaces::to_text(one.signs_from), state);
    else
      fmt::print("{}  {:<8}  signs from {}\n", one.key->kid(), state, spaces::to_text(one.signs_from));
  }
  if (options.json) fmt::print("{{\"keys\":[{}]}}\n", json);
  if (kept->empty() && !options.json)
    fmt::print("There are no keys in '{}'; spaces keys generate makes one.\n", key_folder_of(settings).string());
  return exit_status::success;
}

int retire(const configuration& settings, const retire_options& options, operator_action& action) {
  action.begin(options.kid);
  const auto retired = identity::retire_kept_key(key_folder_of(settings), options.kid);
  if (!retired) return fail(retired.error());
  fmt::print("{} is retired: what it signed is refused within seconds.\n", options.kid);
  return exit_status::success;
}

}  // namespace

void add_keys(command_group& to) {
  command_group keys = to.add_group(
      "keys", "Keep the keys that sign access tokens: RSA keys in files of one folder",
      "A server that runs takes a key that came or went within seconds. JWT_SECRET_KEY, where set, signs alone.");
  auto [generating, new_key] =
      keys.add_acting("generate", "Make a key, which signs from now on, or later", {key_settings}, generate);
  generating.add_option("--delay-hours", new_key.delay_hours, "Sign so much later; until then verifiers learn of it")
      ->check(CLI::Range(0, 24 * 30))
      ->capture_default_str();
  add_json(generating, new_key.json);
  auto [listing, shown] = keys.add_showing("list", "Show the keys, the latest first", {key_settings}, list);
  add_json(listing, shown.json);
  auto [retiring, old_key] =
      keys.add_acting("retire", "Remove a key: what it signed is refused from then on", {key_settings}, retire);
  retiring.add_option("kid", old_key.kid, "Its name")->required();
}

}  // namespace spaces::app
