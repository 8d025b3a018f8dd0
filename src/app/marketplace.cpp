#include "app/marketplace.hpp"

#include "app/deployment_keys.hpp"
#include "app/open_identity.hpp"
#include "app/open_mailer.hpp"
#include "app/strangers_client.hpp"
#include "app/system.hpp"
#include "marketplace/accounts/feature.hpp"
#include "marketplace/accounts/user_jobs.hpp"
#include "marketplace/images/feature.hpp"
#include "marketplace/inquiries/closing.hpp"
#include "marketplace/inquiries/feature.hpp"
#include "marketplace/properties/feature.hpp"
#include "platform/base/limits.hpp"
#include "platform/feature/assembly.hpp"
#include "platform/feature/job_work.hpp"
#include "platform/http/client_address.hpp"
#include "platform/http/cors.hpp"
#include "platform/http/openapi.hpp"
#include "platform/http/router.hpp"
#include "platform/picture/limits.hpp"
#include "platform/table/store_meta.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace spaces::app {

namespace {

std::string document_of(const http::router& router, const assembly& features, const std::string& currency) {
  const auto problems = http::served_problems(features.problems());
  const std::string text =
      "The back end of a real-estate marketplace. Prices are in " + currency +
      ". Errors are application/problem+json (RFC 9457). Times are UTC, ids are UUIDs. A path with a trailing slash "
      "is the same as without.";
  return http::openapi_document(router.rows(), {"Lifestyle Spaces API", SPACES_VERSION, text, problems.value()});
}

/// A slow job is one process's alone for so many times as long as a quick one: five minutes, unless set otherwise. A
/// worker has two for a picture.
constexpr int slow_lease_times = 5;

/// As many slow jobs are done at a time as there are workers for pictures.
constexpr std::string_view slow_works[] = {"slow-jobs",   "slow-jobs-2", "slow-jobs-3", "slow-jobs-4",
                                           "slow-jobs-5", "slow-jobs-6", "slow-jobs-7", "slow-jobs-8"};
static_assert(std::size(slow_works) == picture::workers_max);

void log_failure(const telemetry::log& log, const http::failure_report& failure) {
  log.write(telemetry::level::error, "request-failed",
            {{"status", std::to_string(failure.status)},
             {"method", failure.method},
             {"path", failure.path},
             {"instance", failure.instance},
             {"detail", failure.private_text}});
}

result<std::optional<properties::recipient>> recipient(accounts::accounts& people, const uuid& person) {
  std::optional<properties::recipient> found;
  const uuid ids[] = {person};
  const auto read = people.contacts(ids, [&](std::size_t, const accounts::contact& who) {
    found = properties::recipient{std::string(who.email), std::string(who.name_in_emails())};
  });
  if (!read) return read.error();
  return found;
}

/// A token that does not hold, or a caller who may not.
void log_denial(const telemetry::security_log& events, const http::access_denial& denial, std::size_t proxies) {
  events.write({.name = denial.status == 401 ? "token-refused" : "access-forbidden",
                .account = denial.who.known() ? std::optional(denial.who.id) : std::nullopt,
                .address = http::client_address(denial.incoming, proxies),
                .instance = parse_uuid(denial.instance),
                .why = denial.why,
                .how = telemetry::level::warning});
}

/// Hides what a suspended person published, or shows it again: as the person is now.
jobs::handler apply_suspension(std::shared_ptr<accounts::accounts> people,
                               std::shared_ptr<properties::properties> listings, const clock& now) {
  return [people = std::move(people), listings = std::move(listings), &now](const uuid&,
                                                                            record::item_view details) -> result<void> {
    const auto user = accounts::user_of_job(details);
    if (!user) return user.error();
    const auto who = people->profile({*user});
    if (!who && who.error().kind == error_kind::unauthenticated) return {};  // who left meanwhile
    if (!who) return who.error();
    const instant until = now.now() + limits::request_time_max;
    return who->suspended_because ? listings->hide_all(*user, until) : listings->unhide_all(*user, until);
  };
}

/// The features of a wrong wiring are a bug, which the first start shows.
std::shared_ptr<const assembly> assemble(std::vector<feature> features) {
  auto made = assembly::of(std::move(features));
  if (!made) throw std::logic_error(made.error().public_text);
  return *std::move(made);
}

}  // namespace

