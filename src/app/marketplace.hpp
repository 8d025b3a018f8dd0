/// The marketplace on one machine, wired: store, identity, services and routes. The only place that
/// names every room.
#pragma once

#include "app/configuration.hpp"
#include "app/open_table.hpp"
#include "marketplace/accounts/accounts.hpp"
#include "marketplace/accounts/recovery.hpp"
#include "marketplace/inquiries/block.hpp"
#include "marketplace/inquiries/inquiries.hpp"
#include "marketplace/inquiries/report.hpp"
#include "marketplace/inquiries/unsubscribing.hpp"
#include "marketplace/properties/properties.hpp"
#include "platform/base/clock.hpp"
#include "platform/http/cors.hpp"
#include "platform/http/router.hpp"
#include "platform/identity/local/local_identity.hpp"
#include "platform/identity/local/local_sessions.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/mail/mail.hpp"
#include "platform/table/table.hpp"
#include "platform/telemetry/log.hpp"

#include <memory>
#include <optional>

namespace spaces::app {

/// An ended session's access tokens die within so long.
inline constexpr std::chrono::seconds ended_known_age_max{5};

/// Everything between the network and the disk.
class marketplace {
 public:
  marketplace(const configuration& settings, const clock& clock, const telemetry::log& log, opened_table table,
              signing_keys keys, const std::string& store_secret, table_use use = table_use::serving);

  /// Everything that can be asked for.
  const std::vector<http::route>& routes() const { return router_->rows(); }
  http::application& application() {
    if (cors_) return *cors_;
    return *router_;
  }
  table::single_table& table() { return *table_; }
  /// E-mails and other work after the answers: somebody has to drain it (a worker on a server).
  jobs::runner& jobs() { return jobs_; }
  jobs::bell& bell() { return bell_; }
  /// Whose keys may change while it serves.
  local_identity& people() { return identity_; }
  /// Whoever is served has to learn of sessions that other processes ended (a thread of a server).
  local_sessions& sessions() { return sessions_; }
  /// Where there is no thread for it (Lambda): whoever shows a token makes us learn of ended sessions first,
  /// when what we know is older than `ended_known_age_max`. Before the first request.
  void learn_on_request() { learns_on_request_ = true; }

 private:
  result<void> learn_of_ended();

  const clock& clock_;
  std::unique_ptr<cloud> connection_;
  std::unique_ptr<table::single_table> table_;
  std::unique_ptr<mail::mailer> mailer_;
  jobs::bell bell_;
  jobs::runner jobs_;
  local_identity identity_;
  local_sessions sessions_;
  password_hashes hashes_;
  accounts::accounts accounts_;
  accounts::recovery recovery_;
  properties::properties properties_;
  inquiries::inquiries inquiries_;
  inquiries::blocks blocks_;
  inquiries::reports reports_;
  inquiries::unsubscribing unsubscribing_;
  bool learns_on_request_ = false;
  std::unique_ptr<http::router> router_;
  std::optional<http::cors> cors_;  ///< before the router, where pages of other origins may call
};

/// Opens the store, by `connection` where one was made ahead, and wires the rest. Errors' public texts are sentences
/// for the operator.
result<std::unique_ptr<marketplace>> open_marketplace(const configuration& settings, const clock& clock,
                                                      const telemetry::log& log, table_use use = table_use::serving,
                                                      std::unique_ptr<cloud> connection = nullptr);

}  // namespace spaces::app
