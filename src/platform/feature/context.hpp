/// What every feature is opened with; all of it outlives the features. What only one feature needs is a parameter of
/// its own.
#pragma once

#include "platform/base/clock.hpp"
#include "platform/bucket/bucket.hpp"
#include "platform/identity/passwords.hpp"
#include "platform/identity/sessions.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/mail/mail.hpp"
#include "platform/mail/template.hpp"
#include "platform/table/table.hpp"
#include "platform/telemetry/security_log.hpp"

#include <string>

namespace spaces {

struct feature_context {
  table::single_table& table;
  const spaces::clock& clock;
  std::string store_secret;  ///< what cursors and links are sealed with
  jobs::bell& bell;          ///< rung by who enqueued a job that is due immediately
  jobs::bell& slow_bell;     ///< the same of a slow one (jobs::queue)
  bucket::object_store& bucket;
  std::string media_url;  ///< what public pictures' URLs begin with (bucket::public_url)
  mail::mailer& mailer;
  mail::site site;  ///< what e-mails say of the deployment
  const identity::password_hashes& hashes;
  identity::sessions& sessions;
  const telemetry::security_log& events;
  std::size_t trusted_proxies = 0;  ///< whose X-Forwarded-For counts (http/client_address.hpp)
  bool verified_only = false;       ///< who has not confirmed an e-mail address may read, and not write to others
};

}  // namespace spaces
