#include "marketplace/accounts/feature.hpp"

#include "marketplace/accounts/problems.hpp"
#include "marketplace/accounts/recovery.hpp"
#include "marketplace/accounts/routes.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace spaces::accounts {

namespace {

using fate = entity_row::fate;

struct services {
  services(const feature_context& with, const accounts_options& options)
      : context(with.table, with.clock, with.hashes, with.sessions, with.bell, with.events, options),
        people(context, with.store_secret),
        recovering(context) {}

  account_context context;
  accounts people;
  recovery recovering;
};

/// The product's and the deployment's own words: their names, and the labels of the host's name except the last.
std::vector<std::string> own_words(const mail::site& site) {
  std::vector<std::string> words{"Lifestyle Spaces", site.from.name};
  std::string_view host = site.public_url;
  host.remove_prefix(std::min(host.find("://") + 3, host.size()));
  host = host.substr(0, host.find_first_of(":/"));
  for (std::size_t dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.')) {
    words.emplace_back(host.substr(0, dot));
    host.remove_prefix(dot + 1);
  }
  return words;
}

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
                                 .trusted_proxies = with.trusted_proxies,
                                 .passwords = identity::password_policy(given.passwords, own_words(with.site))};
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
