/// What people's accounts are looked after with: shared by logging people in (accounts.hpp) and by what e-mails
/// open (recovery.hpp).
#pragma once

#include "marketplace/accounts/attempts.hpp"
#include "platform/base/clock.hpp"
#include "platform/identity/password_policy.hpp"
#include "platform/identity/passwords.hpp"
#include "platform/identity/sessions.hpp"
#include "platform/identity/throttle.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/table/table.hpp"
#include "platform/telemetry/security_log.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace spaces::accounts {

struct accounts_options {
  std::int64_t address_attempts_max = identity::address_attempts_initial;
  std::size_t trusted_proxies = 0;
  identity::password_policy passwords;
};

/// All must outlive it.
struct account_context {
  table::single_table& table;
  const spaces::clock& clock;
  const identity::password_hashes& hashes;
  identity::sessions& sessions;
  jobs::bell& bell;
  const telemetry::security_log& events;
  accounts_options options;

  identity::throttle counts;
  accounts::attempts attempts;

  account_context(table::single_table& t, const spaces::clock& c, const identity::password_hashes& h,
                  identity::sessions& s, jobs::bell& b, const telemetry::security_log& e, accounts_options o)
      : table(t),
        clock(c),
        hashes(h),
        sessions(s),
        bell(b),
        events(e),
        options(std::move(o)),
        counts(t, c),
        attempts(counts, options.address_attempts_max) {}
  account_context(const account_context&) = delete;
  account_context& operator=(const account_context&) = delete;

  /// The credential of an address in any spelling; empty when it has none.
  result<std::optional<credential>> credential_of(std::string_view email) const;

  /// The failure, after a line about it that has the answer's instance.
  error reported(telemetry::security_event event, error failure) const;
};

}  // namespace spaces::accounts
