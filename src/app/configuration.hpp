/// What an operator may set: environment variables, most of them also flags of `spaces serve`. Each room has its own
/// (X/settings.hpp); here they are put together, for flags, help and checks.
#pragma once

#include "marketplace/accounts/settings.hpp"
#include "marketplace/images/settings.hpp"
#include "marketplace/properties/settings.hpp"
#include "platform/base/error.hpp"
#include "platform/bucket/settings.hpp"
#include "platform/http/settings.hpp"
#include "platform/identity/settings.hpp"
#include "platform/jobs/settings.hpp"
#include "platform/mail/settings.hpp"
#include "platform/net/lambda/settings.hpp"
#include "platform/net/server/settings.hpp"
#include "platform/picture/settings.hpp"
#include "platform/table/settings.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace spaces::app {

enum class environment_kind { development, staging, production };
std::string_view to_text(environment_kind environment);

struct configuration {
  environment_kind environment = environment_kind::development;
  table::settings table;
  bucket::settings bucket;
  picture::settings pictures;
  net::server_settings server;
  net::lambda_settings lambda;
  http::settings http;
  identity::identity_settings identity;
  jobs::settings jobs;
  mail::settings mail;
  accounts::settings accounts;
  properties::settings listings;
  images::settings images;

  bool production() const { return environment == environment_kind::production; }
};

/// A setting of any room.
struct setting {
  std::string_view variable;
  std::string_view flag;
  std::string_view initial;
  std::string_view allowed;
  std::string_view doc;
  bool secret = false;  ///< by environment only, and never repeated in a message
  std::function<bool(configuration& into, std::string_view text)> read;
};
std::span<const setting> settings();

/// The variable's value from the process environment; empty when it is not set.
std::string from_environment(const setting& which);

/// Reads flags (by variable name; they win) and the environment. An error's public text is one sentence
/// that names the variable, the value and what is allowed.
result<configuration> read_configuration(const std::map<std::string, std::string>& flags);

/// What is known of the keys that sign tokens.
struct key_facts {
  bool rs256 = false;
  bool generated = false;
};
/// The rule of production, for what `spaces serve` is about to do: an error says what is not safe, in one sentence.
result<void> validate_for_production(const configuration& settings, const key_facts& key);

}  // namespace spaces::app
