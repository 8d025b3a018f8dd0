#include "app/configuration.hpp"

#include "platform/http/client_address.hpp"
#include "platform/identity/passwords.hpp"
#include "platform/mail/mail.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace spaces::app {

namespace {

bool read_flag(bool& into, std::string_view text) {
  into = text == "true" || text == "1";
  return into || text == "false" || text == "0";
}

bool read_environment(configuration& into, std::string_view text) {
  for (environment_kind kind :
       {environment_kind::development, environment_kind::staging, environment_kind::production}) {
    if (to_text(kind) != text) continue;
    into.environment = kind;
    return true;
  }
  return false;
}

/// Texts with commas between them, of so many characters at least.
bool read_list(std::vector<std::string>& into, std::string_view text, std::size_t length_min) {
  into.clear();
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (end < length_min) return false;
    into.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return !into.empty();
}

/// Nobody guesses so many characters.
constexpr std::size_t origin_secret_length_min = 16;

bool read_table(configuration& into, std::string_view text) {
  into.table = text == "dynamodb" ? table_kind::dynamodb : table_kind::lmdb;
  return text == "lmdb" || text == "dynamodb";
}

/// A table's name, or its ARN: what CreateTable takes. DynamoDB knows the rest of its rules.
bool read_dynamodb_table(configuration& into, std::string_view text) {
  into.dynamodb_table = text;
  const auto may_stand = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_.-:/").find(c) != std::string_view::npos;
  };
  return text.size() >= 3 && text.size() <= 1024 && std::all_of(text.begin(), text.end(), may_stand);
}

/// More loops than cores only take turns; 64 is more than any machine this was tried on.
constexpr std::size_t loops_max = 64;

bool read_loops(configuration& into, std::string_view text) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), into.loops);
  return failure == std::errc{} && end == text.data() + text.size() && into.loops <= loops_max;
}

bool read_currency(configuration& into, std::string_view text) {
  into.currency = text;
  return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool read_mail(configuration& into, std::string_view text) {
  into.mail = text == "smtp" ? mail_kind::smtp : mail_kind::log;
  return text == "smtp" || text == "log";
}

bool read_mail_from(configuration& into, std::string_view text) {
  into.mail_from = text;
  return mail::parse_sender(text).has_value();
}

bool read_public_url(configuration& into, std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  into.public_url = text;
  const bool web = text.starts_with("https://") || text.starts_with("http://");
  return web && !text.ends_with(':') && text.find_first_of(" \"<>#?") == std::string_view::npos;
}

/// Shorter than an e-mail may take, and each would go out twice; longer than a day, and a killed process's jobs
/// are forgotten.
constexpr int lease_seconds_max = 86'400;

bool read_job_lease(configuration& into, std::string_view text) {
  int seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  into.job_lease = std::chrono::seconds(seconds);
  return failure == std::errc{} && end == text.data() + text.size() && seconds >= 1 && seconds <= lease_seconds_max;
}

/// What stands in tokens and is compared letter by letter.
bool is_scope_name(std::string_view text) {
  constexpr std::size_t bytes_max = 200;
  return !text.empty() && text.size() <= bytes_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
}

bool read_issuer(configuration& into, std::string_view text) {
  // A slash at the end would stand twice in what is below it, and verifiers compare issuers as they are.
  into.issuer = text;
  return is_scope_name(text) && !text.ends_with('/');
}

/// Origins with commas between them, or `*` alone.
bool read_cors_origins(configuration& into, std::string_view text) {
  std::vector<std::string>& origins = into.cors.origins;
  origins.clear();
  while (!text.empty()) {
    const std::string_view origin = text.substr(0, text.find(','));
    text.remove_prefix(std::min(origin.size() + 1, text.size()));
    origins.emplace_back(origin);
    if (!http::is_origin(origin) && !into.cors.any()) return false;
  }
  return origins.size() <= 1 || origins.front() != "*";
}

/// Reads a whole number up to `max`.
bool read_number(std::size_t& into, std::string_view text, std::size_t max) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), into);
  return failure == std::errc{} && end == text.data() + text.size() && into <= max;
}

/// Above it nobody is kept out.
constexpr std::size_t address_attempts_max = 1'000'000;

bool read_bcrypt_cost(configuration& into, std::string_view text) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), into.bcrypt_cost);
  return failure == std::errc{} && end == text.data() + text.size() && into.bcrypt_cost >= bcrypt_cost_min &&
         into.bcrypt_cost <= bcrypt_cost_max;
}

constexpr std::string_view booleans = "true, false";

