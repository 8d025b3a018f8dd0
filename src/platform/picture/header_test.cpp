#include "platform/picture/header.hpp"

#include "platform/picture/headers.hpp"
#include "platform/picture/preparer.hpp"
#include "platform/picture/refusal.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spaces::picture {

namespace {

using namespace std::string_literals;

std::string told(std::string_view bytes) {
  const auto read = sniff(bytes);
  if (!read) return read.error().problems.at(0).code;
  return std::string(content_type_of(read->kind)) + " " + std::to_string(read->width) + "x" +
         std::to_string(read->height);
}

TEST(header, of_every_format) {
  EXPECT_EQ(told(jpeg_header(4032, 3024)), "image/jpeg 4032x3024");
  EXPECT_EQ(told(png_header(640, 480)), "image/png 640x480");
  EXPECT_EQ(told(webp_header(16383, 1)), "image/webp 16383x1");
  EXPECT_EQ(told(box_picture("avif", {{1280, 960}})), "image/avif 1280x960");
  EXPECT_EQ(told(box_picture("heic", {{4032, 3024}})), "image/heic 4032x3024");
}

TEST(header, tells_the_format_by_its_beginning) {
  for (const std::string& whole : {jpeg_header(30, 20), png_header(30, 20), webp_header(30, 20),
                                   box_picture("avif", {{30, 20}}), box_picture("heic", {{30, 20}})}) {
    const auto is = format_of(std::string_view(whole).substr(0, 24));
    ASSERT_TRUE(is) << whole;
    EXPECT_EQ(*is, sniff(whole)->kind);
  }
  for (const std::string& other : {""s, "GIF89a"s, "<svg"s, "RIFF1234WAVE"s, "1234ftyp"s, "\0\0\0\x14"s + "ftypmp42"})
    EXPECT_FALSE(format_of(other)) << other;
}

TEST(header, of_each_kind_of_webp) {
  const std::string lossy = "RIFF\x1A\0\0\0WEBPVP8 \x0A\0\0\0\x30\1\0\x9D\x01\x2A\x80\x02\xE0\x01\0\0\0\0"s;
  EXPECT_EQ(told(lossy), "image/webp 640x480");
  // 14 bits of width - 1, 14 of height - 1: 639 and 479.
  const std::string lossless = "RIFF\x1A\0\0\0WEBPVP8L\x0D\0\0\0\x2F\x7F\xC2\x77\x00\0\0\0\0\0\0\0\0\0"s;
  EXPECT_EQ(told(lossless), "image/webp 640x480");
  EXPECT_EQ(told("RIFF\xFF\xFF\0\0"s + lossy.substr(8)), "damaged") << "longer than the file";
}

TEST(header, of_a_jpeg_lies_behind_its_other_segments) {
  const std::string exif =
                        "\xFF\xE1\x00\x08"
                        "Exif\0\0"s,
                    fill = "\xFF\xFF\xFF"s;
  const std::string whole = jpeg_header(200, 100);
  EXPECT_EQ(told(whole.substr(0, 2) + exif + fill + exif + whole.substr(2)), "image/jpeg 200x100");
  EXPECT_EQ(told("\xFF\xD8\xFF\xE1\x00\x01"s), "damaged") << "a segment that is shorter than its length";
  EXPECT_EQ(told(whole.substr(0, 2) + "\xFF\xDA\0\x04\0\0"s + whole.substr(2)), "damaged") << "a scan before a frame";
  EXPECT_EQ(told(whole.substr(0, 2) + exif + "\0\0\0\0"s + whole.substr(2)), "damaged") << "no marker";
}

TEST(header, that_is_cut_is_damaged_and_never_more) {
  for (const std::string& whole : {jpeg_header(30, 20), png_header(30, 20), webp_header(30, 20),
                                   box_picture("avif", {{30, 20}}), box_picture("heic", {{512, 512}, {30, 20}})})
    for (std::size_t bytes = 1; bytes < whole.size(); ++bytes) {
      const std::string cut = told(whole.substr(0, bytes));
      EXPECT_TRUE(cut == "damaged" || (bytes < 12 && cut == "not-a-picture")) << whole.substr(0, 12) << bytes << cut;
    }
}

TEST(header, beyond_a_limit) {
  EXPECT_EQ(told(png_header(30'000, 30'000)), "side");
  EXPECT_EQ(told(png_header(16'384, 3'051)), "image/png 16384x3051");
  EXPECT_EQ(told(png_header(16'385, 1)), "side");
  EXPECT_EQ(told(png_header(0xFFFFFFFF, 1)), "side");
  EXPECT_EQ(told(jpeg_header(10'000, 5'001)), "pixels");
  EXPECT_EQ(told(jpeg_header(10'000, 5'000)), "image/jpeg 10000x5000");
  EXPECT_EQ(told(jpeg_header(10, 0)), "damaged");
  std::string large = jpeg_header(10, 10);
  large.resize(file_bytes_max);
  EXPECT_EQ(told(large), "image/jpeg 10x10");
  large += '\0';
  EXPECT_EQ(told(large), "bytes");
}

TEST(header, of_boxes_has_the_size_of_the_primary_item) {
  EXPECT_EQ(told(box_picture("mif1", {{512, 512}, {4032, 3024}}, 2)), "format") << "no brand says how it is coded";
  EXPECT_EQ(told(box_picture("heic", {{512, 512}, {4032, 3024}}, 2)), "image/heic 4032x3024");
  EXPECT_EQ(told(box_picture("heic", {{512, 512}, {4032, 3024}}, 1)), "image/heic 512x512");
  EXPECT_EQ(told(box_picture("heic", {{512, 512}, {4032, 3024}}, 3)), "damaged") << "an item without a size";
  EXPECT_EQ(told(box_picture("heic", {{20'000, 512}, {40, 30}}, 2)), "side") << "another item's";
  EXPECT_EQ(told(box_picture("heic", std::vector<size>(attributes_max, {40, 30}), 7)), "image/heic 40x30");
  EXPECT_EQ(told(box_picture("heic", std::vector<size>(attributes_max + 1, {40, 30}), 7)), "damaged");
  EXPECT_EQ(told(box_picture("isom", {{40, 30}})), "format") << "a film";
}

TEST(header, of_what_is_not_taken) {
  for (const std::string& other : {"GIF89a\1\0\1\0"s, "II*\0\x08\0\0\0"s, "MM\0*\0\0\0\x08"s, "BM\x9A\0\0\0"s,
                                   "<svg xmlns='http://www.w3.org/2000/svg'/>"s, "<?xml version='1.0'?><!-- --><svg/>"s,
                                   "8BPS\0\1"s, "\0\0\0\x0CJXL \r\n\x87\n"s})
    EXPECT_EQ(told(other), "format") << other;
  for (const std::string& other :
       {""s, "<html><img></html>"s, "%PDF-1.7"s, "PK\3\4"s, "MZ"s, "RIFF\x10\0\0\0WAVE"s, "\xFF\xD8"s, "RIFF"s})
    EXPECT_EQ(told(other), "not-a-picture") << other;
}

TEST(refused, is_a_sentence_that_says_what_is_allowed) {
  EXPECT_EQ(
      refuse(reason::format).public_text,
      "This picture is of a format that is not taken. JPEG, PNG, WebP, AVIF and HEIC are taken: save it as one of "
      "these.");
  EXPECT_EQ(refuse(reason::bytes).public_text,
            "This file has more than 25 MiB, which is the most that a picture may have.");
  EXPECT_EQ(refuse(reason::pixels).public_text,
            "This picture has more than 50 megapixels, which is the most. Save it smaller.");
  EXPECT_EQ(refuse(reason::side).public_text, "A side of this picture has more than 16384 pixels, which is the most.");
  for (unsigned i = 0; i < reasons; ++i) {
    const error told = refuse(static_cast<reason>(i));
    EXPECT_TRUE(is_refused(told));
    EXPECT_EQ(told.problems.size(), 1U);
  }
}

}  // namespace

}  // namespace spaces::picture
