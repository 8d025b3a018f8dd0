#include "platform/aws/xml.hpp"

#include <gmock/gmock.h>

#include <utility>
#include <vector>

namespace spaces::aws {

namespace {

using testing::ElementsAre;
using testing::Pair;

std::vector<std::pair<std::string, std::string>> read(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> found;
  EXPECT_TRUE(read_xml(text, [&](std::string_view path, std::string_view inside) { found.emplace_back(path, inside); }))
      << text;
  return found;
}

bool is_xml(std::string_view text) {
  return read_xml(text, [](std::string_view, std::string_view) {});
}

TEST(aws_xml, visits_each_element_with_its_path_and_its_own_text) {
  EXPECT_THAT(
      read("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<A xmlns=\"http://x/\"><B>one</B><B>t&amp;w&#x6f;</B></A>"),
      ElementsAre(Pair("A/B", "one"), Pair("A/B", "t&wo"), Pair("A", "")));
  EXPECT_THAT(read("<A>x<B/>y<![CDATA[<z>]]></A>"), ElementsAre(Pair("A/B", ""), Pair("A", "xy<z>")));
}

TEST(aws_xml, finds_the_first_text_at_a_path) {
  const std::string_view two = "<A><B><C>1</C></B><B><C>2</C></B></A>";
  EXPECT_EQ(xml_text(two, "A/B/C"), "1");
  EXPECT_EQ(xml_text(two, "A/C"), "");
  EXPECT_EQ(xml_text("not XML", "A"), "");
}

TEST(aws_xml, refuses_what_is_not_one_well_formed_document) {
  for (const char* none : {"", "text", "<A>", "<A></B>", "<A/><B/>", "<A>&unknown;</A>", "<A>\x01</A>", "<A>\xFF</A>"})
    EXPECT_FALSE(is_xml(none)) << none;
}

/// "A billion laughs" and files of ours within an answer.
TEST(aws_xml, refuses_a_document_type) {
  EXPECT_FALSE(is_xml("<!DOCTYPE A [<!ENTITY x \"xxxxxxxx\"><!ENTITY y \"&x;&x;&x;\">]><A>&y;</A>"));
  EXPECT_FALSE(is_xml("<!DOCTYPE A [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><A>&x;</A>"));
  EXPECT_FALSE(is_xml("<!DOCTYPE A><A/>"));
}

TEST(aws_xml, refuses_what_nests_deeper_than_any_answer) {
  const auto nested = [](std::size_t levels) {
    std::string text;
    for (std::size_t i = 0; i < levels; ++i) text += "<A>";
    for (std::size_t i = 0; i < levels; ++i) text += "</A>";
    return text;
  };
  EXPECT_TRUE(is_xml(nested(xml_depth_max)));
  EXPECT_FALSE(is_xml(nested(xml_depth_max + 1)));
}

}  // namespace

}  // namespace spaces::aws
