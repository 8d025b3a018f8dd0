/// Texts as people write them: UTF-8, code points, trimming. What makes texts equal is in folding.hpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace spaces {

/// Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

/// Number of code points of valid UTF-8.
std::size_t code_points(std::string_view text);

/// Without the white space (Unicode White_Space) at both ends. Takes valid UTF-8.
std::string_view trim(std::string_view text);

/// True when a code point of general category Cc is in it; `allow_line_breaks` lets TAB, LF and CR pass,
/// for texts of several lines.
bool has_control(std::string_view text, bool allow_line_breaks);

/// Which kinds of characters a text holds, in any script.
struct character_kinds {
  bool upper = false;
  bool lower = false;
  bool digit = false;
  bool other = false;  ///< punctuation, symbols, white space, letters without case
};
/// Takes valid UTF-8.
character_kinds kinds_in(std::string_view text);

/// ASCII only: header names, query keys.
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string lower_ascii(std::string_view text);

/// %XX and, in queries, '+'. Empty for a bad escape.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
/// Escapes all but RFC 3986's unreserved.
std::string percent_encode(std::string_view text);

}  // namespace spaces
