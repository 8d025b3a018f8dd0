/// Whether people can read a text that stands for somebody or something: names, titles.
#pragma once

#include <string_view>

namespace spaces {

/// False for what shows nothing (white space, format characters, marks without a letter, blank letters as U+3164),
/// for what turns the direction of the text around it (embeddings, overrides and isolates: Unicode TR 36, 2.5), and for
/// code points that are no characters: unassigned, private or halves of a pair. Pictographs that are newer than our
/// tables may stand beside others. Takes valid UTF-8.
bool is_legible(std::string_view text);

}  // namespace spaces
