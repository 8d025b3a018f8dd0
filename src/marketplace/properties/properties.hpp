/// Listings: who publishes, sees, changes and removes them, and how they are found.
#pragma once

#include "marketplace/properties/city_keys.hpp"
#include "marketplace/properties/inquiry_counts.hpp"
#include "marketplace/properties/listing_counts.hpp"
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
#include "platform/table/page.hpp"
#include "platform/table/revise.hpp"
#include "platform/table/table.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace spaces::properties {

/// What a feature writes when a listing is deleted.
using removal_hook = std::function<std::vector<table::operation>(const property& gone, instant now)>;

/// What becomes of a listing's pictures, and what is written with it.
struct images_revision {
  std::vector<listing_image> images;
  std::vector<table::operation> alongside = {};
};
/// Empty: they stay as they are.
using images_decision = function_ref<result<std::optional<images_revision>>(const property& before)>;

/// Why an operator takes a listing down or restores it, and what is written with it: the audit's entry.
struct operator_decision {
  std::string reason;
  std::vector<table::operation> also = {};
};

/// What is written beside an operator's decision, to tell its owner.
using decision_job = std::function<table::operation(const property& after, std::string_view reason, instant now)>;

struct properties_options {
  /// In production who has not confirmed an e-mail address may read, not publish.
  bool publishers_must_be_verified = false;
  /// What else is written when a listing is deleted, in its transaction: what each feature has to do then.
  std::vector<removal_hook> when_removed = {};
  /// What is written beside a listing that an operator takes down or restores: its owner is told why
  /// (properties/emails.hpp).
  decision_job when_decided = {};
  listing_limits limits = {};
  std::string media_url = {};  ///< what the addresses of pictures begin with
};

/// Of which listings an operator wants to know: somebody's, or all of one status (taken-down unless given) that is not
/// their owners' alone; newest first.
struct operator_query {
  std::optional<uuid> owner = {};
  std::optional<property_status> status = {};
  std::size_t limit = 1000;
};

class properties {
 public:
  properties(table::single_table& table, const clock& clock, std::string_view store_secret, properties_options options);

  /// Who publishes: (verified) sellers and agents; others are `forbidden`.
  result<void> may_publish(const caller& who) const;

  /// Publishes a listing. `forbidden` except for (verified) sellers and agents. With an idempotency key that was used
  /// for the same request: the listing that was made then. Who has as many as `properties_options::limits` allow is
  /// `limited` for the day, or in `conflict`. `invalid` for rules that span fields (`validate`).
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

  /// Changes the pictures of the caller's listing, and returns it as it is then; errors as of `change`, but that
  /// `expected` may name any version since which its owner has changed no picture. `refused` says what a failed
  /// condition of what is written alongside means (table/revise.hpp).
  result<property> change_images(const caller& who, const uuid& id, const expected_version& expected, instant deadline,
                                 images_decision decide, table::condition_failure_reader refused);
  /// The same by what prepares them. `not_found` when the listing is gone.
  result<property> progress_images(const uuid& id, instant deadline, images_decision decide);

  /// Deletes it; the same errors as `change`.
  result<void> remove(const caller& who, const uuid& id, const expected_version& expected, instant deadline);

  // ---- What an operator does. Each decision is one transaction with its `also`, retried on conflict until `deadline`.

  /// Takes a listing down: nobody but its owner sees it, who is told the reason, in the listing and by e-mail.
  /// `invalid` for a reason that is empty or longer than `takedown_reason_max`, `not_found`, `conflict` when it is
  /// taken down for this reason already; another reason replaces the first.
  result<void> take_down(const uuid& id, const operator_decision& decision, instant deadline);
  /// Gives it the status that it had, or that its owner gave it meanwhile; the owner is told why. `conflict` when it is
  /// not taken down.
  result<void> restore(const uuid& id, const operator_decision& decision, instant deadline);
  /// Hides the public listings of somebody who is suspended, and shows them again; the e-mail about the suspension
  /// tells of it. One that is taken down stays so. Repeatable.
  result<void> hide_all(const uuid& owner, instant deadline);
  result<void> unhide_all(const uuid& owner, instant deadline);
  /// Shows listings of any status until `visit` says no.
  result<void> visit_for_operator(const operator_query& which, function_ref<bool(const property&)> visit);

  /// Withdraws every listing of somebody who left. Repeatable.
  result<void> withdraw_all(const uuid& owner, instant deadline);

  /// Every listing of somebody, descriptions too, from behind `after`, until `add` takes no more.
  result<table::export_place> export_page(const uuid& owner, const std::optional<table::position>& after,
                                          table::export_sink add);

  /// A page of listings. `invalid` for rules that span parameters and for a cursor that is not of this
  /// question, `unauthenticated` for nobody's own listings.
  /// Shows each card (record/card.hpp) in order and returns the cursor of the next page, where there is
  /// one. After an error what was shown is no page.
  result<std::optional<std::string>> list(const caller& who, const listing_query& query,
                                          function_ref<void(std::string_view card)> show);

  /// What makes the keys of an older store anew.
  city_keys& keys_of_cities() { return city_keys_; }

  /// Puts on cards of the caller's own listings how many inquiries each has had, in one batch.
  result<void> add_counts(std::vector<std::string>& cards);

 private:
  /// Writes the listing, what counts it and, where there is one, what keeps the idempotency key: all or none.
  result<table::outcome> write_counted(const property& made, table::operation counts,
                                       const std::optional<table::idempotent_request>& idempotency);
  result<property> refused_or_made(error why, const std::optional<table::idempotent_request>& idempotency);
  result<void> moderate(const uuid& id, instant deadline,
                        function_ref<result<std::optional<property>>(property before)> decide,
                        const operator_decision* told);
  result<property> revise_images(const uuid& id, instant deadline, images_change how,
                                 function_ref<result<property>(const record::item* stored)> read,
                                 images_decision decide, table::condition_failure_reader refused);
  result<void> set_owner_suspended(const uuid& owner, bool suspended, instant deadline);
  result<std::vector<table::key>> keys_of(const uuid& owner, std::size_t max);

  table::single_table& table_;
  const clock& clock_;
  table::cursor_seal seal_;
  city_keys city_keys_;
  properties_options options_;
};

}  // namespace spaces::properties
