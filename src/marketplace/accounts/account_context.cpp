#include "marketplace/accounts/account_context.hpp"

#include "marketplace/accounts/email_address.hpp"
#include "marketplace/accounts/errors.hpp"
#include "platform/table/entity.hpp"

namespace spaces::accounts {

result<std::optional<credential>> account_context::credential_of(std::string_view email) const {
  const auto canonical = canonical_email(email);
  if (!canonical) return std::optional<credential>();
  const auto stored = table.get(credential_key(*canonical), table::consistency::strong);
  if (!stored) return stored.error();
  if (!*stored) return std::optional<credential>();
  std::optional<credential> found = to_credential((*stored)->view());
  if (!found) return table::damaged("a credential");
  return found;
}

error account_context::reported(telemetry::security_event event, error failure) const {
  // What went wrong on our side is no event of somebody's making; the log has it as a failure.
  if (failure.kind == error_kind::internal || failure.kind == error_kind::unavailable) return failure;
  if (!failure.instance) failure.instance = make_uuid_v7(clock.now());
  event.instance = failure.instance;
  event.how = telemetry::level::warning;
  events.write(event);
  return failure;
}

}  // namespace spaces::accounts
