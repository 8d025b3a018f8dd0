/// The deployment's signing keys: where they come from, and that they may change while it serves.
#pragma once

#include "app/configuration.hpp"
#include "platform/base/clock.hpp"
#include "platform/identity/local/key_folder.hpp"
#include "platform/identity/local/local_identity.hpp"
#include "platform/telemetry/log.hpp"

#include <filesystem>
#include <thread>

namespace spaces::app {

/// Where `spaces keys` keeps them.
std::filesystem::path key_folder_of(const configuration& settings);

/// The keys that there are, the one that signs first: JWT_SECRET_KEY alone where it is set, else those of the
/// folder. Errors' public texts are sentences for the operator, here and below.
result<std::vector<shared_key>> known_keys(const configuration& settings, instant now);
/// Where there are none: the one that is made and kept in the data folder.
result<std::vector<shared_key>> made_keys(const configuration& settings);
/// The first, else the second.
result<std::vector<shared_key>> deployment_keys(const configuration& settings, instant now);

/// What a start in production asks about the known ones.
key_facts facts_of(const std::vector<shared_key>& known);

/// Issuer and audience of our tokens.
token_scope scope_of(const configuration& settings);

/// A thread that looks every second whether the folder's keys changed, and has the identity use them. Where
/// JWT_SECRET_KEY is set, there is nothing to look at. A folder that cannot be read, or is empty, leaves the
/// keys as they were, and the log says so once.
class key_watcher {
 public:
  key_watcher(const configuration& settings, const clock& clock, const telemetry::log& log, local_identity& people);
  key_watcher(const key_watcher&) = delete;
  key_watcher& operator=(const key_watcher&) = delete;
  ~key_watcher() = default;

 private:
  void watch(const std::stop_token& stop);
  void look();

  const clock& clock_;
  const telemetry::log& log_;
  local_identity& people_;
  key_folder_watch folder_;
  bool troubled_ = false;
  std::jthread thread_;
};

}  // namespace spaces::app
