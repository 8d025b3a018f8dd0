/// Headlines made from a row: "{bedrooms} bed {propertyType} in {city}".
#pragma once

#include "platform/base/function_ref.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::properties {

/// Text with placeholders: `{name}`, or `{name|text}` with what stands there when the row has no such
/// value. Without a text an absent value drops out together with the words that belong to it: those
/// behind it up to the next placeholder, comma or word such as "in" ("{bedrooms} bed in {city}" becomes
/// "in Kent"), and a word such as "in" right before it. What is left is tidied: no space twice, none of
/// those words and no comma at an end.
class title_template {
 public:
  /// Empty when a brace is not closed or holds no name.
  static std::optional<title_template> parse(std::string_view text);

  /// The placeholders' names, in order.
  std::vector<std::string_view> names() const;

  /// `value_of` gives the n-th placeholder's value; empty: absent.
  std::string fill(function_ref<std::string_view(std::size_t)> value_of) const;

 private:
  struct placeholder {
    std::string name;
    std::string otherwise;
  };
  std::vector<std::string> literals_;  ///< one more than placeholders: what stands around them
  std::vector<placeholder> placeholders_;
};

/// The first `code_points_max` code points, cut at a word's end where there is one in the second half.
std::string shortened(std::string text, std::size_t code_points_max);

}  // namespace spaces::properties
