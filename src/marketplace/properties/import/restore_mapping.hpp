/// Exports read back: every stored field, and the attributes that this version does not know.
#pragma once

#include "marketplace/properties/import/row_mapping.hpp"

#include <string>
#include <vector>

namespace spaces::properties {

/// The column of an export that holds, as a JSON object, the attributes of a listing that are no
/// fields: what an import noted, what a newer version wrote. Bytes stand there as
/// {"base64url":"…"}.
inline constexpr std::string_view other_column = "other";

/// Appends that object; false, and nothing, when there are no such attributes.
bool append_other(std::string& out, record::item_view unknown);

class restore_mapping {
 public:
  /// `malformed` with one sentence when the columns are not those of an export.
  static result<restore_mapping> make(const std::vector<std::string>& columns);

  /// Reads a row that can be read into all of a listing. False with every problem.
  bool map(const source_row& row, const std::vector<std::string>& columns, mapped_row& out, row_findings& found);

 private:
  bool read(const source_row& row, const std::vector<std::string>& columns, mapped_row& out,
            std::vector<problem>& problems);
  void absorb(const std::vector<std::string>& columns);

  std::vector<problem> problems_;    ///< of the last row
  std::vector<std::size_t> fields_;  ///< of each column, or one of the two below
  static constexpr std::size_t no_field = 1000, other_attributes = 1001;
};

}  // namespace spaces::properties
