#include "marketplace/accounts/feature.hpp"

#include "marketplace/accounts/problems.hpp"
#include "marketplace/accounts/recovery.hpp"
#include "marketplace/accounts/routes.hpp"

#include <iterator>
#include <utility>

namespace spaces::accounts {

namespace {

using fate = entity_row::fate;

struct services {
  services(const feature_context& with, const accounts_options& options)
      : people(with.table, with.clock, with.hashes, with.sessions, with.bell, options),
        recovering(with.table, with.clock, with.hashes, with.sessions, with.bell, options) {}

  accounts people;
  recovery recovering;
};

/// Profile and credential go, as sessions do, in the transaction that deletes the account (account_deletion.cpp).
std::vector<entity_row> entities() {
  return {
      {"User", user::fields(), {"id"}},
      {"Credential", credential::fields(), {"userId"}},
      {"OnceToken", {}, {"userId"}, fate::expires, "within a day, and opens nothing without the account"},
  };
}

}  // namespace

opened open(const feature_context& with, const settings& given) {
  const accounts_options options{.address_attempts_max = given.address_attempts,
                                 .trusted_proxies = with.trusted_proxies};
  const auto owned = std::make_shared<services>(with, options);
  feature made;
  made.name = "accounts";
  made.routes = routes(owned->people);
  std::ranges::move(routes(owned->recovering), std::back_inserter(made.routes));
  made.problems = {std::begin(problems::all), std::end(problems::all)};
  made.jobs = email_jobs(with.table, with.clock, with.mailer, with.site);
  made.entities = entities();
  made.owned = owned;
  return {{owned, &owned->people}, std::move(made)};
}

}  // namespace spaces::accounts
