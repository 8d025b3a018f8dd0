/// What the list of a caller's inquiries can be filtered and sorted by, and which index answers it.
#pragma once

#include "marketplace/inquiries/inquiry.hpp"
#include "platform/table/table.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace spaces::inquiries {

enum class inquiry_box { received, sent };
enum class inquiry_sort { newest, oldest };

inline constexpr std::string_view inquiry_box_names[] = {"received", "sent"};
inline constexpr std::string_view inquiry_sort_names[] = {"-createdAt", "createdAt"};

}  // namespace spaces::inquiries

template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::inquiries::inquiry_box> =
    spaces::inquiries::inquiry_box_names;
template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::inquiries::inquiry_sort> =
    spaces::inquiries::inquiry_sort_names;

namespace spaces::inquiries {

struct inquiry_query {
  std::int64_t limit = 20;
  std::optional<std::string> cursor;
  inquiry_box box = inquiry_box::received;
  inquiry_sort sort = inquiry_sort::newest;
  std::optional<uuid> property_id;
  std::optional<inquiry_status> status;

  static record::field_span fields();

  bool received() const { return box == inquiry_box::received; }
};

/// The rows that can hold the answer, in its order. Those of one listing are found by the listing.
table::query plan(const inquiry_query& query, const uuid& who);

/// A text that is the same for the same question except limit and cursor: what a cursor belongs to.
std::string question_of(const inquiry_query& query, const uuid& who);

/// True when the index alone answers the question.
bool admits_all(const inquiry_query& query);
/// What the index does not answer, asked of a card.
bool admits(const inquiry_query& query, std::string_view card);
/// Whether the card's inquiry is about a listing of this person. All inquiries about one listing are.
bool owns(const uuid& who, std::string_view card);

}  // namespace spaces::inquiries
