#include "platform/record/item.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <stdexcept>
#include <string>

namespace spaces::record {
namespace {

using namespace std::string_view_literals;

std::string three_texts() {
  std::string encoded;
  texts_view::append(encoded, "pool");
  texts_view::append(encoded, "");
  texts_view::append(encoded, std::string(300, 'x'));
  return encoded;
}

item sample() {
  const std::string texts = three_texts();
  item out;
  out.append("Title", value::of("Loft\0with a NUL"sv));
  out.append("Price", value::of(decimal{45000050, 2}));
  out.append("Public", value::of(true));
  out.append("Features", value::of(texts_view(texts)));
  out.append("Card", value::of_bytes("\xFF\x00\x80"sv));
  out.append("Empty", value::of(""sv));
  return out;
}

TEST(item, gives_every_kind_back) {
  const item it = sample();
  EXPECT_EQ(it.find("Title"), value::of("Loft\0with a NUL"sv));
  EXPECT_EQ(it.find("Price").number, (decimal{45000050, 2}));
  EXPECT_EQ(it.find("Public"), value::of(true));
  EXPECT_EQ(it.find("Features").texts.to_vector(), (std::vector<std::string>{"pool", "", std::string(300, 'x')}));
  EXPECT_EQ(it.find("Card"), value::of_bytes("\xFF\x00\x80"sv));
  EXPECT_EQ(it.find("Empty"), value::of(""sv));
  EXPECT_EQ(it.find("Absent").kind, value_kind::none);
  EXPECT_EQ(it.find("Titl").kind, value_kind::none);
  EXPECT_TRUE(it.view().well_formed());
}

TEST(item, takes_a_literal_for_a_text) {
  EXPECT_EQ(value::of("Loft"), value::of("Loft"sv));
  const char* const pointer = "Loft";
  EXPECT_EQ(value::of(pointer), value::of("Loft"sv));
}

TEST(item, keeps_numbers_at_their_limits) {
  for (const std::int64_t digits :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{64},
        std::int64_t{999'999'999'999'999'999}, std::int64_t{-999'999'999'999'999'999},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    for (const std::uint8_t places : {std::uint8_t{0}, std::uint8_t{2}, std::uint8_t{decimal_places_max}}) {
      item it;
      it.append("n", value::of(decimal{digits, places}));
      EXPECT_EQ(it.find("n").number, (decimal{digits, places}));
      EXPECT_TRUE(it.view().well_formed());
    }
  }
}

TEST(item, iterates_in_the_order_of_append) {
  const item it = sample();
  std::string names;
  for (const attribute& each : it.view()) names.append(each.name).push_back(' ');
  EXPECT_EQ(names, "Title Price Public Features Card Empty ");
}

TEST(item, finds_several_in_the_order_they_are_asked_for) {
  item made;
  made.append("a", value::of(std::string_view("one")));
  made.append("b", value::of(std::string_view("two")));
  made.append("c", value::of(make_decimal(3, 0)));
  const auto found = made.view().find_all<3>({"c", "none", "a"});
  EXPECT_EQ(found[0], made.find("c"));
  EXPECT_EQ(found[1].kind, value_kind::none);
  EXPECT_EQ(found[2], made.find("a"));
}

TEST(item, set_replaces_appends_and_removes) {
  item it = sample();
  it.set("Price", value::of("not a number any more"sv));
  it.set("New", value::of(false));
  it.set("Title", {});
  it.set("Nowhere", {});
  std::string names;
  for (const attribute& each : it.view()) names.append(each.name).push_back(' ');
  EXPECT_EQ(names, "Price Public Features Card Empty New ");
  EXPECT_EQ(it.find("Price"), value::of("not a number any more"sv));
  EXPECT_EQ(it.find("Features").texts.to_vector().size(), 3U);
  it.set("New", it.find("Price"));  // a view into the item itself
  EXPECT_EQ(it.find("New"), value::of("not a number any more"sv));
  EXPECT_TRUE(it.view().well_formed());
}

TEST(item, names_have_1_to_255_bytes) {
  item it;
  it.append(std::string(255, 'n'), value::of(true));
  EXPECT_TRUE(it.find(std::string(255, 'n')).flag);
  EXPECT_THROW(it.append(std::string(256, 'n'), value::of(true)), std::length_error);
  EXPECT_THROW(it.append("", value::of(true)), std::length_error);
  EXPECT_TRUE(it.view().well_formed());
}

TEST(item, same_attributes_ignores_the_order_only) {
  item a;
  a.append("x", value::of(true));
  a.append("y", value::of("1"sv));
  item b;
  b.append("y", value::of("1"sv));
  EXPECT_FALSE(same_attributes(a, b));
  EXPECT_FALSE(same_attributes(b, a));
  b.append("x", value::of(true));
  EXPECT_TRUE(same_attributes(a, b));
  b.set("y", value::of_bytes("1"));
  EXPECT_FALSE(same_attributes(a, b));
}

TEST(item, texts_end_at_damage) {
  std::string encoded = three_texts();
  encoded.pop_back();
  EXPECT_TRUE(texts_view(encoded).to_vector().empty());
  std::size_t seen = 0;
  texts_view(encoded).each([&](std::string_view) { ++seen; });
  EXPECT_EQ(seen, 2U);
  item it;
  it.append("Features", value::of(texts_view(encoded)));
  EXPECT_FALSE(it.view().well_formed());
}

TEST(item, a_name_twice_is_not_well_formed) {
  item once;
  once.append("x", value::of(true));
  const std::string twice = std::string(once.view().bytes()) + std::string(once.view().bytes());
  EXPECT_FALSE(item_view(twice).well_formed());
}

TEST(item, every_cut_is_noticed_and_read_safely) {
  const item it = sample();
  const std::string_view whole = it.view().bytes();
  std::size_t well_formed = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut(whole.substr(0, size));  // a buffer of its own, so that sanitizers see its end
    const item_view view{std::string_view(cut)};
    for (const attribute& each : view) EXPECT_EQ(it.find(each.name), each.value);
    view.find("Nowhere");
    if (view.well_formed()) ++well_formed;
  }
  EXPECT_EQ(well_formed, 6U) << "only the cuts between attributes (and the empty one)";
}

TEST(item, damaged_bytes_are_read_safely) {
  std::mt19937 random(20240607);
  const item it = sample();
  for (int round = 0; round < 20000; ++round) {
    std::string bytes(it.view().bytes());
    const auto flips = 1 + random() % 4;
    for (std::size_t i = 0; i < flips; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    const item_view view{std::string_view(bytes)};
    std::size_t total = 0;
    for (const attribute& each : view) {
      total += each.name.size() + each.value.text.size();
      each.value.texts.each([&](std::string_view text) { total += text.size(); });
    }
    EXPECT_LE(total, bytes.size());
    view.find("Empty");
    view.well_formed();
    item copy{view};
    copy.set("Empty", value::of(true));
  }
}

}  // namespace
}  // namespace spaces::record
