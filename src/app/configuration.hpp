/// What an operator may set: environment variables, each also a flag of `spaces serve`. The table of
/// settings drives flags, help and checks.
#pragma once

#include "platform/base/error.hpp"
#include "platform/http/cors.hpp"

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::app {

enum class environment_kind { development, staging, production };
std::string_view to_text(environment_kind environment);

/// Where everything is kept.
enum class table_kind { lmdb, dynamodb };

/// How e-mails go out.
enum class mail_kind { log, smtp };

struct configuration {
  environment_kind environment = environment_kind::development;
  std::string data = "spaces-data";
  table_kind table = table_kind::lmdb;
  std::string dynamodb_table;
  std::vector<std::string> listen{"127.0.0.1:8080"};
  std::size_t loops = 0;  ///< 0: one for each core
  bool public_listings = false;
  bool allow_plain_http = false;
  std::string currency = "USD";
  http::cors_policy cors;  ///< of which web pages may call; none unless set
  mail_kind mail = mail_kind::log;
  bool allow_log_mail = false;
  std::string mail_from = "Lifestyle Spaces <no-reply@localhost>";
  std::string public_url = "http://127.0.0.1:8080";  ///< without a slash at its end
  std::string smtp_url;
  std::string smtp_user;
  std::string smtp_password;
  std::string smtp_ca;
  std::chrono::seconds job_lease{60};
  std::vector<std::string> origin_secrets;  ///< on Lambda: a request carries one of them; none: none is asked for
  bool trust_authorizer = false;            ///< on Lambda: what API Gateway's JWT authorizer read needs no second look
  std::string jwt_key;                      ///< empty: those of the folder
  std::string jwt_keys;                     ///< a folder; empty: "keys" in the data folder
  std::string issuer = "lifestyle-spaces";
  std::string audience = "lifestyle-spaces-api";
  int bcrypt_cost = 12;
  std::size_t trusted_proxies = 0;
  std::size_t address_attempts = 100;
};

/// A setting as people meet it.
struct setting {
  std::string_view variable;
  std::string_view flag;
  std::string_view initial;
  std::string_view allowed;
  std::string_view doc;
  bool secret = false;  ///< by environment only, and never repeated in a message
  bool (*read)(configuration& into, std::string_view text);
};
std::span<const setting> settings();

/// The variable's value from the process environment; empty when it is not set.
std::string from_environment(const setting& which);

/// Reads flags (by variable name; they win) and the environment. An error's public text is one sentence
/// that names the variable, the value and what is allowed.
result<configuration> read_configuration(const std::map<std::string, std::string>& flags);

/// The rule of production, for what `spaces serve` is about to do: one sentence that says what is not
/// safe, or nothing.
struct key_facts {
  bool rs256 = false;
  bool generated = false;
};
std::string unsafe_in_production(const configuration& settings, const key_facts& key);

}  // namespace spaces::app