/// Declared in the order in which each is built on those before.
struct marketplace::parts {
  const spaces::clock& clock;
  std::unique_ptr<cloud> connection;
  std::unique_ptr<table::single_table> table;
  opened_bucket pictures;
  std::unique_ptr<mail::mailer> mailer;
  identity::password_hashes hashes;
  jobs::bell bell, slow_bell;
  jobs::runner jobs, slow_jobs;
  std::size_t workers = 0;  ///< that prepare pictures; without, slow jobs are left to processes that have some
  telemetry::security_log events;
  std::shared_ptr<identity::local_identity> tokens;
  std::function<result<void>()> before_tokens;
  std::shared_ptr<const assembly> features;
  std::shared_ptr<properties::properties> listing_service;
  std::shared_ptr<images::images> image_service;
  std::vector<health_check> health;
  std::unique_ptr<http::router> router;
  std::optional<http::cors> cors;  ///< before the router, where pages of other origins may call

  parts(const configuration& settings, const spaces::clock& time, const telemetry::log& log, opened_table opened,
        opened_bucket bucket)
      : clock(time),
        connection(std::move(opened.connection)),
        table(std::move(opened.table)),
        pictures(std::move(bucket)),
        mailer(make_mailer(settings, time, log)),
        hashes(settings.identity.bcrypt_cost),
        jobs(*table, time, log, {.lease = settings.jobs.lease}),
        slow_jobs(*table, time, log, {.lease = settings.jobs.lease * slow_lease_times}, jobs::queue::slow),
        events(log, settings.accounts.log_addresses) {}

  void open_features(const configuration& settings, const telemetry::log& log, identity::signing_keys keys,
                     const std::string& store_secret, table_use use, picture::preparer* preparer);
  void route(const configuration& settings, const telemetry::log& log);
};

/// The wiring: a feature is opened, and stands in the list in whose order people are erased and exported.
void marketplace::parts::open_features(const configuration& settings, const telemetry::log& log,
                                       identity::signing_keys keys, const std::string& store_secret, table_use use,
                                       picture::preparer* preparer) {
  opened_identity identity =
      open_identity(settings, std::move(keys), *table, clock, log, events, use == table_use::starting);
  tokens = identity.people;
  const feature_context with{
      .table = *table,
      .clock = clock,
      .store_secret = store_secret,
      .bell = bell,
      .slow_bell = slow_bell,
      .bucket = *pictures.bucket,
      .media_url = pictures.media_url,
      .mailer = *mailer,
      .site = site_of(settings),
      .hashes = hashes,
      .sessions = *identity.sessions,
      .events = events,
      .trusted_proxies = settings.http.trusted_proxies,
      .verified_only = settings.production(),
  };
  auto people = accounts::open(with, settings.accounts);
  // What is withdrawn takes no more inquiries: listings come before inquiries.
  auto listings =
      properties::open(with, settings.listings, {inquiries::close_when_removed, images::remove_when_removed},
                       [accounts = people.service](const uuid& id) { return recipient(*accounts, id); });
  listing_service = listings.service;
  auto photographs = images::open(with, settings.images, listings.service, settings.listings.public_listings,
                                  {preparer, &make_strangers_client});
  image_service = photographs.service;
  if (preparer) workers = std::clamp<std::size_t>(settings.pictures.workers, 1, std::size(slow_works));
  auto asking = inquiries::open(with, *people.service);
  feature store{.name = "store",
                .entities = {{"Store", {}, {}},
                             {"Idempotency", {}, {}, entity_row::fate::expires, "within a day"},
                             {"AuditEntry", {}, {"subject"}, entity_row::fate::kept, "it tells what operators did"},
                             {"Job", {}, {"user", "to"}, entity_row::fate::expires, "when it is done"}},
                .health = {{"store", [this] { return table->ping(); }}}};
  feature mail{.name = "mail", .jobs = {{test_email_kind, test_email_handler(settings, *mailer)}}};
  auto system = system::open(
      settings, clock, tokens->keys(), {table->engine(), pictures.bucket->engine(), pictures.disk == nullptr},
      {.health = [this]() -> std::span<const health_check> { return health; },
       .openapi = [this, currency = settings.listings.currency] { return document_of(*router, *features, currency); }});

  features = assemble({
      std::move(store),
      std::move(mail),
      std::move(identity.feature),
      std::move(listings.feature),
      std::move(photographs.feature),
      std::move(people.feature),
      std::move(asking.feature),
      bucket_feature(settings, pictures),
      std::move(system),
  });
  health = features->health();
  features->handle_jobs(jobs);
  features->handle_jobs(slow_jobs);
  people.service->use_export_sections(features->export_sections());
  jobs.handle(accounts::forget_user_job, [this](const uuid&, record::item_view details) -> result<void> {
    const auto user = accounts::user_of_job(details);
    if (!user) return user.error();
    return features->erase(*user, clock.now() + limits::request_time_max);
  });
  jobs.handle(accounts::apply_suspension_job, apply_suspension(people.service, listings.service, clock));
}

