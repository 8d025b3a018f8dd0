/// What people say beside the file, and what it means.
#pragma once

#include "marketplace/properties/import/area_unit.hpp"
#include "marketplace/properties/import/number_text.hpp"
#include "marketplace/properties/import/source_time.hpp"
#include "marketplace/properties/import/title_template.hpp"
#include "marketplace/properties/property.hpp"
#include "platform/base/error.hpp"
#include "platform/record/read.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spaces::properties {

/// As it is said: texts.
struct mapping_options {
  using pairs = std::vector<std::pair<std::string, std::string>>;

  uuid owner;
  std::string file;       ///< its name: with the line it names a house that has no key
  std::string source;     ///< where keys are from, when several give the same; of lines, in place of the file's name
  std::string key;        ///< column that names the house; empty: the line does
  std::string order;      ///< column with the row's time; empty: rows count as they come
  bool no_order = false;  ///< times that earlier files gave do not count either
  std::string title;      ///< template for rows without a title; empty: the default
  pairs map;              ///< our field, their column; no column: the field is not read from the file
  pairs set;              ///< our field, its value in every row
  pairs defaults;         ///< our field, its value where the file has none
  pairs statuses;         ///< their word, our status
  pairs units;            ///< our field of an area, its unit
  std::vector<std::string> ignore;          ///< columns that are not used
  std::vector<std::string> number_formats;  ///< 1.234,56 or COLUMN=1.234,56
  std::string date_order;                   ///< ymd, dmy or mdy
};

/// As it is meant.
struct mapping_rules {
  struct column_format {
    std::string column;
    decimal_mark mark;
  };

  mapping_options said;
  record::draft<property> set;
  record::draft<property> defaults;
  std::array<std::optional<area_unit>, record::fields_max> units;
  std::vector<std::pair<std::string, std::string>> statuses;  ///< folded word, our status
  std::optional<decimal_mark> number_format;
  std::vector<column_format> number_formats;
  std::optional<spaces::properties::date_order> date_order;
  std::optional<title_template> title;

  /// `malformed` with one sentence that names what was said and what is allowed.
  static result<mapping_rules> make(mapping_options options);
};

/// The fields that a file may give, with commas between.
std::string importable_fields();
/// What people give of a listing, and addresses of its pictures.
bool is_importable(const record::field& f);
/// Index of such a field, in any spelling of its name.
std::optional<std::size_t> importable_field(std::string_view name);
/// Of the title.
std::size_t title_field();

/// Names with commas between; of many the first 40.
std::string joined(const std::vector<std::string>& names);

}  // namespace spaces::properties
