/// Two listings of different people with the same picture, for the operator: a usual fraud, and sometimes an agent who
/// took a listing over. One report for each pair of listings.
#pragma once

#include "marketplace/images/likeness_index.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/error.hpp"
#include "platform/base/uuid.hpp"
#include "platform/record/field.hpp"
#include "platform/table/table.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::images {

enum class alike_status { open, resolved };
inline constexpr std::string_view alike_status_names[] = {"open", "resolved"};

}  // namespace spaces::images

template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::images::alike_status> =
    spaces::images::alike_status_names;

namespace spaces::images {

struct alike_report {
  uuid id;  ///< of both listings
  alike_status status = alike_status::open;
  std::int64_t distance = 0;  ///< bits of 64 that differ
  // The picture that came later, and what it is the same as.
  uuid image_id;
  uuid property_id;
  uuid user_id;
  uuid other_image_id;
  uuid other_property_id;
  uuid other_user_id;
  instant created_at;
  std::optional<instant> resolved_at;
  std::optional<std::string> note;  ///< of the operator who resolved it
  std::int64_t version = 0;

  static record::field_span fields();
};

/// Thread-safe.
class alike_reports {
 public:
  alike_reports(table::single_table& table, const clock& clock) : table_(table), clock_(clock) {}

  /// Keeps that a picture that came is the same as another one. Of two listings the first is kept, whatever follows.
  result<void> keep(const likeness& came, const likeness& other, int distance);

  /// Those of one status, oldest first: at most `alike_listed_max`.
  result<std::vector<alike_report>> list(alike_status status);

  /// The operator has looked at it, and `also` is written with that. `not_found` for none; `conflict` when it was
  /// resolved before.
  result<alike_report> resolve(const uuid& id, std::optional<std::string> note,
                               const std::vector<table::operation>& also = {});

 private:
  table::single_table& table_;
  const clock& clock_;
};

/// More than an operator reads in one go; resolved ones make room.
inline constexpr std::size_t alike_listed_max = 100;

}  // namespace spaces::images
