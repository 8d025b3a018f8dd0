#include "platform/record/json.hpp"

#include <source_dir.hpp>
#include "platform/base/text.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace spaces::record {
namespace {

using namespace std::string_view_literals;

/// RFC 4648, section 4, as the vectors have it: with padding, which base64url's reader refuses.
std::string from_base64(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text.substr(0, text.find('='))) {
    bits = bits << 6 | static_cast<unsigned>(alphabet.find(c));
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xFF);
  }
  return out;
}

std::string error_of(std::string_view text, std::size_t depth_max = limits::json_depth_max) {
  const auto parsed = parse_json(text, depth_max);
  if (parsed) return "";
  EXPECT_EQ(parsed.error().kind, error_kind::malformed);
  return parsed.error().public_text;
}

TEST(json, takes_and_refuses_what_the_json_parsing_test_suite_does) {
  std::ifstream in(SPACES_SOURCE_DIR "/../shared/vectors/json_parsing.jsonl");
  if (!in) GTEST_SKIP() << "no ../shared/vectors/json_parsing.jsonl";
  int rows = 0;
  for (std::string line; std::getline(in, line); ++rows) {
    const auto row = parse_json(line);
    ASSERT_TRUE(row) << row.error().public_text;
    const std::string name = row->find("name")->text;
    const std::string expect = row->find("expect")->text;
    const auto parsed = parse_json(from_base64(row->find("base64")->text));
    if (!parsed) {
      EXPECT_EQ(parsed.error().kind, error_kind::malformed) << name;
    }
    const bool duplicates = name.starts_with("y_object_duplicated_key");
    if (expect == "accept") {
      EXPECT_EQ(parsed.has_value(), !duplicates) << name;
    } else if (expect == "reject") {
      EXPECT_FALSE(parsed.has_value()) << name;
    }
  }
  EXPECT_GE(rows, 300);
}

TEST(json, a_text_becomes_a_tree_in_the_order_sent) {
  const auto parsed = parse_json(R"( {"b": [1, -2.50, "x", true, false, null, {}, []], "a": {"c": ""}} )");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->kind, json_kind::object);
  ASSERT_EQ(parsed->members.size(), 2u);
  EXPECT_EQ(parsed->members[0].name, "b");
  EXPECT_EQ(parsed->members[1].name, "a");
  const json_value& list = *parsed->find("b");
  const json_kind kinds[] = {json_kind::number,  json_kind::number, json_kind::string, json_kind::boolean,
                             json_kind::boolean, json_kind::null,   json_kind::object, json_kind::array};
  ASSERT_EQ(list.elements.size(), std::size(kinds));
  for (std::size_t at = 0; at < std::size(kinds); ++at) EXPECT_EQ(list.elements[at].kind, kinds[at]) << at;
  EXPECT_EQ(list.elements[1].text, "-2.50");
  EXPECT_EQ(list.elements[2].text, "x");
  EXPECT_TRUE(list.elements[3].flag);
  EXPECT_FALSE(list.elements[4].flag);
  EXPECT_EQ(parsed->find("a")->find("c")->kind, json_kind::string);
  EXPECT_EQ(parsed->find("z"), nullptr);
  EXPECT_EQ(list.find("b"), nullptr);
}

TEST(json, numbers_stay_the_text_they_were) {
  for (const std::string_view number :
       {"0", "-0", "0.0", "-0.0e-0", "1", "123456789012345678901234567890", "18446744073709551616",
        "-9223372036854775809", "0.1234567890123456", "3.141592653589793238462643383279", "1e400", "1E+5", "1.0e-7",
        "450000.00", "1234567890123456.7890123456789012", "1.7976931348623157e308",
        "100000000000000000000000.000000000000000001e-5"}) {
    // At the end of the text and far from it: Boost.JSON reads the two on different paths.
    for (const std::string& text : {std::string(number), "[" + std::string(number) + "]",
                                    "[" + std::string(number) + ",\"" + std::string(64, 'x') + "\"]"}) {
      const auto parsed = parse_json(text);
      ASSERT_TRUE(parsed) << text;
      EXPECT_EQ((parsed->kind == json_kind::number ? *parsed : parsed->elements.front()).text, number);
    }
  }
}

