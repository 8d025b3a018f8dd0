/// The deployment's signing keys: where they come from.
#pragma once

#include "app/configuration.hpp"
#include "platform/base/clock.hpp"
#include "platform/identity/local/key_folder.hpp"

#include <filesystem>
#include <vector>

namespace spaces::app {

/// Where `spaces keys` keeps them.
std::filesystem::path key_folder_of(const configuration& settings);

/// The keys that there are, the one that signs first: JWT_SECRET_KEY alone where it is set, else those of the
/// folder. Errors' public texts are sentences for the operator, here and below.
result<std::vector<identity::shared_key>> known_keys(const configuration& settings, instant now);
/// Where there are none: the one that is made and kept in the data folder.
result<std::vector<identity::shared_key>> made_keys(const configuration& settings);
/// The first, else the second.
result<std::vector<identity::shared_key>> deployment_keys(const configuration& settings, instant now);

/// What a start in production asks about the known ones.
key_facts facts_of(const std::vector<identity::shared_key>& known);

}  // namespace spaces::app