constexpr setting all_settings[] = {
    {"ENVIRONMENT", "--environment", "development", "development, staging, production",
     "What this deployment is for; production refuses unsafe settings", false, read_environment},
    // Hosts and ports are checked by the listener, which says what is wrong with them.
    {"SPACES_LISTEN", "--listen", "127.0.0.1:8080", "address:port, several with commas", "Where to serve", false,
     [](configuration& into, std::string_view text) { return read_list(into.listen, text, 1); }},
    {"SPACES_DATA", "--data", "spaces-data", "a folder on a local disk",
     "Where everything is kept that is not in DynamoDB", false,
     [](configuration& into, std::string_view text) { return into.data = text, !text.empty(); }},
    {"SPACES_TABLE", "--table", "lmdb", "lmdb, dynamodb",
     "The table: lmdb is the embedded store in the data folder, dynamodb is DYNAMODB_TABLE", false, read_table},
    {"DYNAMODB_TABLE", "--dynamodb-table", "", "a table's name or ARN",
     "With --table dynamodb: the table; endpoint, region and credentials as AWS's tools find them", false,
     read_dynamodb_table},
    {"SPACES_PUBLIC_LISTINGS", "--public-listings", "false", booleans, "Anyone may read listings, without a token",
     false, [](configuration& into, std::string_view text) { return read_flag(into.public_listings, text); }},
    {"SPACES_ALLOW_PLAIN_HTTP", "--allow-plain-http", "false", booleans,
     "Production on a public address without TLS: a proxy in front has it", false,
     [](configuration& into, std::string_view text) { return read_flag(into.allow_plain_http, text); }},
    {"SPACES_LOOPS", "--loops", "0", "0 to 64", "Event loops; 0 is one for each core", false, read_loops},
    {"SPACES_CURRENCY", "--currency", "USD", "three capital letters (ISO 4217)", "What prices are in", false,
     read_currency},
    {"SPACES_CORS_ORIGINS", "--cors-origins", "", "origins such as https://app.example.com with commas, or *",
     "Web pages of these origins may call from browsers", false, read_cors_origins},
    {"SPACES_CORS_CREDENTIALS", "--cors-credentials", "false", booleans,
     "Those pages may send their reader's cookies, too; tokens need none", false,
     [](configuration& into, std::string_view text) { return read_flag(into.cors.credentials, text); }},
    {"SPACES_PUBLIC_URL", "--public-url", "http://127.0.0.1:8080", "http:// or https:// and a host",
     "Where people reach us: what links in e-mails begin with", false, read_public_url},
    {"SPACES_MAIL", "--mail", "log", "log, smtp", "How e-mails go out; log keeps them in the data folder", false,
     read_mail},
    {"SPACES_ALLOW_LOG_MAIL", "--allow-log-mail", "false", booleans,
     "Production whose e-mails stay in the data folder, where nobody gets them", false,
     [](configuration& into, std::string_view text) { return read_flag(into.allow_log_mail, text); }},
    {"SPACES_MAIL_FROM", "--mail-from", "Lifestyle Spaces <no-reply@localhost>", "address, or name <address>",
     "Whom e-mails are from", false, read_mail_from},
    {"SPACES_SMTP_URL", "--smtp-url", "", "smtp://host:port (STARTTLS), smtps://host:port", "The mail server", false,
     [](configuration& into, std::string_view text) { return into.smtp_url = text, !text.empty(); }},
    {"SPACES_SMTP_CA", "--smtp-ca", "", "a file of certificates in PEM",
     "What the mail server's certificate is checked against; the machine's roots unless given", false,
     [](configuration& into, std::string_view text) { return into.smtp_ca = text, !text.empty(); }},
    {"SPACES_SMTP_USER", "--smtp-user", "", "a name", "Who we are to the mail server", false,
     [](configuration& into, std::string_view text) { return into.smtp_user = text, !text.empty(); }},
    {"SPACES_SMTP_PASSWORD", "", "", "a password", "Of SPACES_SMTP_USER", true,
     [](configuration& into, std::string_view text) { return into.smtp_password = text, true; }},
    {"SPACES_JOB_LEASE", "--job-lease", "60", "1 to 86400 seconds",
     "How long an e-mail or other job is one process's alone; e-mails take up to 30", false, read_job_lease},
    {"SPACES_JWT_KEYS", "--keys", "", "a folder", "Signing keys, as spaces keys makes them; keys in the data folder",
     false, [](configuration& into, std::string_view text) { return into.jwt_keys = text, !text.empty(); }},
    {"SPACES_ISSUER", "--issuer", "lifestyle-spaces", "a name, or https:// and a host",
     "Who makes our tokens; verifiers elsewhere look keys up below it", false, read_issuer},
    {"SPACES_AUDIENCE", "--audience", "lifestyle-spaces-api", "a name", "Whom our tokens are for", false,
     [](configuration& into, std::string_view text) { return into.audience = text, is_scope_name(text); }},
    {"SPACES_TRUSTED_PROXIES", "--trusted-proxies", "0", "0 to 8",
     "Proxies in front that write X-Forwarded-For: whose address counts as the client's", false,
     [](configuration& into, std::string_view text) {
       return read_number(into.trusted_proxies, text, http::trusted_proxies_max);
     }},
    {"SPACES_ADDRESS_ATTEMPTS", "--address-attempts", "100", "1 to 1000000",
     "Failed logins, and registrations, of one client address in 15 minutes", false,
     [](configuration& into, std::string_view text) {
       return read_number(into.address_attempts, text, address_attempts_max) && into.address_attempts > 0;
     }},
    {"SPACES_BCRYPT_COST", "--bcrypt-cost", "12", "4 to 16; 10 or more in production",
     "What hashing a password costs; one more is twice the time", false, read_bcrypt_cost},
    {"JWT_SECRET_KEY", "", "", "an RSA private key in PEM, or a secret of at least 32 bytes",
     "Signs access tokens, alone; unless set, the folder's keys do, or one made and kept in the data folder", true,
     [](configuration& into, std::string_view text) { return into.jwt_key = text, true; }},
    {"SPACES_TRUST_AUTHORIZER", "", "false", booleans,
     "On Lambda: believe the claims of API Gateway's JWT authorizer without verifying the token again", false,
     [](configuration& into, std::string_view text) { return read_flag(into.trust_authorizer, text); }},
    {"SPACES_ORIGIN_SECRET", "", "", "texts of at least 16 characters, with commas between them",
     "On Lambda: what the distribution in front of a function URL sends in X-Origin-Secret", true,
     [](configuration& into, std::string_view text) {
       return read_list(into.origin_secrets, text, origin_secret_length_min);
     }},
};

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address.starts_with("[::1]") || address.starts_with("localhost:");
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

