#include "platform/record/json_reader.hpp"

#include <source_dir.hpp>
#include "platform/base/base64.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace spaces::record {
namespace {

using namespace std::string_view_literals;

/// The value as text again, texts with their escapes resolved: what two readers must agree on.
void retell(json_reader& in, std::string& out) {
  std::string buffer;
  switch (in.next()) {
    case json_kind::null:
      in.skip();
      out += "null";
      return;
    case json_kind::boolean: out += in.boolean() ? "true" : "false"; return;
    case json_kind::number: out += in.number(); return;
    case json_kind::string: append_json_string(out, in.string(buffer)); return;
    case json_kind::array:
      out += '[';
      in.array([&] { retell(in, out), out += ','; });
      out += ']';
      return;
    case json_kind::object:
      out += '{';
      in.object([&](std::string_view name) {
        append_json_string(out, name);
        retell(in, out += ':'), out += ',';
      });
      out += '}';
  }
}

void retell(const json_value& json, std::string& out) {
  switch (json.kind) {
    case json_kind::null: out += "null"; return;
    case json_kind::boolean: out += json.flag ? "true" : "false"; return;
    case json_kind::number: out += json.text; return;
    case json_kind::string: append_json_string(out, json.text); return;
    case json_kind::array:
      out += '[';
      for (const json_value& element : json.elements) retell(element, out), out += ',';
      out += ']';
      return;
    case json_kind::object:
      out += '{';
      for (const json_member& member : json.members) {
        append_json_string(out, member.name);
        retell(member.value, out += ':'), out += ',';
      }
      out += '}';
  }
}

/// Reads and skips; both must come to the same end.
bool takes(std::string_view text, std::string* retold = nullptr) {
  json_reader in(text);
  std::string out;
  retell(in, out);
  if (retold) *retold = out;
  json_reader over(text);
  over.skip();
  const bool ended = in.ended();
  EXPECT_EQ(over.ended(), ended) << text;
  return ended;
}

TEST(json_reader, agrees_with_the_tree_on_the_json_parsing_test_suite) {
  std::ifstream in(SPACES_SOURCE_DIR "/../shared/vectors/json_parsing.jsonl");
  if (!in) GTEST_SKIP() << "no ../shared/vectors/json_parsing.jsonl";
  int taken = 0;
  int rows = 0;
  for (std::string line; std::getline(in, line); ++rows) {
    const auto row = parse_json(line);
    ASSERT_TRUE(row);
    std::string text;
    ASSERT_TRUE(append_from_base64(text, row->find("base64")->text));
    const auto tree = parse_json(text);
    std::string read;
    if (!tree) {
      // All that one refuses the other does, but members that come twice and exponents without end.
      const std::string& why = tree.error().public_text;
      const bool only_here = why.find("comes twice") != std::string::npos || why.find("exponent") != std::string::npos;
      EXPECT_EQ(takes(text), only_here) << text << ": " << why;
      continue;
    }
    ++taken;
    std::string expected;
    retell(*tree, expected);
    EXPECT_TRUE(takes(text, &read)) << text;
    EXPECT_EQ(read, expected);
  }
  EXPECT_GT(rows, 300);
  EXPECT_GT(taken, 90);
}

TEST(json_reader, reads_texts_of_every_length_and_place) {
  for (const std::string_view special : {"\\n"sv, "\\\""sv, "é"sv, "\\u00e9"sv, "\\ud83c\\udfe1"sv, "🏡"sv, ""sv}) {
    for (std::size_t before = 0; before < 20; ++before) {
      const std::string text =
          '"' + std::string(before, 'a') + std::string(special) + std::string(before % 7, 'b') + '"';
      const auto tree = parse_json(text);
      ASSERT_TRUE(tree);
      json_reader in(text);
      std::string buffer;
      EXPECT_EQ(in.string(buffer), tree->text);
      EXPECT_TRUE(in.ended());
    }
  }
}

TEST(json_reader, views_what_has_no_escapes) {
  const std::string_view text = R"({"name": "plain", "other": "a\tb"})";
  json_reader in(text);
  std::string buffer;
  in.object([&](std::string_view name) {
    const std::string_view value = in.string(buffer);
    EXPECT_EQ(value.data() >= text.data() && value.data() < text.data() + text.size(), name == "name");
  });
  EXPECT_TRUE(in.ended());
}

TEST(json_reader, gives_a_value_as_it_stands) {
  json_reader in(R"([ {"a": [1, "\u00e9"]} , 2.50,"x" ])");
  std::vector<std::string_view> values;
  in.array([&] { values.push_back(in.raw()); });
  EXPECT_TRUE(in.ended());
  EXPECT_EQ(values, (std::vector<std::string_view>{R"({"a": [1, "\u00e9"]})", "2.50", "\"x\""}));
}

TEST(json_reader, stays_failed) {
  json_reader in(R"(["text", 1])");
  int elements = 0;
  in.array([&] {
    EXPECT_EQ(in.number(), "");
    ++elements;
  });
  EXPECT_EQ(elements, 1);
  EXPECT_TRUE(in.failed());
  EXPECT_FALSE(in.ended());
  std::string buffer;
  EXPECT_EQ(in.string(buffer), "");
}

TEST(json_reader, never_reads_past_an_end) {
  const std::string whole = R"({"a":[1,-2.5e3,true,null,"x\u00e9\ud83c\udfe1\n"],"b":{"c":"d"}})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut(whole, 0, size);  // its own allocation, so that a sanitizer sees one byte too far
    EXPECT_FALSE(takes(cut)) << cut;
  }
  EXPECT_TRUE(takes(whole));
  EXPECT_FALSE(takes(whole + "x"));
  EXPECT_TRUE(takes(' ' + whole + "\n\t"));
}

TEST(json_reader, bounds_the_depth) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(takes(nested(limits::json_depth_max)));
  EXPECT_FALSE(takes(nested(limits::json_depth_max + 1)));
  EXPECT_FALSE(takes(std::string(100'000, '[')));
}

}  // namespace
}  // namespace spaces::record
