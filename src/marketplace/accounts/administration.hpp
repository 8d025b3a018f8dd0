/// What operators do about people: find them, suspend and restore them, end their sessions, confirm their address.
#pragma once

#include "marketplace/accounts/user.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/function_ref.hpp"
#include "platform/identity/sessions.hpp"
#include "platform/table/table.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::accounts {

/// Kinds of the jobs that tell the person, with the reason as `reason`.
inline constexpr std::string_view send_suspended_kind = "send-suspended";
inline constexpr std::string_view send_restored_kind = "send-restored";

struct user_filter {
  bool suspended = false;    ///< those alone
  bool unconfirmed = false;  ///< those alone
  std::string text;          ///< in the e-mail address or name, whatever the case
};

/// Each change is one transaction with `also` (the audit's entry), retried on conflict until `deadline`.
class administration {
 public:
  /// All must outlive this.
  administration(table::single_table& table, const clock& clock, identity::sessions& sessions)
      : table_(table), clock_(clock), sessions_(sessions) {}

  /// Shows people in the table's order until `visit` says no. Walks all of the store.
  result<void> list(const user_filter& which, function_ref<bool(const user&)> visit);
  /// By id or e-mail address; `not_found`.
  result<user> find(std::string_view id_or_email);

  /// Nobody logs in to it until it is restored, every session ends, and what it published leaves public view. The
  /// person is told why. Once more is `conflict`.
  result<void> suspend(const uuid& id, const std::string& reason, const std::vector<table::operation>& also,
                       instant deadline);
  /// `conflict` when it is not suspended.
  result<void> restore(const uuid& id, const std::string& reason, const std::vector<table::operation>& also,
                       instant deadline);
  result<void> end_sessions(const uuid& id, const std::vector<table::operation>& also, instant deadline);
  /// `conflict` when it is.
  result<void> confirm_email(const uuid& id, const std::vector<table::operation>& also, instant deadline);

 private:
  result<void> set_suspension(const uuid& id, const std::string& reason, bool suspended,
                              const std::vector<table::operation>& also, instant deadline);

  table::single_table& table_;
  const clock& clock_;
  identity::sessions& sessions_;
};

}  // namespace spaces::accounts
