#include "platform/picture/protocol.hpp"

#include "platform/picture/headers.hpp"
#include "platform/picture/sizes.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

namespace spaces::picture::protocol {

namespace {

/// A right answer for a picture of this size; of each file the header alone.
prepared right(unsigned width, unsigned height, stage what = stage::first) {
  prepared made;
  made.width = width;
  made.height = height;
  if (what == stage::avif) {
    for (const size& one : avif_sizes_of({width, height}))
      made.files.push_back({"image/avif", one.width, one.height, box_picture("avif", {one})});
    return made;
  }
  made.placeholder = "placeholder";
  made.likeness = 0x123456789ABCDEF0;
  for (const size& one : sizes_of({width, height}))
    made.files.push_back({"image/jpeg", one.width, one.height, jpeg_header(one.width, one.height)});
  for (const size& one : sizes_of({width, height}))
    made.files.push_back({"image/webp", one.width, one.height, webp_header(one.width, one.height)});
  return made;
}

std::string body_of(const prepared& made) { return answer({}, made).substr(sizeof(answer_head)); }

std::string what_is_wrong(std::string_view body, stage what = stage::first) {
  const auto read = read_prepared(body, what);
  const auto* const wrong = std::get_if<std::string_view>(&read);
  return wrong == nullptr ? "nothing" : std::string(*wrong);
}

TEST(protocol, brings_an_answer_as_it_was) {
  for (const auto what : {stage::first, stage::avif}) {
    const prepared made = right(4032, 3024, what);
    const auto read = read_prepared(body_of(made), what);
    ASSERT_TRUE(std::holds_alternative<prepared>(read)) << std::get<std::string_view>(read);
    const prepared& same = std::get<prepared>(read);
    EXPECT_EQ(std::pair(same.width, same.height), std::pair(4032U, 3024U));
    EXPECT_EQ(same.placeholder, made.placeholder);
    EXPECT_EQ(same.likeness, made.likeness);
    ASSERT_EQ(same.files.size(), what == stage::first ? 8U : 3U);
    for (std::size_t i = 0; i < made.files.size(); ++i) {
      EXPECT_EQ(same.files[i].content_type, made.files[i].content_type);
      EXPECT_EQ(same.files[i].width, made.files[i].width);
      EXPECT_EQ(same.files[i].height, made.files[i].height);
      EXPECT_EQ(same.files[i].bytes, made.files[i].bytes);
    }
  }
}

TEST(protocol, takes_no_answer_that_is_cut_or_goes_on) {
  const std::string body = body_of(right(1000, 700));
  for (std::size_t bytes = 0; bytes < body.size(); ++bytes)
    EXPECT_NE(what_is_wrong(body.substr(0, bytes)), "nothing") << bytes;
  EXPECT_EQ(what_is_wrong(body + '\0'), "something behind its end");
  EXPECT_NE(what_is_wrong(body, stage::avif), "nothing");
}

TEST(protocol, takes_no_answer_that_cannot_be_right) {
  const std::pair<std::string, std::function<void(prepared&)>> rows[] = {
      {"a size that no picture has", [](prepared& one) { one.width = 0; }},
      {"a size that no picture has", [](prepared& one) { one.height = side_max + 1; }},
      {"a size that no picture has", [](prepared& one) { one.width = one.height = 10'000; }},
      {"a file of another size than is expected", [](prepared& one) { one.height -= 100; }},
      {"a placeholder that is none", [](prepared& one) { one.placeholder.clear(); }},
      {"a placeholder that is none", [](prepared& one) { one.placeholder.assign(placeholder_bytes_max + 1, 'x'); }},
      {"more or fewer files than there should be", [](prepared& one) { one.files.pop_back(); }},
      {"more or fewer files than there should be", [](prepared& one) { one.files.push_back(one.files.back()); }},
      {"a file of another type than is expected", [](prepared& one) { one.files[0].content_type = "image/webp"; }},
      {"a file of another size than is expected", [](prepared& one) { std::swap(one.files[0], one.files[1]); }},
      {"a file of another size than is expected", [](prepared& one) { ++one.files[0].width; }},
      {"a file that is too large", [](prepared& one) { one.files[0].bytes.resize(output_bytes_max + 1); }},
      {"a file that is not what it is called", [](prepared& one) { one.files[0].bytes = "<script></script>"; }},
      {"a file that is not what it is called", [](prepared& one) { one.files[0].bytes = webp_header(320, 224); }},
      {"a file that is not what it is called", [](prepared& one) { one.files[0].bytes = jpeg_header(320, 225); }},
  };
  for (const auto& [wrong, change] : rows) {
    prepared made = right(1000, 700);
    change(made);
    EXPECT_EQ(what_is_wrong(body_of(made)), wrong);
  }
  prepared avif = right(1000, 700, stage::avif);
  avif.likeness = 1;
  EXPECT_EQ(what_is_wrong(body_of(avif), stage::avif), "a likeness where there should be none");
  avif.likeness = 0;
  avif.placeholder = "x";
  EXPECT_EQ(what_is_wrong(body_of(avif), stage::avif), "a placeholder that is none");
}

}  // namespace

}  // namespace spaces::picture::protocol
