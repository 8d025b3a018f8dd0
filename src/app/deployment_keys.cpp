#include "app/deployment_keys.hpp"

#include "platform/identity/local/key_file.hpp"

#include <utility>

namespace spaces::app {

namespace {

/// The key that JWT_SECRET_KEY holds; an error names the variable.
result<identity::signing_key> given_key(const configuration& settings) {
  auto key = identity::signing_key::from_text(settings.identity.jwt_key);
  if (!key) return malformed("JWT_SECRET_KEY is not allowed: " + key.error().public_text + '.');
  return key;
}

result<std::vector<identity::shared_key>> only(result<identity::signing_key> key) {
  if (!key) return key.error();
  return std::vector<identity::shared_key>{std::make_shared<const identity::signing_key>(*std::move(key))};
}

}  // namespace

std::filesystem::path key_folder_of(const configuration& settings) {
  if (!settings.identity.jwt_keys.empty()) return settings.identity.jwt_keys;
  return std::filesystem::path(settings.table.data) / identity::key_folder_name;
}

result<std::vector<identity::shared_key>> known_keys(const configuration& settings, instant now) {
  if (!settings.identity.jwt_key.empty()) return only(given_key(settings));
  const auto kept = identity::read_key_folder(key_folder_of(settings));
  if (!kept) return kept.error();
  if (kept->empty()) return std::vector<identity::shared_key>{};
  return keys_at(*kept, now);
}

result<std::vector<identity::shared_key>> made_keys(const configuration& settings) {
  if (!settings.identity.jwt_keys.empty())
    return malformed("SPACES_JWT_KEYS is '" + settings.identity.jwt_keys +
                     "', and there are no keys: make one with spaces keys generate.");
  // The embedded store has made the folder; nobody has where the table is elsewhere. What cannot be made is told
  // when the key is written.
  std::error_code ignored;
  if (std::filesystem::create_directories(settings.table.data, ignored))
    std::filesystem::permissions(settings.table.data, std::filesystem::perms::owner_all, ignored);
  return only(identity::load_or_create_key(settings.table.data));
}

result<std::vector<identity::shared_key>> deployment_keys(const configuration& settings, instant now) {
  auto known = known_keys(settings, now);
  if (!known || !known->empty()) return known;
  return made_keys(settings);
}

key_facts facts_of(const std::vector<identity::shared_key>& known) {
  if (known.empty()) return {.rs256 = false, .generated = true};
  return {.rs256 = known.front()->algorithm() == identity::signature_algorithm::rs256, .generated = false};
}

}  // namespace spaces::app
