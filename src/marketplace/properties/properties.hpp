/// Listings: who publishes, sees, changes and removes them, and how they are found.
#pragma once

#include "marketplace/properties/inquiry_counts.hpp"
#include "marketplace/properties/listing_query.hpp"
#include "marketplace/properties/property.hpp"
#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/expected_version.hpp"
#include "platform/base/function_ref.hpp"
#include "platform/record/read.hpp"
#include "platform/table/cursor.hpp"
#include "platform/table/idempotency.hpp"
#include "platform/table/table.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace spaces::properties {

/// Listings that one person's export holds: an answer is made in memory. Who has more is a company and has
/// `spaces export`.
inline constexpr std::size_t exported_listings_max = 10'000;

/// What a feature writes when a listing is deleted.
using removal_hook = std::function<std::vector<table::operation>(const uuid& id, instant now)>;

struct properties_options {
  /// In production who has not confirmed an e-mail address may read, not publish.
  bool publishers_must_be_verified = false;
  /// What else is written when a listing is deleted, in its transaction: what each feature has to do then.
  std::vector<removal_hook> when_removed = {};
};

class properties {
 public:
  properties(table::single_table& table, const clock& clock, std::string_view store_secret, properties_options options);

  /// Who publishes: (verified) sellers and agents; others are `forbidden`.
  result<void> may_publish(const caller& who) const;

  /// Publishes a listing. `forbidden` except for (verified) sellers and agents. With an idempotency key
  /// that was used for the same request: the listing that was made then, as it is now.
  result<property> create(const caller& who, const record::draft<property>& request,
                          const std::optional<table::idempotent_request>& idempotency);

  /// Shows the stored listing, and what is known of it, to `visit`. Drafts and withdrawn ones are `not_found` except to
  /// their owner.
  result<void> view(const caller& who, const uuid& id, function_ref<void(record::item_view, const ownership&)> visit);

  /// The inquiry counts of these, in their order: for their owner.
  result<std::vector<inquiry_counts>> inquiry_counts_of(const std::vector<uuid>& ids);

  /// Whether there is such a listing for the caller to change: what `change` would say before anything else.
  result<void> may_change(const caller& who, const uuid& id);

  /// Changes the given fields. `forbidden` for another's public listing, `not_found` for one that is
  /// not, `precondition_failed` when its version is another than expected. To make public what is not
  /// is to publish it. Retried on conflict until `deadline`.
  result<property> change(const caller& who, const uuid& id, const record::draft<property>& changes,
                          const expected_version& expected, instant deadline);

  /// Deletes it; the same errors as `change`.
  result<void> remove(const caller& who, const uuid& id, const expected_version& expected, instant deadline);

  /// Withdraws every listing of somebody who left. Repeatable.
  result<void> withdraw_all(const uuid& owner, instant deadline);

  /// Every listing of somebody as a JSON array, descriptions too; the first `exported_listings_max`.
  result<std::string> export_of(const uuid& owner);

  /// A page of listings. `invalid` for rules that span parameters and for a cursor that is not of this
  /// question, `unauthenticated` for nobody's own listings.
  /// Shows each card (record/card.hpp) in order and returns the cursor of the next page, where there is
  /// one. After an error what was shown is no page.
  result<std::optional<std::string>> list(const caller& who, const listing_query& query,
                                          function_ref<void(std::string_view card)> show);

  /// Puts on cards of the caller's own listings how many inquiries each has had, in one batch.
  result<void> add_counts(std::vector<std::string>& cards);

 private:
  result<std::vector<table::key>> keys_of(const uuid& owner, std::size_t max);

  table::single_table& table_;
  const clock& clock_;
  table::cursor_seal seal_;
  properties_options options_;
};

}  // namespace spaces::properties