TEST(json, escapes_and_long_texts_come_whole) {
  const auto parsed = parse_json(R"(["\"\\\/\b\f\n\r\t\u00e9\u0000\uD83C\uDFE0é", "", {"k\u0065y\n": 1}])");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->elements[0].text, "\"\\/\b\f\n\r\té\0🏠é"sv);
  EXPECT_EQ(parsed->elements[1].text, "");
  EXPECT_NE(parsed->elements[2].find("key\n"), nullptr);

  // Longer than the parser's own buffer for escaped texts, so that it comes in parts.
  std::string escaped, plain;
  for (int count = 0; count < 5000; ++count) {
    escaped += "ab\\n\\u00e9";
    plain += "ab\né";
  }
  const auto longer = parse_json("{\"" + escaped + "\":\"" + escaped + "\"}");
  ASSERT_TRUE(longer);
  EXPECT_EQ(longer->members.front().name, plain);
  EXPECT_EQ(longer->members.front().value.text, plain);
}

TEST(json, a_member_twice_is_refused_by_its_name) {
  EXPECT_EQ(error_of(R"({"price":1,"price":2})"),
            R"(This is not valid JSON: the member "price" comes twice (at byte 17))");
  EXPECT_NE(error_of(R"({"a":1,"\u0061":1})").find("\"a\" comes twice"), std::string::npos);
  EXPECT_NE(error_of(R"({"":1,"":1})").find("\"\" comes twice"), std::string::npos);
  EXPECT_NE(error_of(R"([{"x":{"b":1,"c":2,"b":3}}])").find("\"b\" comes twice"), std::string::npos);
  EXPECT_EQ(error_of(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}],"A":0})"), "");
}

