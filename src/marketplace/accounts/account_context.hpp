/// What people's accounts are looked after with: shared by who logs people in (accounts.hpp) and by what e-mails
/// open (recovery.hpp).
#pragma once

#include "platform/base/clock.hpp"
#include "platform/identity/passwords.hpp"
#include "platform/identity/sessions.hpp"
#include "platform/identity/throttle.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/table/table.hpp"

#include <cstddef>
#include <cstdint>

namespace spaces::accounts {

struct accounts_options {
  std::int64_t address_attempts_max = address_attempts_initial;
  std::size_t trusted_proxies = 0;
};

class account_context {
 public:
  /// All must outlive this.
  account_context(table::single_table& table, const clock& clock, const password_hashes& hashes, sessions& sessions,
                  jobs::bell& bell, accounts_options options)
      : table_(table),
        clock_(clock),
        hashes_(hashes),
        sessions_(sessions),
        bell_(bell),
        throttle_(table, clock),
        options_(options) {}

  const accounts_options& options() const { return options_; }

 protected:
  table::single_table& table_;
  const clock& clock_;
  const password_hashes& hashes_;
  sessions& sessions_;
  jobs::bell& bell_;
  throttle throttle_;

 private:
  accounts_options options_;
};

}  // namespace spaces::accounts
