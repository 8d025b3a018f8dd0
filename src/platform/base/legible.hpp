/// Whether people can read what others wrote.
#pragma once

#include <string>
#include <string_view>

namespace spaces {

/// Of a text in one line, which stands for somebody or something: names, titles. False for what shows nothing (white
/// space, format characters, marks without a letter, blank letters as U+3164), for what turns the direction of the text
/// around it (embeddings, overrides and isolates: Unicode TR 36, 2.5), and for code points that are no characters:
/// unassigned, private or halves of a pair. Pictographs that are newer than our tables may stand beside others. Takes
/// valid UTF-8.
bool is_legible(std::string_view text);

/// Of a text of several lines: messages, descriptions. False for what shows nothing, for overrides of direction, and
/// where an embedding or an isolate does not end in the line that it begins in: telephones write them around numbers
/// and names. Characters that we do not know, as the bullets of word processors, may stand beside others. Takes valid
/// UTF-8.
bool is_readable(std::string_view text);

/// Without embeddings, overrides and isolates: for a text that is cut.
std::string without_turns(std::string_view text);

}  // namespace spaces