TEST(json, a_member_twice_is_found_among_thousands) {
  std::string many = "{";
  for (int count = 0; count < 40'000; ++count) many += "\"" + std::to_string(count) + "\":0,";
  EXPECT_EQ(error_of(many + "\"x\":0}"), "");
  for (const std::string_view twice : {"0", "15", "16", "17", "39999"}) {
    EXPECT_NE(error_of(many + "\"" + std::string(twice) + "\":0}").find("comes twice"), std::string::npos) << twice;
  }
}

TEST(json, depth_is_bounded) {
  const auto nested = [](std::size_t depth, std::string_view open, std::string_view shut) {
    std::string text;
    for (std::size_t at = 0; at < depth; ++at) text += open;
    text += "0";
    for (std::size_t at = 0; at < depth; ++at) text += shut;
    return text;
  };
  for (const auto& [open, shut] : {std::pair{"["sv, "]"sv}, std::pair{"{\"a\":"sv, "}"sv}}) {
    EXPECT_EQ(error_of(nested(limits::json_depth_max, open, shut)), "");
    EXPECT_NE(error_of(nested(limits::json_depth_max + 1, open, shut)).find("nested more than 32 levels"),
              std::string::npos);
    EXPECT_NE(error_of(nested(100'000, open, shut)).find("nested more than 32 levels"), std::string::npos);
    EXPECT_EQ(error_of(nested(3, open, shut), 3), "");
    EXPECT_NE(error_of(nested(4, open, shut), 3).find("more than 3 levels"), std::string::npos);
  }
  EXPECT_EQ(error_of("0", 0), "");
  EXPECT_NE(error_of("[]", 0), "");
}

TEST(json, errors_say_what_and_where) {
  const struct {
    std::string_view text;
    std::string_view what;
    std::string_view where;
  } rows[] = {
      {"", "it is empty", "(at byte 0)"},
      {"   ", "it ends too early", "(at byte 3)"},
      {"{\"a\":", "it ends too early", "(at byte 5)"},
      {"[1 2]", "syntax error", "(at byte 3)"},
      {"{} {}", "more follows behind its end", "(at byte 3)"},
      {"[1,]", "syntax error", "(at byte 3)"},
      {"{\"a\":1,}", "syntax error", "(at byte 7)"},
      {"[1] // c", "more follows behind its end", "(at byte 4)"},
      {"/**/[]", "syntax error", "(at byte 0)"},
      {"[\"\xFF\"]", "it is not UTF-8", "(at byte 2)"},
      {"[\"\xED\xA0\x80\"]", "it is not UTF-8", "(at byte 2)"},
      {"\xEF\xBB\xBF{}", "syntax error", "(at byte 0)"},
      {R"(["\uDC00"])", "a surrogate stands alone", "byte"},
      {R"(["\uD800\uD800"])", "a surrogate stands alone", "byte"},
      {"[1e99999999999]", "exponent is out of range", "byte"},
      {"[NaN]", "syntax error", "(at byte 1)"},
      {"[01]", "syntax error", "(at byte 2)"},
  };
  for (const auto& row : rows) {
    const std::string flaw = error_of(row.text);
    EXPECT_NE(flaw.find(row.what), std::string::npos) << row.text << ": " << flaw;
    EXPECT_NE(flaw.find(row.where), std::string::npos) << row.text << ": " << flaw;
  }
  for (const std::string_view lone : {R"(["\uD800"])", R"(["\uD800x"])", R"(["\uD800\n"])", R"({"\uDFFF":1})"}) {
    EXPECT_NE(error_of(lone), "") << lone;
  }
  EXPECT_NE(error_of("\0"sv), "");
  EXPECT_NE(error_of("[1]\0"sv), "");
}

TEST(json, every_prefix_of_a_valid_text_is_malformed) {
  const std::string text = R"({"title":"Loft \u00e9\uD83C\uDFE0","price":450000.50,"n":[-1e-5,true,false,null,{}]})";
  ASSERT_EQ(error_of(text), "");
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_NE(error_of(text.substr(0, size)), "") << size;
}

TEST(json, written_strings_escape_only_what_they_must) {
  const struct {
    std::string_view text;
    std::string_view written;
  } rows[] = {{""sv, R"("")"},
              {"loft"sv, R"("loft")"},
              {"say \"hi\" \\ /"sv, R"("say \"hi\" \\ /")"},
              {"\b\f\n\r\t"sv, R"("\b\f\n\r\t")"},
              {"\0\x01\x1F\x7F"sv, "\"\\u0000\\u0001\\u001f\x7F\""},
              {"é\u2028🏠"sv, "\"é\u2028🏠\""}};
  for (const auto& row : rows) {
    std::string out = "=";
    append_json_string(out, row.text);
    EXPECT_EQ(out, "=" + std::string(row.written));
    const auto back = parse_json(out.substr(1));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->text, row.text);
  }
}

TEST(json, escapes_are_written_wherever_they_stand) {
  for (int value = 0; value < 256; ++value) {
    const char c = static_cast<char>(value);
    for (std::size_t before = 0; before < 10; ++before) {
      const std::string text = std::string(before, 'x') + c + std::string(9 - before, 'y') + c;
      std::string out;
      append_json_string(out, text);
      const bool plain = value >= 0x20 && c != '"' && c != '\\';
      ASSERT_EQ(out == "\"" + text + "\"", plain) << value << " behind " << before;
      if (value >= 0x80) continue;  // alone, no UTF-8
      const auto back = parse_json(out);
      ASSERT_TRUE(back) << out;
      ASSERT_EQ(back->text, text);
    }
  }
}

TEST(json, naughty_strings_come_back_unchanged) {
  std::ifstream in(SPACES_SOURCE_DIR "/../shared/vectors/naughty_strings.json");
  if (!in) GTEST_SKIP() << "no ../shared/vectors/naughty_strings.json";
  const std::string whole((std::istreambuf_iterator<char>(in)), {});
  const auto list = parse_json(whole);
  ASSERT_TRUE(list) << list.error().public_text;
  ASSERT_GT(list->elements.size(), 100u);
  for (const json_value& naughty : list->elements) {
    EXPECT_TRUE(is_utf8(naughty.text));
    std::string out;
    append_json_string(out, naughty.text);
    const auto back = parse_json(out);
    ASSERT_TRUE(back) << out;
    EXPECT_EQ(back->text, naughty.text);
  }
}

TEST(json, long_texts_are_written_in_parts_of_any_bytes) {
  std::string text;
  for (std::size_t size = 0; size < 1'100; ++size) {
    std::string out;
    append_json_string(out, text);
    const auto back = parse_json(out);
    ASSERT_TRUE(back) << size;
    ASSERT_EQ(back->text, text);
    std::string there(json_bytes_max(text), '\0');
    there.resize(static_cast<std::size_t>(write_json(there.data(), text) - there.data()));
    ASSERT_EQ(there, out);
    text += size % 5 == 0 ? "\"" : size % 7 == 0 ? "\x01" : size % 11 == 0 ? "\u00fc" : "x";
  }
}

}  // namespace
}  // namespace spaces::record
