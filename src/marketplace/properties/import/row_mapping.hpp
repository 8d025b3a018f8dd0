/// From a row of a file to a listing: which column means which field, decided over the whole file and before anything
/// is written, then row by row.
#pragma once

#include "marketplace/properties/import/cell_text.hpp"
#include "marketplace/properties/import/column_plan.hpp"
#include "marketplace/properties/import/column_survey.hpp"
#include "marketplace/properties/import/import_reasons.hpp"
#include "marketplace/properties/import/row_source.hpp"
#include "marketplace/properties/property.hpp"
#include "platform/record/read.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spaces::properties {

/// The title of a listing that came without one.
inline constexpr std::string_view default_title = "{bedrooms}-bedroom {propertyType|home} in {city}";
std::string default_title_of(const property& p);

/// A row understood.
struct mapped_row {
  uuid id;
  record::draft<property> draft;
  bool title_by_default = false;  ///< nobody gave a title
  std::optional<instant> time;    ///< when the row was true
  bool time_counts = true;        ///< false: neither does the time of the listing that is there
};

/// What is wrong with a cell; views into the row and its columns.
struct cell_finding {
  std::string_view column;
  std::string reason;
  std::string_view value;
};

struct row_findings {
  std::vector<cell_finding> rejected;  ///< why the row cannot go in
  std::vector<cell_finding> dropped;   ///< cells that do not; the row does
  std::vector<cell_finding> left_out;  ///< why it is nothing of ours
  bool good() const { return rejected.empty() && left_out.empty(); }
  void clear() { rejected.clear(), dropped.clear(), left_out.clear(); }
};

/// Where a field's values come from, for people.
struct field_report {
  std::string field;
  std::string from;    ///< columns, "--set", "--default" or "made"
  std::string sample;  ///< a text as it stands there
  std::string note;    ///< the numbers' format, the unit, the dates' order; may be empty
};

class row_mapping {
 public:
  /// `malformed` when what people said cannot be. Nothing is known of the columns yet.
  static result<row_mapping> make(mapping_options options);

  /// What is wrong with the columns: of CSV immediately, of JSON Lines when all rows were looked at.
  result<void> check(const std::vector<std::string>& columns);
  /// The first pass, row by row.
  void look(const source_row& row, const std::vector<std::string>& columns);
  /// Its end. `malformed` for columns that cannot be read without guessing.
  result<void> decide(const std::vector<std::string>& columns);

  /// Reads a row that can be read. False with what was found when it does not go in.
  bool map(const source_row& row, const std::vector<std::string>& columns, mapped_row& out, row_findings& found);

  /// Columns that mean nothing to us, in the file's order.
  std::vector<std::string> unused(const std::vector<std::string>& columns) const { return plan_.unused(columns); }
  /// Fields that have values, in their order; key and time behind them.
  std::vector<field_report> fields(const std::vector<std::string>& columns) const;
  std::vector<std::string> key_like(const std::vector<std::string>& columns) const {
    return survey_.key_like(columns, plan_);
  }
  const std::vector<std::string>& time_like() const { return plan_.times; }
  std::uint64_t repeated_keys() const { return survey_.repeated_keys(); }
  bool has_key() const { return !rules_.said.key.empty(); }
  const mapping_options& options() const { return rules_.said; }

 private:
  explicit row_mapping(mapping_rules rules);

  void absorb(const std::vector<std::string>& columns);
  void plan_title(const std::vector<std::string>& columns);
  bool is_for_rent(const source_row& row, const std::vector<std::string>& columns, row_findings& found);
  std::optional<cell_rules> rules_for(const field_source& from, const source_row& row, std::string_view column,
                                      std::vector<problem>& problems) const;
  bool read_source(std::size_t field, const field_source& from, const source_row& row, std::string_view column,
                   mapped_row& out, std::vector<problem>& problems) const;
  void map_field(std::size_t at, const source_row& row, const std::vector<std::string>& columns, mapped_row& out,
                 row_findings& found);
  void map_status(const field_source& from, const source_row& row, std::string_view column, mapped_row& out,
                  row_findings& found) const;
  void map_place(const std::vector<std::string>& columns, const source_row& row, mapped_row& out,
                 row_findings& found) const;
  void map_title(const source_row& row, mapped_row& out);
  void map_id(const source_row& row, const std::vector<std::string>& columns, mapped_row& out,
              row_findings& found) const;
  void map_time(const source_row& row, const std::vector<std::string>& columns, mapped_row& out,
                row_findings& found) const;
  std::string note_on(const field_source& from, const std::vector<std::string>& columns) const;

  /// Where a placeholder's value comes from.
  struct title_part {
    std::optional<std::size_t> field;
    std::size_t column = 0;
  };
  /// The last text of a column that says sale or rent, and what it said: columns of few words.
  struct last_word {
    std::string text;
    bool rent = false;
  };

  mapping_rules rules_;
  column_plan plan_;
  column_survey survey_;
  std::size_t absorbed_ = 0;  ///< columns that the plan knows
  std::vector<title_part> title_parts_;
  std::vector<std::string> title_values_;
  std::vector<last_word> last_words_;  ///< of plan_.transactions
  std::string owner_text_;
  std::vector<problem> problems_;  ///< of one cell
};

}  // namespace spaces::properties
