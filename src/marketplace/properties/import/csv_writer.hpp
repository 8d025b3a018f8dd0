/// CSV as RFC 4180 writes it.
#pragma once

#include <string>
#include <string_view>

namespace spaces::properties {

/// Appends a cell: quoted where its text asks for it. An empty text becomes "", which tells it from no
/// text at all, for which nothing is written.
void append_csv_cell(std::string& out, std::string_view text);

/// The same for a file that is opened in a spreadsheet: a text that it would calculate (it begins with = + - @, a tab
/// or a line's end, also in their wide forms, and is no number) gets an apostrophe in front (OWASP, CSV injection).
void append_csv_text_cell(std::string& out, std::string_view text);

/// Ends a row (CRLF, as RFC 4180 has it).
inline void end_csv_row(std::string& out) { out += "\r\n"; }

}  // namespace spaces::properties
