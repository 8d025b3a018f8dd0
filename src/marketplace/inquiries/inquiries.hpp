/// Inquiries: who inquires about a listing, who sees the question and who answers it.
#pragma once

#include "marketplace/accounts/accounts.hpp"
#include "marketplace/inquiries/emails.hpp"
#include "marketplace/inquiries/inquiry.hpp"
#include "marketplace/inquiries/inquiry_query.hpp"
#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/expected_version.hpp"
#include "platform/jobs/runner.hpp"
#include "platform/record/read.hpp"
#include "platform/table/cursor.hpp"
#include "platform/table/idempotency.hpp"
#include "platform/table/page.hpp"
#include "platform/table/table.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace spaces::inquiries {

struct inquiries_options {
  /// In production who has not confirmed an e-mail address may read, not inquire.
  bool inquirers_must_be_verified = false;
};

struct inquiry_page {
  std::vector<std::string> cards;          ///< packed cards (record/write.hpp), in order
  std::optional<std::string> next_cursor;  ///< empty on the last page
};

class inquiries {
 public:
  /// The bell is rung when an e-mail waits.
  inquiries(table::single_table& table, const clock& clock, accounts::accounts& people, jobs::bell& bell,
            std::string_view store_secret, inquiries_options options);

  /// Who inquires: in production verified people; others are `forbidden` (type email-unverified).
  result<void> may_inquire(const caller& who) const;

  /// Inquires about a listing. `not_found` for one that the caller does not see; `forbidden` for the caller's, and
  /// (type email-unverified) for the unverified; `conflict` for a listing that takes no inquiries (type
  /// listing-closed, also to whom its owner blocks) and while an earlier one is open (already-asked);
  /// `limited` and, for the same text too often, `invalid` by the limits of recent_inquiries.hpp; `invalid` for texts
  /// against the rules. All of it holds when it is written, whatever happens at the same time. With an
  /// idempotency key that was used for the same request: the inquiry that was made then, as it is now.
  result<inquiry> inquire(const caller& who, const record::draft<inquiry>& request,
                          const std::optional<table::idempotent_request>& idempotency, instant deadline);

  /// One that concerns the caller; else `not_found`. To the listing's owner with the inquirer, as they are now.
  result<inquiry> see(const caller& who, const uuid& id);

  /// Whether there is such an inquiry for the caller: what `change` would say before anything else.
  result<void> may_change(const caller& who, const uuid& id);

  /// Answers, edits or closes (inquiry.hpp says who may what). `precondition_failed` when its version is
  /// another than expected. Retried on conflict until `deadline`.
  result<inquiry> change(const caller& who, const uuid& id, const record::draft<inquiry>& changes,
                         const expected_version& expected, instant deadline);

  /// Closes all that are open about a listing that is gone, and has the inquirers told. Repeatable: what was closed
  /// before stays as it is. `conflict` while the index lags behind the counts: again later.
  result<void> close_all_about(const uuid& property_id);

  /// Closes all that are open and were sent or received by somebody who left, and has the other side told. Repeatable;
  /// what an index does not show yet is for the next time.
  result<void> close_all_of(const uuid& person);

  /// A page of the caller's own, those received with the inquirers (one batch for the page). `invalid` for a cursor
  /// that is not of this question.
  result<inquiry_page> list(const caller& who, const inquiry_query& query);

 private:
  result<std::optional<inquiry>> try_to_inquire(inquiry& made, const caller& who,
                                                const std::optional<table::idempotent_request>& idempotency);
  result<inquiry> concerning(const caller& who, const uuid& id, table::consistency read);
  result<table::put> edit_of(const inquiry& after, instant now);
  result<void> add_contact(inquiry& to);
  result<void> add_contacts(inquiry_page& page);
  result<void> close_open(table::query rows, inquiry_event event);
  result<void> close_for_good(const uuid& id, inquiry_event event);

  table::single_table& table_;
  const clock& clock_;
  accounts::accounts& people_;
  jobs::bell& bell_;
  table::cursor_seal seal_;
  inquiries_options options_;
};

}  // namespace spaces::inquiries
