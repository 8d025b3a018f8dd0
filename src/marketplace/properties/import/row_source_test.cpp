#include "marketplace/properties/import/row_source.hpp"

#include "marketplace/properties/import/csv_writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace spaces::properties {
namespace {

/// Hands a text out in pieces of this size.
byte_source in_pieces(std::string text, std::size_t piece) {
  return [text = std::move(text), piece, at = std::size_t{0}](std::span<char> into) mutable -> result<std::size_t> {
    const std::size_t size = std::min({piece, into.size(), text.size() - at});
    std::copy_n(text.data() + at, size, into.data());
    at += size;
    return size;
  };
}

/// A file's rows as texts: "2: a|b", "." for an absent cell, "3! fault" for a row that cannot be read.
struct read_rows {
  std::vector<std::string> columns;
  std::vector<std::string> rows;
  std::string error_text;
};

read_rows read_all(std::unique_ptr<row_source> source) {
  read_rows all;
  if (const auto opened = source->open(); !opened) {
    all.error_text = opened.error().public_text;
    return all;
  }
  source_row row;
  for (;;) {
    const auto more = source->next(row);
    EXPECT_TRUE(more);
    if (!more || !*more) break;
    std::string text = std::to_string(row.line) + (row.parse_error.empty() ? ":" : "! " + row.parse_error);
    for (const cell& one : row.cells) {
      text += &one == row.cells.data() ? ' ' : '|';
      if (one.is == cell::kind::text)
        text += one.text;
      else
        text += one.is == cell::kind::absent ? "." : one.is == cell::kind::cleared ? "null" : "json";
    }
    all.rows.push_back(text);
  }
  all.columns = source->columns();
  return all;
}

read_rows read_as_csv(const std::string& text) {
  const read_rows whole = read_all(read_csv(in_pieces(text, text.size() + 1)));
  const read_rows bytewise = read_all(read_csv(in_pieces(text, 1)));
  EXPECT_EQ(whole.rows, bytewise.rows) << "one byte at a time reads the same";
  EXPECT_EQ(whole.error_text, bytewise.error_text);
  return whole;
}

using texts = std::vector<std::string>;

TEST(Csv, KeepsToRfc4180) {
  struct {
    const char* what;
    std::string file;
    texts rows;
  } const cases[] = {
      {"plain", "a,b\n1,2\n", {"2: 1|2"}},
      {"CRLF", "a,b\r\n1,2\r\n3,4\r\n", {"2: 1|2", "3: 3|4"}},
      {"CR alone", "a,b\r1,2\r3,4", {"2: 1|2", "3: 3|4"}},
      {"no end of the last line", "a,b\n1,2", {"2: 1|2"}},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "a,b\n1,2\n",
       {"2: 1|2"}},
      {"quotes", "a,b\n\"1\",\"x \"\"y\"\", z\"\n", {"2: 1|x \"y\", z"}},
      {"lines in quotes", "a,b\n\"one\ntwo\",2\n3,4\n", {"2: one\ntwo|2", "4: 3|4"}},
      {"CRLF in quotes", "a,b\r\n\"one\r\ntwo\",2\r\n3,4\r\n", {"2: one\r\ntwo|2", "4: 3|4"}},
      {"empty and empty text", "a,b\n,\"\"\n", {"2: .|"}},
      {"blank lines count", "a,b\n\n1,2\n  \n\n3,4\n", {"3: 1|2", "6: 3|4"}},
      {"spaces around", "a , b\n 1 ,\" 2 \"\n", {"2: 1| 2 "}},
      {"commas behind the last", "a,b\n1,2,,\n", {"2: 1|2"}},
      {"a header alone", "a,b\n", {}},
  };
  for (const auto& one : cases) {
    const read_rows read = read_as_csv(one.file);
    EXPECT_EQ(read.error_text, "") << one.what;
    EXPECT_EQ(read.columns, (texts{"a", "b"})) << one.what;
    EXPECT_EQ(read.rows, one.rows) << one.what;
  }
}

TEST(Csv, ABrokenRowIsAFlawAndTheNextOneIsRead) {
  EXPECT_EQ(read_as_csv("a,b\n1\n3,4\n").rows, (texts{"2! has 1 cells where there are 2 columns", "3: 3|4"}));
  EXPECT_EQ(read_as_csv("a,b\n1,2,3\n3,4\n").rows, (texts{"2! has 3 cells where there are 2 columns", "3: 3|4"}));
  EXPECT_EQ(read_as_csv("a,b\n1,x\"y\n3,4\n").rows, (texts{"2! has a stray quote in line 2", "3: 3|4"}));
  EXPECT_EQ(read_as_csv("a,b\n\"1\"x,2\n3,4\n").rows, (texts{"2! has a stray quote in line 2", "3: 3|4"}));
  EXPECT_EQ(read_as_csv("a,b\n3,4\n\"1,2\n").rows,
            (texts{"2: 3|4", "3! has a quote that is not closed before the file ends"}));
}