std::span<const setting> settings() { return all_settings; }

std::string from_environment(const setting& which) {
  const char* text = std::getenv(std::string(which.variable).c_str());  // NOLINT(concurrency-mt-unsafe): before threads
  return text ? text : "";
}

result<configuration> read_configuration(const std::map<std::string, std::string>& flags) {
  configuration read;
  for (const setting& s : all_settings) {
    const auto flag = flags.find(std::string(s.variable));
    const bool by_flag = flag != flags.end();
    const std::string text = by_flag ? flag->second : from_environment(s);
    if ((text.empty() && !by_flag) || s.read(read, text)) continue;
    const std::string value = s.secret ? "" : fmt::format(" is '{}', which", text);
    return malformed(fmt::format("{}{} is not allowed: it takes {}.",
                                 by_flag ? fmt::format("{} ({})", s.flag, s.variable) : std::string(s.variable), value,
                                 s.allowed));
  }
  return read;
}

std::string unsafe_in_production(const configuration& settings, const key_facts& key) {
  if (settings.environment != environment_kind::production) return {};
  if (key.generated)
    return "ENVIRONMENT=production needs a key of its own: run spaces keys generate, or set JWT_SECRET_KEY to an RSA "
           "private key of 3072 bits or more in PEM.";
  if (!key.rs256)
    return "ENVIRONMENT=production signs tokens with RS256 only: JWT_SECRET_KEY is a shared secret, give it an RSA "
           "private key in PEM.";
  if (settings.cors.any() && settings.cors.credentials)
    return "ENVIRONMENT=production does not let the pages of every origin act with their readers' cookies: name the "
           "origins in SPACES_CORS_ORIGINS, or leave SPACES_CORS_CREDENTIALS false.";
  if (settings.bcrypt_cost < bcrypt_cost_production_min)
    return fmt::format("ENVIRONMENT=production hashes passwords at a cost of {} or more: SPACES_BCRYPT_COST is {}.",
                       bcrypt_cost_production_min, settings.bcrypt_cost);
  const auto open = std::find_if_not(settings.listen.begin(), settings.listen.end(), is_loopback);
  if (open != settings.listen.end() && !settings.allow_plain_http)
    return fmt::format(
        "ENVIRONMENT=production does not serve plain HTTP on {}: listen on 127.0.0.1 behind a proxy that has TLS, "
        "or set SPACES_ALLOW_PLAIN_HTTP=true.",
        *open);
  if (settings.mail == mail_kind::log && !settings.allow_log_mail)
    return "ENVIRONMENT=production sends e-mails: SPACES_MAIL is log, which keeps them, with links that open accounts, "
           "in "
           "the data folder, and nobody could confirm an address. Set SPACES_MAIL=smtp and SPACES_SMTP_URL, or "
           "SPACES_ALLOW_LOG_MAIL=true.";
  return {};
}

}  // namespace spaces::app
