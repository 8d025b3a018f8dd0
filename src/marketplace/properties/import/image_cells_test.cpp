#include "marketplace/properties/import/image_cells.hpp"

#include "scenario/importing.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spaces::properties {
namespace {

using test::importing;
using test::keyed;

/// "URL" or "URL (alt)" of each, in their order; or what is wrong.
std::vector<std::string> read(const cell& from) {
  image_list list;
  std::vector<problem> problems;
  if (!accept_images(list, from, "photos", problems)) return {problems.at(0).code};
  std::vector<std::string> found;
  for (const listing_image& each : list.images()) {
    EXPECT_EQ(each.status, image_status::outside);
    found.push_back(each.url + (each.alt.empty() ? "" : " (" + each.alt + ')'));
  }
  return found;
}

std::vector<std::string> read_json(std::string_view text) {
  const auto json = record::parse_json(text);
  EXPECT_TRUE(json);
  return read({cell::kind::json, text, &*json});
}

using texts = std::vector<std::string>;

TEST(image_cells, are_addresses_with_anything_between_them) {
  const texts two{"https://a.example/1.jpg", "http://b.example/2,3.jpg?w=1;h=2"};
  for (const char* between : {"|", ";", ",", " ", "\n", " ; ", ", ", "\" \""})
    EXPECT_EQ(read(cell::of(two[0] + between + two[1])), two) << between;
  EXPECT_EQ(read(cell::of("https://a.example/1.jpg https://a.example/1.jpg")), texts{"https://a.example/1.jpg"});
  EXPECT_EQ(read(cell::of(R"(["https://a.example/1.jpg", "x", "http://b.example/2,3.jpg?w=1;h=2"])")), two);
  for (const char* none : {"12", "a.jpg", "ftp://a.example/1.jpg", "https://", "https:///a.jpg", "javascript:alert(1)",
                           "https://a.example/\"", "[1,2]", "{}"})
    EXPECT_NE(read(cell::of(none)), texts{none}) << none;
  EXPECT_EQ(read(cell::of("12")), texts{"no-address"});
  EXPECT_EQ(read(cell::of("https://a.example/" + std::string(500, 'x'))), texts{"no-address"});
}

TEST(image_cells, are_resos_media) {
  EXPECT_EQ(read_json(R"([{"MediaURL":"https://a.example/2.jpg","Order":2,"ShortDescription":"The sea"},
                          {"MediaURL":"https://a.example/1.jpg","Order":"1","MediaCategory":"Photo"},
                          {"MediaURL":"https://a.example/tour","Order":0,"MediaCategory":"Branded Virtual Tour"}])"),
            (texts{"https://a.example/1.jpg", "https://a.example/2.jpg (The sea)"}));
  EXPECT_EQ(read_json(R"(["https://a.example/1.jpg",{"url":"https://a.example/2.jpg","alt":"A"},7,null])"),
            (texts{"https://a.example/1.jpg", "https://a.example/2.jpg (A)"}));
  EXPECT_EQ(read_json(R"([{"MediaURL":7}])"), texts{"no-address"});
}

TEST(image_cells, are_as_many_as_a_listing_may_have) {
  std::string many;
  for (int i = 0; i < 60; ++i) many += "https://a.example/" + std::to_string(i) + ".jpg ";
  EXPECT_EQ(read(cell::of(many)).size(), images_max);
}

struct imported_images : importing {
  std::vector<listing_image> images() { return all().at(0).images.images(); }
  texts urls() {
    texts found;
    for (const listing_image& each : images()) found.push_back(each.url);
    return found;
  }
  import_counts bring_photos(const std::string& photos, const std::string& price = "100") {
    return bring("mls,price,city,state,zip,photos\n1," + price + ",Kent,WA,98030," + photos + "\n", keyed("mls"));
  }
};

TEST_F(imported_images, come_and_go_with_the_file) {
  EXPECT_EQ(bring_photos("https://a.example/1.jpg|https://a.example/2.jpg").created, 1U);
  EXPECT_EQ(urls(), (texts{"https://a.example/1.jpg", "https://a.example/2.jpg"}));
  EXPECT_EQ(bring_photos("https://a.example/1.jpg|https://a.example/2.jpg").unchanged, 1U);
  const uuid second = images().at(1).id;
  EXPECT_EQ(bring_photos("https://a.example/2.jpg https://a.example/3.jpg").updated, 1U);
  EXPECT_EQ(urls(), (texts{"https://a.example/2.jpg", "https://a.example/3.jpg"}));
  EXPECT_EQ(images().at(0).id, second) << "the same picture";
  EXPECT_EQ(bring_photos("", "200").updated, 1U) << "an empty cell says nothing";
  EXPECT_EQ(urls().size(), 2U);
}

TEST_F(imported_images, leave_the_owners_alone) {
  EXPECT_EQ(bring_photos("https://a.example/1.jpg").created, 1U);
  property p = all().at(0);
  listing_image own;
  own.id = make_uuid_v7(p.created_at);
  own.status = image_status::ready;
  std::vector<listing_image> with_own = p.images.images();
  with_own.insert(with_own.begin(), own);
  set_images(p, with_own, images_change::by_owner, p.created_at);
  ASSERT_TRUE(table().write({table::put{key_of(p.id), to_item(p), {}}}));
  EXPECT_EQ(bring_photos("https://a.example/2.jpg").updated, 1U);
  ASSERT_EQ(images().size(), 2U);
  EXPECT_EQ(images().at(0).url, "https://a.example/2.jpg");
  EXPECT_EQ(images().at(1), own);
}

TEST_F(imported_images, keep_what_was_fetched_meanwhile) {
  EXPECT_EQ(bring_photos("https://a.example/1.jpg").created, 1U);
  property p = all().at(0);
  std::vector<listing_image> fetched = p.images.images();
  fetched[0].status = image_status::ready;
  fetched[0].url.clear();
  set_images(p, fetched, images_change::by_progress, p.created_at);
  ASSERT_TRUE(table().write({table::put{key_of(p.id), to_item(p), {}}}));
  EXPECT_EQ(bring_photos("https://a.example/1.jpg").unchanged, 1U);
  EXPECT_EQ(images().at(0).status, image_status::ready);
}

}  // namespace
}  // namespace spaces::properties
