#include "app/configuration.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <vector>

namespace spaces::app {

namespace {

constexpr setting_row<configuration> own_rows[] = {
    {"ENVIRONMENT", "--environment", "development", "development, staging, production",
     "What this deployment is for; production refuses unsafe settings", false,
     [](configuration& into, std::string_view text) {
       return setting_value::read_choice(into.environment, text, {"development", "staging", "production"});
     }},
};

template <class Row>
setting described(const Row& row) {
  return {row.variable, row.flag, row.initial, row.allowed, row.doc, row.secret, {}};
}

template <class Room>
void append(std::vector<setting>& to, std::span<const setting_row<Room>> rows, Room configuration::* room) {
  for (const setting_row<Room>& row : rows) {
    to.push_back(described(row));
    to.back().read = [read = row.read, room](configuration& into, std::string_view text) {
      return read(into.*room, text);
    };
  }
}

/// In the order in which help shows them.
std::vector<setting> put_together() {
  std::vector<setting> all;
  for (const auto& row : own_rows) {
    all.push_back(described(row));
    all.back().read = row.read;
  }
  append<net::server_settings>(all, net::server_setting_rows, &configuration::server);
  append<table::settings>(all, table::setting_rows, &configuration::table);
  append<bucket::settings>(all, bucket::setting_rows, &configuration::bucket);
  append<picture::settings>(all, picture::setting_rows, &configuration::pictures);
  append<properties::settings>(all, properties::setting_rows, &configuration::listings);
  append<images::settings>(all, images::setting_rows, &configuration::images);
  append<http::settings>(all, http::setting_rows, &configuration::http);
  append<mail::settings>(all, mail::setting_rows, &configuration::mail);
  append<jobs::settings>(all, jobs::setting_rows, &configuration::jobs);
  append<identity::identity_settings>(all, identity::identity_setting_rows, &configuration::identity);
  append<accounts::settings>(all, accounts::setting_rows, &configuration::accounts);
  append<net::lambda_settings>(all, net::lambda_setting_rows, &configuration::lambda);
  return all;
}

result<void> validate_keys(const key_facts& key) {
  if (key.generated)
    return malformed(
        "ENVIRONMENT=production needs a key of its own: run spaces keys generate, or set JWT_SECRET_KEY to an RSA "
        "private key of 3072 bits or more in PEM.");
  if (!key.rs256)
    return malformed(
        "ENVIRONMENT=production signs tokens with RS256 only: JWT_SECRET_KEY is a shared secret, give it an RSA "
        "private key in PEM.");
  return {};
}

}  // namespace

std::string_view to_text(environment_kind environment) {
  switch (environment) {
    case environment_kind::development: return "development";
    case environment_kind::staging: return "staging";
    case environment_kind::production: return "production";
  }
  return "";
}

std::span<const setting> settings() {
  static const std::vector<setting> all = put_together();
  return all;
}

std::string from_environment(const setting& which) {
  const char* text = std::getenv(std::string(which.variable).c_str());  // NOLINT(concurrency-mt-unsafe): before threads
  return text ? text : "";
}

result<configuration> read_configuration(const std::map<std::string, std::string>& flags) {
  configuration read;
  for (const setting& s : settings()) {
    const auto flag = flags.find(std::string(s.variable));
    const bool by_flag = flag != flags.end();
    const std::string text = by_flag ? flag->second : from_environment(s);
    if ((text.empty() && !by_flag) || s.read(read, text)) continue;
    const std::string value = s.secret ? "" : fmt::format(" is '{}', which", text);
    return malformed(fmt::format("{}{} is not allowed: it takes {}.",
                                 by_flag ? fmt::format("{} ({})", s.flag, s.variable) : std::string(s.variable), value,
                                 s.allowed));
  }
  if (const result<void> valid = net::validate(read.server); !valid) return valid.error();
  return read;
}

result<void> validate_for_production(const configuration& settings, const key_facts& key) {
  if (!settings.production()) return {};
  for (const result<void>& rule :
       {validate_keys(key), http::validate_for_production(settings.http),
        identity::validate_for_production(settings.identity), net::validate_for_production(settings.server),
        mail::validate_for_production(settings.mail)})
    if (!rule) return rule;
  return {};
}

}  // namespace spaces::app
