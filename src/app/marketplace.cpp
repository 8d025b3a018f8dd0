#include "app/marketplace.hpp"

#include "app/mailing.hpp"
#include "app/signing.hpp"
#include "app/system_routes.hpp"
#include "app/well_known_routes.hpp"
#include "marketplace/accounts/problems.hpp"
#include "marketplace/accounts/routes.hpp"
#include "marketplace/inquiries/closing.hpp"
#include "marketplace/inquiries/emails.hpp"
#include "marketplace/inquiries/export_sections.hpp"
#include "marketplace/inquiries/problems.hpp"
#include "marketplace/inquiries/routes.hpp"
#include "marketplace/properties/routes.hpp"
#include "platform/base/limits.hpp"
#include "platform/http/openapi.hpp"
#include "platform/table/store_meta.hpp"

#include <iterator>

namespace spaces::app {

namespace {

void append(std::vector<http::route>& rows, std::vector<http::route> more) {
  std::move(more.begin(), more.end(), std::back_inserter(rows));
}

/// Of all features.
result<std::vector<http::served_problem>> problem_types() {
  std::vector<http::problem_type> all;
  for (const std::span<const http::problem_type> some : {std::span<const http::problem_type>(accounts::problems::all),
                                                         std::span<const http::problem_type>(inquiries::problems::all)})
    all.insert(all.end(), some.begin(), some.end());
  return http::served_problems(all);
}

std::string document_of(const std::vector<http::route>& rows, const std::string& currency) {
  const auto problems = problem_types();
  const std::string text =
      "The back end of a real-estate marketplace. Prices are in " + currency +
      ". Errors are application/problem+json (RFC 9457). Times are UTC, ids are UUIDs. A path with a trailing slash "
      "is the same as without.";
  return http::openapi_document(rows, {"Lifestyle Spaces API", SPACES_VERSION, text, problems.value()});
}

result<void> check_safety(const configuration& settings, const key_facts& facts) {
  const std::string unsafe = unsafe_in_production(settings, facts);
  if (!unsafe.empty()) return malformed(unsafe);
  const std::string unfit = unfit_for_mail(settings);
  if (!unfit.empty()) return malformed(unfit);
  return {};
}

}  // namespace

marketplace::marketplace(const configuration& settings, const clock& clock, const telemetry::log& log,
                         opened_table table, signing_keys keys, const std::string& store_secret, table_use use)
    : clock_(clock),
      connection_(std::move(table.connection)),
      table_(std::move(table.table)),
      mailer_(make_mailer(settings, clock, log)),
      jobs_(*table_, clock, log, {.lease = settings.job_lease}),
      identity_(std::move(keys), scope_of(settings), use == table_use::starting ? cached_sets_few : cached_sets),
      sessions_(*table_, clock, identity_),
      hashes_(settings.bcrypt_cost),
      accounts_(*table_, clock, hashes_, sessions_, bell_,
                {.address_attempts_max = static_cast<std::int64_t>(settings.address_attempts),
                 .trusted_proxies = settings.trusted_proxies}),
      recovery_(*table_, clock, hashes_, sessions_, bell_, accounts_.options()),
      properties_(*table_, clock, store_secret,
                  {.publishers_must_be_verified = settings.environment == environment_kind::production,
                   .when_removed = [](const uuid& id, instant now) -> std::vector<table::operation> {
                     return {inquiries::enqueue_closing(id, now)};
                   }}),
      inquiries_(*table_, clock, accounts_, bell_, store_secret,
                 {.inquirers_must_be_verified = settings.environment == environment_kind::production}),
      blocks_(*table_, clock, store_secret),
      reports_(*table_, clock),
      unsubscribing_(accounts_, store_secret) {
  inquiries::handle_closing(jobs_, inquiries_);
  inquiries::handle_emails(jobs_, *table_, *mailer_, {.site = site_of(settings), .store_secret = store_secret});
  jobs_.handle(accounts::forget_user_job, [this](const uuid&, record::item_view details) -> result<void> {
    const auto user = parse_uuid(details.find("user").text);
    if (!user) return invalid({{"user", "not-a-uuid", "names nobody"}});
    // In this order: what is withdrawn takes no more inquiries.
    auto withdrawn = properties_.withdraw_all(*user, clock_.now() + limits::request_time_max);
    if (!withdrawn) return withdrawn;
    if (const auto closed = inquiries_.close_all_of(*user); !closed) return closed;
    return blocks_.remove_all_of(*user);
  });
  accounts_.add_export_section({"properties", [this](const uuid& user) { return properties_.export_of(user); }});
  inquiries::add_export_sections(accounts_, *table_);
  jobs_.handle(test_email_kind, test_email_handler(settings, *mailer_));
  accounts::handle_emails(jobs_, *table_, clock, *mailer_, site_of(settings));
  http::router_options options;
  options.clock = &clock_;
  options.who = [this](std::string_view token, instant now) -> result<caller> {
    if (const result<void> learnt = learn_of_ended(); !learnt) return learnt.error();
    return identity_.who(token, now);
  };
  options.who_vouched = [this](const record::json_value& claims, instant now) -> result<caller> {
    if (const result<void> learnt = learn_of_ended(); !learnt) return learnt.error();
    return identity_.who_vouched(claims, now);
  };
  options.table_version = [this] { return table_->table_version(); };
  options.report = [&log](const http::failure_report& failure) {
    log.write(telemetry::level::error, "request-failed",
              {{"status", std::to_string(failure.status)},
               {"method", failure.method},
               {"path", failure.path},
               {"instance", failure.instance},
               {"detail", failure.private_text}});
  };
  options.strict_transport = settings.public_url.starts_with("https://");
  options.reads_inline = table_->reads_inline();
  std::vector<http::route> rows =
      properties::routes(properties_, settings.public_listings ? http::audience::anyone : http::audience::users);
  append(rows, accounts::routes(accounts_));
  append(rows, accounts::routes(recovery_));
  append(rows, inquiries::routes(inquiries_));
  append(rows, inquiries::routes(reports_));
  append(rows, inquiries::routes(blocks_));
  append(rows, inquiries::routes(unsubscribing_));
  rows.push_back(health_route(settings, *table_, clock_));
  rows.push_back(openapi_route([this, currency = settings.currency] { return document_of(routes(), currency); }));
  append(rows, well_known_routes(settings, identity_.keys()));
  append(rows, docs_routes());
  router_ = std::make_unique<http::router>(std::move(rows), std::move(options));
  if (!settings.cors.origins.empty()) cors_.emplace(*router_, settings.cors);
}

result<void> marketplace::learn_of_ended() {
  return learns_on_request_ ? sessions_.learn_of_ended(ended_known_age_max) : result<void>{};
}

result<std::unique_ptr<marketplace>> open_marketplace(const configuration& settings, const clock& clock,
                                                      const telemetry::log& log, table_use use,
                                                      std::unique_ptr<cloud> connection) {
  if (const auto problems = problem_types(); !problems) return problems.error();
  auto keys = known_keys(settings, clock.now());
  if (!keys) return keys.error();
  // What is not safe is said before anything is made.
  if (const result<void> safe = check_safety(settings, facts_of(*keys)); !safe) return safe.error();
  const auto note = [&log](std::string_view sentence) {
    log.write(telemetry::level::warning, "store", {{"detail", sentence}});
  };
  auto table = open_table(settings, use, clock, note, std::move(connection));
  if (!table) return table.error();
  // The embedded store's folder is where a key is made.
  if (keys->empty()) keys = made_keys(settings);
  if (!keys) return keys.error();
  auto secret = table::store_meta::read_secret(*table->table);
  if (!secret) return secret.error();
  return std::make_unique<marketplace>(settings, clock, log, *std::move(table), signing_keys(*std::move(keys)),
                                       *std::move(secret), use);
}

}  // namespace spaces::app
