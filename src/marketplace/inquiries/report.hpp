/// What people report to the operator: an inquiry, kept as it was when it was reported, until the operator
/// has looked at it.
#pragma once

#include "marketplace/inquiries/inquiry.hpp"
#include "platform/base/caller.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/field.hpp"
#include "platform/record/read.hpp"
#include "platform/table/table.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::inquiries {

enum class report_status { open, resolved };

inline constexpr std::string_view report_status_names[] = {"open", "resolved"};

}  // namespace spaces::inquiries

template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::inquiries::report_status> =
    spaces::inquiries::report_status_names;

namespace spaces::inquiries {

struct report {
  uuid id;  ///< of inquiry and reporter: one report by each side
  report_status status = report_status::open;
  std::optional<std::string> reason;
  uuid reported_by;
  // The inquiry as it was then.
  uuid inquiry_id;
  uuid property_id;
  std::string property_title;
  uuid user_id;
  uuid owner_id;
  std::string message;
  std::optional<std::string> response;
  instant created_at;
  std::optional<instant> resolved_at;
  std::optional<std::string> note;  ///< of the operator who resolved it
  std::int64_t version = 0;

  static record::field_span fields();
  static constexpr std::string_view create_name = "InquiryReport";
};

/// REPORT#id / DETAILS, of one inquiry by one person.
table::key report_key(const uuid& inquiry_id, const uuid& reported_by);
/// Empty when an attribute does not fit its field: the item is damaged.
std::optional<report> to_report(record::item_view stored);

/// Thread-safe.
class reports {
 public:
  reports(table::single_table& table, const clock& clock) : table_(table), clock_(clock) {}

  /// Whether there is such an inquiry for the caller to report; else `not_found`.
  result<void> may_keep(const caller& who, const uuid& inquiry_id);

  /// Keeps an inquiry that concerns the caller for the operator; else `not_found`. Once more by the same
  /// person changes nothing.
  result<void> keep(const caller& who, const uuid& inquiry_id, const record::draft<report>& request);

  /// Those of one status, oldest first, for the operator: at most `reports_listed_max`.
  result<std::vector<report>> list(report_status status);

  /// The operator has looked at it, in one transaction with `also` (the audit's entry). `not_found` for none;
  /// `conflict` when it was resolved before, `invalid` for a note that breaks its field's rules.
  result<report> resolve(const uuid& id, std::optional<std::string> note, const std::vector<table::operation>& also);

 private:
  result<inquiry> concerning(const caller& who, const uuid& inquiry_id);

  table::single_table& table_;
  const clock& clock_;
};

/// More than an operator reads in one go; the oldest come first, and resolved ones make room.
inline constexpr std::size_t reports_listed_max = 100;

}  // namespace spaces::inquiries