TEST(Csv, ARowHasABound) {
  const std::string longest(row_bytes_max - 6, 'x');
  const std::string fault = "! is longer than " + std::to_string(row_bytes_max) + " bytes; a quote may be open";
  const auto read = [](const std::string& text) { return read_all(read_csv(in_pieces(text, 50'000))).rows; };
  EXPECT_EQ(read("a,b\n1," + longest + "\n3,4\n"), (texts{"2: 1|" + longest, "3: 3|4"}));
  EXPECT_EQ(read("a,b\n1," + longest + "xxxx\n3,4\n"), (texts{"2" + fault, "3: 3|4"}));
  // An open quote takes lines until the bound; then reading goes on with the next line.
  const std::string lines(row_bytes_max / 4, '\n');
  std::string many = "a,b\n\"1,2\n";
  for (int i = 0; i < 5; ++i) many += lines;
  const texts rows = read(many + "3,4\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0], "2" + fault);
  EXPECT_TRUE(rows[1].ends_with(": 3|4"));
}

TEST(Csv, RefusesWhatIsNoTable) {
  EXPECT_EQ(read_as_csv("").error_text, "The file is empty; its first row must name the columns");
  EXPECT_EQ(read_as_csv("a,b,a\n").error_text, "Two columns are named 'a'");
  EXPECT_EQ(read_as_csv(std::string("\xFF\xFE"
                                    "a\0",
                                    4))
                .error_text,
            "The file is UTF-16; save it as UTF-8 and try again");
  EXPECT_EQ(read_as_csv("a,\xE9\n").error_text, "The names of the columns are not UTF-8; save the file as UTF-8");
  std::string wide = "c0";
  for (std::size_t i = 1; i < columns_max; ++i) wide += ",c" + std::to_string(i);
  EXPECT_EQ(read_as_csv(wide + "\n").error_text, "");
  EXPECT_EQ(read_as_csv(wide + ",one\n").error_text, "The file has 2001 columns; 2000 are allowed");
}

TEST(Csv, WhatIsWrittenReadsBack) {
  const texts cells = {"plain", "", "a,b", "say \"no\"", "one\ntwo", "one\r\ntwo", " spaces ", "\ttab", "é 🍐", "\""};
  std::string file = "c0,c1,c2,c3,c4,c5,c6,c7,c8,c9\r\n";
  for (const std::string& one : cells) {
    if (&one != cells.data()) file += ',';
    append_csv_cell(file, one);
  }
  end_csv_row(file);
  const auto source = read_csv(in_pieces(file, 7));
  ASSERT_TRUE(source->open());
  source_row row;
  ASSERT_TRUE(*source->next(row));
  ASSERT_EQ(row.parse_error, "");
  texts back;
  for (const cell& one : row.cells) back.emplace_back(one.is == cell::kind::text ? one.text : "absent");
  EXPECT_EQ(back, cells);
  EXPECT_EQ(source->bytes_read(), file.size());
}

TEST(JsonLines, KeysAreColumnsAsTheyCome) {
  const read_rows read =
      read_all(read_json_lines(in_pieces("{\"a\":1.50,\"b\":\"x\"}\r\n\n"
                                         "{\"c\":[\"p\"],\"a\":null}\n"
                                         "{\"b\":true,\"d\":{}}",
                                         3)));
  EXPECT_EQ(read.columns, (texts{"a", "b", "c", "d"}));
  EXPECT_EQ(read.rows, (texts{"1: 1.50|x", "3: null|.|json", "4: .|true|.|json"}));
}

TEST(JsonLines, ABrokenLineIsAFlawAndTheNextOneIsRead) {
  const read_rows read =
      read_all(read_json_lines(in_pieces("{\"a\":1}\n[1]\n{\"a\":\n{\"a\":1,\"a\":2}\n{\"a\":\"\xE9\"}\n{\"a\":2}\n" +
                                             std::string(row_bytes_max + 1, ' ') + "\n{\"a\":3}\n",
                                         100'000)));
  ASSERT_EQ(read.rows.size(), 7u);
  EXPECT_EQ(read.rows[0], "1: 1");
  EXPECT_EQ(read.rows[1], "2! is not one JSON object");
  EXPECT_TRUE(read.rows[2].starts_with("3! is not JSON: ")) << read.rows[2];
  EXPECT_TRUE(read.rows[3].starts_with("4! is not JSON: ")) << read.rows[3];
  EXPECT_EQ(read.rows[4], "5! is not UTF-8");
  EXPECT_EQ(read.rows[5], "6: 2");
  EXPECT_EQ(read.rows[6], "8: 3") << "the line of spaces is blank, however long";
  EXPECT_EQ(read_all(read_json_lines(in_pieces("a,b\n1,2\n", 9))).error_text.substr(0, 16), "Line 1 is not JS");
}

}  // namespace
}  // namespace spaces::properties
