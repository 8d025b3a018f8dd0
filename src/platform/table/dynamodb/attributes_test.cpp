#include "platform/table/dynamodb/attributes.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace spaces::table::dynamodb {

namespace {

using namespace std::string_view_literals;
using record::item;
using record::texts_view;
using record::value;

std::string as_json(key_view key, const item& one) {
  std::string out = "{";
  append_item(out, key, one.view(), "w");
  return out + '}';
}

std::optional<read_attributes> read(std::string_view json) {
  record::json_reader in(json);
  read_attributes found = read_item(in);
  if (!in.ended()) return std::nullopt;
  return found;
}

TEST(dynamodb_attributes, are_written_in_dynamodbs_kinds) {
  std::string texts;
  for (const std::string_view each : {"b", "", "b"}) texts_view::append(texts, each);
  item one;
  one.append("Text", value::of("say \"é\"\n\0"sv));
  one.append("Number", value::of(decimal{-4490005, 1}));
  one.append("Flag", value::of(true));
  one.append("Bytes", value::of_bytes("\xFB\xFF\x00"sv));
  one.append("Texts", value::of(texts_view(texts)));
  one.append("WriteId", value::of("another write's"sv));
  EXPECT_EQ(as_json({"P", "S"}, one),
            R"({"PK":{"S":"P"},"SK":{"S":"S"},"Text":{"S":"say \"é\"\n\u0000"},"Number":{"N":"-449000.5"},)"
            R"("Flag":{"BOOL":true},"Bytes":{"B":"+/8A"},"Texts":{"L":[{"S":"b"},{"S":""},{"S":"b"}]},)"
            R"("WriteId":{"S":"w"}})");
}

TEST(dynamodb_attributes, come_back_as_they_were) {
  std::string texts;
  for (const std::string_view each : {"", "pool", "\"", "🏡"}) texts_view::append(texts, each);
  item one;
  one.append("Empty", value::of(""sv));
  one.append("NoBytes", value::of_bytes(""));
  one.append("No\"Texts\\", value::of(texts_view()));
  one.append("Texts", value::of(texts_view(texts)));
  one.append("Smallest", value::of(make_decimal(1, 24)));
  one.append("Largest", value::of(make_decimal(999'999'999'999'999'999, 0)));
  one.append("Exact", value::of(make_decimal(-122'31900000000004, 14)));
  one.append("No", value::of(false));
  one.append("WriteId", value::of("w"sv));
  const auto found = read(as_json({"P#1", "S#1"}, one));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->key, (key{"P#1", "S#1"}));
  EXPECT_TRUE(same_attributes(found->item, one));
}

TEST(dynamodb_attributes, take_numbers_however_dynamodb_writes_them) {
  for (const auto& [text, number] : {std::pair{"1E+2", make_decimal(100, 0)},
                                     {"1.50", make_decimal(15, 1)},
                                     {"-0.000000000000000001", make_decimal(-1, 18)},
                                     {"0", decimal{}}}) {
    const auto found = read(R"({"n":{"N":")" + std::string(text) + "\"}}");
    ASSERT_TRUE(found) << text;
    EXPECT_EQ(found->item.find("n").number, number);
  }
}

/// More of them than the reader's bits for names that it has seen.
TEST(dynamodb_attributes, of_one_name_are_refused_among_thousands) {
  std::string many = R"({"PK":{"S":"P"})";
  for (int i = 0; i < 3000; ++i) many += ",\"name" + std::to_string(i) + R"(":{"S":"x"})";
  const auto all = read(many + '}');
  ASSERT_TRUE(all);
  EXPECT_FALSE(read(many + R"(,"name7":{"S":"x"}})"));
  EXPECT_FALSE(read(many + R"(,"name2999":{"S":"x"}})"));
}

TEST(dynamodb_attributes, of_kinds_never_written_here_are_refused_and_not_lost) {
  for (const std::string_view other :
       {R"({"M":{}})"sv, R"({"NULL":true})"sv, R"({"SS":["a"]})"sv, R"({"NS":["1"]})"sv, R"({"BS":["AA=="]})"sv,
        R"({"L":[{"N":"1"}]})"sv, R"({"N":"1234567890123456789"})"sv, R"({"N":"1e400"})"sv, R"({"N":1})"sv,
        R"({"N":"x"})"sv, R"({"B":"A"})"sv, R"({"S":1})"sv, R"({"S":"a","N":"1"})"sv, R"({})"sv, R"("a")"sv,
        R"(null)"sv})
    EXPECT_FALSE(read(R"({"PK":{"S":"P"},"SK":{"S":"S"},"a":)" + std::string(other) + '}')) << other;
  EXPECT_FALSE(read(R"({"a":{"S":"1"},"a":{"S":"2"}})"));
  EXPECT_FALSE(read(R"({"":{"S":"1"}})"));
  EXPECT_FALSE(read(R"({"PK":{"N":"1"}})"));
  EXPECT_FALSE(read("{\"" + std::string(256, 'a') + R"(":{"S":"1"}})"));
}

}  // namespace

}  // namespace spaces::table::dynamodb
