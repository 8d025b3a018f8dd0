/// What becomes of a listing when a file brings it: pure rules.
#pragma once

#include "marketplace/properties/import/row_mapping.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace spaces::properties {

/// Kept on a listing whose file tells times: when the row was true that it was last changed by. A row
/// that is older changes nothing, in whichever order rows and files come.
inline constexpr std::string_view source_time_attribute = "SourceTime";

/// A row on its way into the store.
struct incoming_row {
  std::size_t line = 0;
  mapped_row row;      ///< of an export that is restored: every field of `row.draft.values`
  std::string cells;   ///< the row as the file of rejected rows will show it
  instant created_at;  ///< if the listing is new
};

enum class verdict { created, updated, unchanged, older, rejected };

struct import_merge {
  spaces::properties::verdict verdict = verdict::unchanged;
  std::optional<record::item> becomes;  ///< of created and updated
  std::int64_t version_before = 0;      ///< of updated
  std::string reason;                   ///< of rejected
  bool has_outside = false;             ///< pictures that are elsewhere
};

/// A row of people's files, `owner`'s. What the file does not give stays as it is; the owner's title
/// stays, too, where the file has none. Another owner's listing is never touched.
import_merge merge_import(const incoming_row& in, const uuid& owner, const record::item* before, instant now);

/// What of a house a row says otherwise than the listing that its line made, "address 'a' is 'b' now"; empty when they
/// are of one house. By its address and place; where neither is told, by everything.
std::string another_house(const record::draft<property>& row, const property& there);

/// A row of an export: the listing as it was, its version and times too. It replaces what is there when
/// its version is higher; the same version with other content is refused.
import_merge merge_restore(const incoming_row& in, const record::item* before);

}  // namespace spaces::properties
