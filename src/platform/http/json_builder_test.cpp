#include "platform/http/json_builder.hpp"

#include <gtest/gtest.h>

namespace spaces::http {
namespace {

TEST(json_builder, writes_two_spaces_deep) {
  json_builder json;
  json.open_object().name("a").number(-1).name("b").open_array().text("x\"").raw("null").flag(true).close();
  json.name("c").open_object().name("d").open_object().close().close().close();
  EXPECT_EQ(json.take(), R"({
  "a": -1,
  "b": [
    "x\"",
    null,
    true
  ],
  "c": {
    "d": {}
  }
})");
}

TEST(json_builder, empty_ones_stay_on_their_line_and_others_follow) {
  json_builder json;
  json.open_array().open_array().close().open_object().close().number(1).close();
  const std::string text = json.take();
  EXPECT_EQ(text, "[\n  [],\n  {},\n  1\n]");
  EXPECT_TRUE(record::parse_json(text));
}

TEST(json_builder, a_single_value_is_a_document) {
  json_builder json;
  json.text("x");
  EXPECT_EQ(json.take(), "\"x\"");
}

}  // namespace
}  // namespace spaces::http
