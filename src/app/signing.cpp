#include "app/signing.hpp"

#include "marketplace/roles/user_type.hpp"
#include "platform/identity/local/key_file.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace spaces::app {

namespace {

/// A key that went is refused everywhere within so long.
constexpr std::chrono::seconds look_interval{1};

/// The key that JWT_SECRET_KEY holds; an error names the variable.
result<signing_key> given_key(const configuration& settings) {
  auto key = signing_key::from_text(settings.jwt_key);
  if (!key) return malformed("JWT_SECRET_KEY is not allowed: " + key.error().public_text + '.');
  return key;
}

result<std::vector<shared_key>> only(result<signing_key> key) {
  if (!key) return key.error();
  return std::vector<shared_key>{std::make_shared<const signing_key>(*std::move(key))};
}

}  // namespace

std::filesystem::path key_folder_of(const configuration& settings) {
  if (!settings.jwt_keys.empty()) return settings.jwt_keys;
  return std::filesystem::path(settings.data) / key_folder_name;
}

result<std::vector<shared_key>> known_keys(const configuration& settings, instant now) {
  if (!settings.jwt_key.empty()) return only(given_key(settings));
  const auto kept = read_key_folder(key_folder_of(settings));
  if (!kept) return kept.error();
  if (kept->empty()) return std::vector<shared_key>{};
  return keys_at(*kept, now);
}

result<std::vector<shared_key>> made_keys(const configuration& settings) {
  if (!settings.jwt_keys.empty())
    return malformed("SPACES_JWT_KEYS is '" + settings.jwt_keys +
                     "', and there are no keys: make one with spaces keys generate.");
  // The embedded store has made the folder; nobody has where the table is elsewhere. What cannot be made is told
  // when the key is written.
  std::error_code ignored;
  if (std::filesystem::create_directories(settings.data, ignored))
    std::filesystem::permissions(settings.data, std::filesystem::perms::owner_all, ignored);
  return only(load_or_create_key(settings.data));
}

result<std::vector<shared_key>> deployment_keys(const configuration& settings, instant now) {
  auto known = known_keys(settings, now);
  if (!known || !known->empty()) return known;
  return made_keys(settings);
}

key_facts facts_of(const std::vector<shared_key>& known) {
  if (known.empty()) return {.rs256 = false, .generated = true};
  return {.rs256 = known.front()->algorithm() == signature_algorithm::rs256, .generated = false};
}

token_scope scope_of(const configuration& settings) {
  return {settings.issuer, settings.audience, {"userType", user_type_names}};
}

key_watcher::key_watcher(const configuration& settings, const clock& clock, const telemetry::log& log,
                         local_identity& people)
    : clock_(clock), log_(log), people_(people), folder_(key_folder_of(settings)) {
  if (settings.jwt_key.empty()) thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

void key_watcher::watch(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  while (!stop.stop_requested()) {
    look();
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, look_interval, [] { return false; });
  }
}

void key_watcher::look() {
  auto changed = folder_.changed(clock_.now());
  if (!changed) {
    if (!troubled_) log_.write(telemetry::level::error, "signing-keys", {{"detail", changed.error().public_text}});
    troubled_ = true;
    return;
  }
  troubled_ = false;
  if (!*changed || (*changed)->empty()) return;
  const std::string before = people_.keys().current()->kid();
  const std::size_t count = (*changed)->size();
  people_.use_keys(**std::move(changed));
  const std::string after = people_.keys().current()->kid();
  if (before != after)
    log_.write(telemetry::level::info, "signing-keys", {{"signs", after}, {"accepted", std::to_string(count)}});
}

}  // namespace spaces::app
