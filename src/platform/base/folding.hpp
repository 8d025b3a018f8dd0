/// What makes texts equal that people take for the same: one folding for keys, filters and searches.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spaces {

/// The version of `fold`. Keys hold folded texts, so a change of what it answers raises this, and a store's keys
/// are made anew (marketplace/properties/city_keys.hpp).
inline constexpr int folding_version = 2;

/// Case, accents and typography are gone; takes valid UTF-8:
///   - case folded and compatibility forms decomposed without their marks (utf8proc NFKD): "SÃO" is "sao", "ﬁ" "fi";
///   - Latin letters that Unicode does not decompose are the ASCII that people write for them (latin_letters.inc):
///     "Łódź" is "lodz", "Ærøskøbing" "aeroskobing", "Đà Nẵng" "da nang", "Kırşehir" "kirsehir";
///   - quotes, apostrophes and primes of every kind are left out: "L’Aquila" is "laquila", "Kāneʻohe" "kaneohe";
///   - hyphens and dashes of every kind are spaces: "Saint-Denis" is "saint denis"; so are commas;
///   - full stops and middle dots are left out, except those between digits: "St. Louis" is "st louis";
///   - what nobody sees (soft hyphens, joiners, direction marks) is left out;
///   - runs of white space are one space, none at the ends.
/// A text of nothing but such characters keeps them: "-" and "'" are different.
std::string fold(std::string_view text);

/// True where every version of `fold` gives the same except case: ASCII letters and digits, single spaces between.
bool folds_plainly(std::string_view text);

/// The words of a folded text, in its order.
std::vector<std::string> words_of(std::string_view folded);

/// `fold` without spaces: "l6a 1p9", "L6A-1P9" and "L6A1P9" are "l6a1p9".
std::string fold_postcode(std::string_view text);

/// Whether a postcode is the wanted one or one of its area, both folded: "98103" has "981031234" (ZIP and ZIP+4),
/// "l6a" has "l6a1p9", "sw1a" has "sw1a1aa"; "m1" does not have "m111aa", which is of "m11".
bool in_postcode(std::string_view held, std::string_view wanted);

}  // namespace spaces