void marketplace::parts::route(const configuration& settings, const telemetry::log& log) {
  http::router_options options;
  options.clock = &clock;
  options.who = [this](std::string_view token, instant now) -> result<caller> {
    if (before_tokens)
      if (const result<void> done = before_tokens(); !done) return done.error();
    return tokens->who(token, now);
  };
  options.who_vouched = [this](const record::json_value& claims, instant now) -> result<caller> {
    if (before_tokens)
      if (const result<void> done = before_tokens(); !done) return done.error();
    return tokens->who_vouched(claims, now);
  };
  options.table_version = [this] { return table->table_version(); };
  options.report = [&log](const http::failure_report& failure) { log_failure(log, failure); };
  options.refused = [this, proxies = settings.http.trusted_proxies](const http::access_denial& denial) {
    log_denial(events, denial, proxies);
  };
  const http::security_fields everywhere(settings.mail.public_url.starts_with("https://"));
  options.everywhere = everywhere;
  options.reads_inline = table->reads_inline();
  router = std::make_unique<http::router>(features->routes(), std::move(options));
  if (!settings.http.cors.origins.empty()) cors.emplace(*router, settings.http.cors, everywhere);
}

marketplace::marketplace(const configuration& settings, const clock& clock, const telemetry::log& log,
                         opened_table table, opened_bucket bucket, identity::signing_keys keys,
                         const std::string& store_secret, table_use use, picture::preparer* preparer)
    : parts_(std::make_unique<parts>(settings, clock, log, std::move(table), std::move(bucket))) {
  parts_->open_features(settings, log, std::move(keys), store_secret, use, preparer);
  parts_->route(settings, log);
}

marketplace::~marketplace() = default;

const std::vector<http::route>& marketplace::routes() const { return parts_->router->rows(); }

http::application& marketplace::application() {
  if (parts_->cors) return *parts_->cors;
  return *parts_->router;
}

std::vector<periodic> marketplace::periodics() const {
  std::vector<periodic> all = parts_->features->periodics();
  all.push_back(job_work(parts_->jobs, parts_->bell));
  for (std::size_t i = 0; i < parts_->workers; ++i)
    all.push_back(job_work(parts_->slow_jobs, parts_->slow_bell, slow_works[i]));
  return all;
}

void marketplace::before_tokens(std::function<result<void>()> run) { parts_->before_tokens = std::move(run); }

properties::properties& marketplace::listings() { return *parts_->listing_service; }

images::images& marketplace::images() { return *parts_->image_service; }

bucket::object_store& marketplace::bucket() { return *parts_->pictures.bucket; }

jobs::runner& marketplace::jobs() { return parts_->jobs; }

jobs::runner& marketplace::slow_jobs() { return parts_->slow_jobs; }

const assembly& marketplace::features() const { return *parts_->features; }

result<std::unique_ptr<marketplace>> open_marketplace(const configuration& settings, const clock& clock,
                                                      const telemetry::log& log, table_use use,
                                                      std::unique_ptr<cloud> connection, picture::preparer* preparer) {
  auto keys = known_keys(settings, clock.now());
  if (!keys) return keys.error();
  // What is not safe is said before anything is made.
  if (const auto safe = validate_for_production(settings, facts_of(*keys)); !safe) return safe.error();
  if (const auto valid = validate_mail(settings); !valid) return valid.error();
  const auto note = [&log](std::string_view sentence) {
    log.write(telemetry::level::warning, "store", {{"detail", sentence}});
  };
  auto table = open_table(settings, use, clock, note, std::move(connection));
  if (!table) return table.error();
  // The embedded store's folder is where a key is made.
  if (keys->empty()) keys = made_keys(settings);
  if (!keys) return keys.error();
  const auto facts = table::store_meta::read(*table->table);
  if (!facts) return facts.error();
  auto bucket = open_bucket(settings, use, facts->secret, clock, table->connection.get());
  if (!bucket) return bucket.error();
  auto market = std::make_unique<marketplace>(settings, clock, log, *std::move(table), *std::move(bucket),
                                              identity::signing_keys(*std::move(keys)), facts->secret, use, preparer);
  market->listings().keys_of_cities().note(facts->folding);
  return market;
}

}  // namespace spaces::app
