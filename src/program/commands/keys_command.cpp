#include "app/signing.hpp"
#include "program/commands/command_line.hpp"
#include "program/commands/commands.hpp"

#include <fmt/core.h>

namespace spaces::app {

namespace {

std::string_view state_of(const kept_key& key, const std::string& signing, instant now) {
  if (key.key->kid() == signing) return "signs";
  return key.signs_from > now ? "waits" : "accepted";
}

}  // namespace

int run_keys_generate(const setting_flags& flags, const keys_options& options) {
  const auto settings = read_configuration(flags);
  if (!settings) return fail(settings.error().public_text, exit_status::wrong_usage);
  const std::filesystem::path folder = key_folder_of(*settings);
  std::error_code failed;
  // The folder of keys is made by whoever makes a key; those above it here, as for a store.
  if (folder.has_parent_path()) std::filesystem::create_directories(folder.parent_path(), failed);
  if (failed) return fail(fmt::format("'{}' cannot be made: {}.", folder.parent_path().string(), failed.message()));
  const system_clock clock;
  const auto made = generate_kept_key(folder, clock.now() + std::chrono::hours(options.delay_hours));
  if (!made) return fail(sentence_of(made.error()));
  if (options.json)
    fmt::print("{{\"kid\":\"{}\",\"signsFrom\":\"{}\"}}\n", made->key->kid(), spaces::to_text(made->signs_from));
  else
    fmt::print("{}  signs from {}  {}\n", made->key->kid(), spaces::to_text(made->signs_from), made->file.string());
  return exit_status::success;
}

int run_keys_list(const setting_flags& flags, const keys_options& options) {
  const auto settings = read_configuration(flags);
  if (!settings) return fail(settings.error().public_text, exit_status::wrong_usage);
  const auto kept = read_key_folder(key_folder_of(*settings));
  if (!kept) return fail(sentence_of(kept.error()));
  const system_clock clock;
  const instant now = clock.now();
  const auto ordered = keys_at(*kept, now);
  const std::string signing = ordered.empty() ? "" : ordered.front()->kid();
  std::string json;
  for (const kept_key& one : *kept) {
    const std::string_view state = state_of(one, signing, now);
    if (options.json)
      json += fmt::format("{}{{\"kid\":\"{}\",\"signsFrom\":\"{}\",\"state\":\"{}\"}}", json.empty() ? "" : ",",
                          one.key->kid(), spaces::to_text(one.signs_from), state);
    else
      fmt::print("{}  {:<8}  signs from {}\n", one.key->kid(), state, spaces::to_text(one.signs_from));
  }
  if (options.json) fmt::print("{{\"keys\":[{}]}}\n", json);
  if (kept->empty() && !options.json)
    fmt::print("There are no keys in '{}'; spaces keys generate makes one.\n", key_folder_of(*settings).string());
  return exit_status::success;
}

int run_keys_retire(const setting_flags& flags, const keys_options& options) {
  const auto settings = read_configuration(flags);
  if (!settings) return fail(settings.error().public_text, exit_status::wrong_usage);
  const auto retired = retire_kept_key(key_folder_of(*settings), options.kid);
  if (!retired) return fail(sentence_of(retired.error()));
  fmt::print("{} is retired: what it signed is refused within seconds.\n", options.kid);
  return exit_status::success;
}

}  // namespace spaces::app
