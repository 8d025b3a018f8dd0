#include "marketplace/properties/listing_images.hpp"

#include "marketplace/properties/property.hpp"
#include "platform/record/json.hpp"
#include "platform/record/object_shape.hpp"
#include "platform/record/write.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

namespace spaces::properties {
namespace {

const uuid loft = *parse_uuid("019ab3c4-0000-7000-8000-00000000000f");

listing_image image_of(int number, image_status status) {
  listing_image made;
  made.id = loft;
  made.id.bytes.back() = static_cast<std::uint8_t>(number);
  made.status = status;
  return made;
}

listing_image ready_image(int number = 1) {
  listing_image made = image_of(number, image_status::ready);
  made.alt = "The \"kitchen\"";
  made.name.fill(0xAB);
  made.width = 1000;
  made.height = 750;
  made.placeholder = std::string("\x01\xFF\x00", 3);
  for (const source_type type : {source_type::jpeg, source_type::webp})
    for (const unsigned width : {320U, 640U, 1000U}) made.sources.push_back({type, width, width * 3 / 4, width * 100});
  return made;
}

property with_images(std::initializer_list<listing_image> images) {
  property p;
  p.id = loft;
  p.title = "Loft";
  p.city = "Kent";
  p.images.set(std::vector(images), images_change::by_owner, 2);
  return p;
}

record::json_value shown(const property& p, bool to_owner) {
  std::string out;
  record::append_object(out, property::fields(), to_item(p).view(), record::on_show,
                        {"https://media.example/", to_owner});
  auto read = record::parse_json(out);
  EXPECT_TRUE(read) << out;
  return read ? *read->find("images") : record::json_value{};
}

std::vector<std::string> names_of(const record::json_value& object) {
  std::vector<std::string> names;
  for (const record::json_member& each : object.members) names.push_back(each.name);
  return names;
}

std::vector<std::string> documented(record::field_span fields) {
  std::vector<std::string> names;
  for (const record::field& f : fields) names.emplace_back(f.name);
  return names;
}

constexpr std::string_view files =
    "https://media.example/0f/019ab3c4-0000-7000-8000-00000000000f/"
    "abababababababababababababababab-";

TEST(listing_images, come_back_as_they_were) {
  listing_image refused = image_of(2, image_status::refused);
  refused.reason = "It is no picture.";
  listing_image outside = image_of(3, image_status::outside);
  outside.url = "https://elsewhere.example/1.jpg";
  const std::vector<listing_image> all{ready_image(), refused, outside, image_of(4, image_status::awaiting),
                                       image_of(5, image_status::preparing)};
  property p = with_images({});
  p.images.set(all, images_change::by_owner, 3);
  const auto back = to_property(to_item(p).view());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->images.images(), all);
  EXPECT_FALSE(back->images.empty());
  EXPECT_TRUE(with_images({}).images.empty());
  EXPECT_TRUE(image_list().empty());
}

TEST(listing_images, a_ready_one_shows_everything_of_its_files) {
  const record::json_value all = shown(with_images({ready_image()}), false);
  ASSERT_EQ(all.elements.size(), 1U);
  const record::json_value& image = all.elements[0];
  EXPECT_EQ(names_of(image), documented(shown_image_fields()));
  EXPECT_EQ(image.find("id")->text, "019ab3c4-0000-7000-8000-000000000001");
  EXPECT_EQ(image.find("status")->text, "ready");
  EXPECT_EQ(image.find("reason")->kind, record::json_kind::null);
  EXPECT_EQ(image.find("width")->text, "1000");
  EXPECT_EQ(image.find("height")->text, "750");
  EXPECT_EQ(image.find("alt")->text, "The \"kitchen\"");
  EXPECT_EQ(image.find("placeholder")->text, "Af8A");
  EXPECT_EQ(image.find("url")->text, std::string(files) + "1000.jpg");
  const record::json_value& sources = *image.find("sources");
  ASSERT_EQ(sources.elements.size(), 6U);
  const record::json_value& first = sources.elements[0];
  EXPECT_EQ(first.find("type")->text, "image/webp") << "what most take comes first";
  EXPECT_EQ(first.find("width")->text, "320");
  EXPECT_EQ(first.find("height")->text, "240");
  EXPECT_EQ(first.find("bytes")->text, "32000");
  EXPECT_EQ(first.find("url")->text, std::string(files) + "320.webp");
  const record::field& sources_row = shown_image_fields()[record::find_field(shown_image_fields(), "sources")];
  EXPECT_EQ(names_of(first), documented(sources_row.type->packed->elements()));
}

TEST(listing_images, avif_comes_first_once_it_is_there) {
  listing_image image = ready_image();
  image.sources.push_back({source_type::avif, 320, 240, 999});
  const record::json_value all = shown(with_images({image}), false);
  EXPECT_EQ(all.elements[0].find("sources")->elements[0].find("url")->text, std::string(files) + "320.avif");
}

TEST(listing_images, others_than_the_owner_see_what_is_ready_or_outside) {
  listing_image refused = image_of(2, image_status::refused);
  refused.reason = "It is damaged.";
  listing_image outside = image_of(3, image_status::outside);
  outside.url = "https://elsewhere.example/1.jpg";
  const property p = with_images({image_of(4, image_status::awaiting), refused, ready_image(), outside});
  const auto statuses = [&](bool to_owner) {
    std::vector<std::string> found;
    for (const record::json_value& one : shown(p, to_owner).elements) found.push_back(one.find("status")->text);
    return found;
  };
  EXPECT_EQ(statuses(false), (std::vector<std::string>{"ready", "outside"}));
  EXPECT_EQ(statuses(true), (std::vector<std::string>{"awaiting", "refused", "ready", "outside"}));
  const record::json_value all = shown(p, true);
  EXPECT_EQ(all.elements[1].find("reason")->text, "It is damaged.");
  EXPECT_EQ(all.elements[3].find("url")->text, outside.url);
  EXPECT_EQ(all.elements[3].find("sources")->elements.size(), 0U);
}

TEST(listing_images, one_address_is_a_jpeg_for_a_page) {
  const auto url_of = [](std::initializer_list<unsigned> widths) {
    listing_image image = ready_image();
    image.sources.clear();
    for (const unsigned width : widths)
      for (const source_type type : {source_type::webp, source_type::jpeg})
        image.sources.push_back({type, width, 1, 1});
    return shown(with_images({image}), false).elements[0].find("url")->text;
  };
  EXPECT_EQ(url_of({320, 640, 1280, 2048}), std::string(files) + "1280.jpg");
  EXPECT_EQ(url_of({2048, 320}), std::string(files) + "320.jpg");
  EXPECT_EQ(url_of({2048, 1500}), std::string(files) + "1500.jpg");
}

TEST(listing_images, the_largest_answer_is_whole) {
  std::vector<listing_image> all;
  for (int i = 0; i < static_cast<int>(images_max); ++i) {
    listing_image image = ready_image(i);
    image.alt = std::string(alt_max, '\x01');  // six characters each in JSON
    all.push_back(std::move(image));
  }
  property p = with_images({});
  p.images.set(all, images_change::by_owner, 9);
  EXPECT_EQ(shown(p, false).elements.size(), images_max);
  EXPECT_LE(table::counted_bytes(key_of(p.id), to_item(p).view()), 50'000U);
}

TEST(listing_images, of_an_older_version_are_addresses_outside) {
  record::item stored = to_item(with_images({}));
  std::string list;
  record::texts_view::append(list, "https://elsewhere.example/1.jpg");
  stored.set("images", record::value::of(record::texts_view(list)));
  const auto p = to_property(stored.view());
  ASSERT_TRUE(p);
  ASSERT_EQ(p->images.images().size(), 1U);
  EXPECT_EQ(p->images.images()[0].url, "https://elsewhere.example/1.jpg");
  EXPECT_EQ(p->images.images()[0].status, image_status::outside);
}

TEST(listing_images, damage_is_noticed_and_never_shown) {
  const record::item whole = to_item(with_images({ready_image(), ready_image(2)}));
  const std::string packed(whole.find("images").text);
  for (std::size_t size = 0; size <= packed.size(); ++size) {
    record::item cut = whole;
    cut.set("images", record::value::of_bytes(std::string_view(packed).substr(0, size)));
    static_cast<void>(to_property(cut.view()));
    std::string out;
    record::append_object(out, property::fields(), cut.view(), record::on_show, {"/"});
    EXPECT_TRUE(record::parse_json(out)) << size;
  }
  for (std::size_t at = 0; at < packed.size(); ++at) {
    for (const int flip : {1, 0x80, 0xFF}) {
      std::string other = packed;
      other[at] = static_cast<char>(other[at] ^ flip);
      record::item broken = whole;
      broken.set("images", record::value::of_bytes(other));
      static_cast<void>(to_property(broken.view()));
      std::string out;
      record::append_object(out, property::fields(), broken.view(), record::on_show, {"/"});
      const auto cover = listing_cover::of([&] {
        image_list list;
        static_cast<void>(list.unpack(record::value::of_bytes(other)));
        return list;
      }());
      static_cast<void>(cover);
    }
  }
}

// ---- Versions

expected_version naming(std::initializer_list<std::int64_t> versions) { return {std::vector(versions)}; }

TEST(image_list, changes_of_pictures_alone_are_in_no_edits_way) {
  image_list list;
  list.set({}, images_change::by_owner, 5);
  list.set({}, images_change::by_progress, 6);
  for (const std::int64_t named : {4, 5, 6}) EXPECT_TRUE(list.admits_edit(naming({named}), 6)) << named;
  for (const std::int64_t named : {0, 3, 7}) EXPECT_FALSE(list.admits_edit(naming({named}), 6)) << named;
  EXPECT_TRUE(list.admits_edit(naming({2, 5}), 6));
  EXPECT_TRUE(list.admits_edit({}, 6));
  // Version 7 was an edit.
  EXPECT_TRUE(list.admits_edit(naming({7}), 7));
  EXPECT_FALSE(list.admits_edit(naming({6}), 7));
  list.set({}, images_change::by_progress, 8);
  EXPECT_TRUE(list.admits_edit(naming({7}), 8));
  EXPECT_FALSE(list.admits_edit(naming({6}), 8));
}

TEST(image_list, a_change_with_others_is_in_everybodys_way) {
  image_list list;
  list.set({}, images_change::by_owner, 5);
  list.set({}, images_change::with_others, 6);
  EXPECT_FALSE(list.admits_edit(naming({5}), 6));
  EXPECT_FALSE(list.admits_arranging(naming({5}), 6));
  EXPECT_TRUE(list.admits_edit(naming({6}), 6));
}

TEST(image_list, preparing_and_edits_are_in_no_arrangements_way) {
  image_list list;
  EXPECT_TRUE(list.admits_arranging(naming({1}), 3));
  EXPECT_FALSE(list.admits_arranging(naming({4}), 3));
  EXPECT_FALSE(list.admits_arranging(naming({0}), 3));
  list.set({}, images_change::by_owner, 4);
  list.set({}, images_change::by_progress, 5);
  for (const std::int64_t named : {4, 5, 6}) EXPECT_TRUE(list.admits_arranging(naming({named}), 6)) << named;
  for (const std::int64_t named : {3, 7}) EXPECT_FALSE(list.admits_arranging(naming({named}), 6)) << named;
  EXPECT_TRUE(list.admits_arranging({}, 6));
}

// ---- The cover

std::string cover_json(const property& p) {
  const table::key key = key_of(p.id);
  std::string whole, out;
  const record::item stored = to_item(p);
  const table::row row{{}, table::key_view(key), stored.find(table::name::card).text};
  record::text_buffer text(out);
  record::card_shape(property::fields(), record::on_card, {"/"}).put(text, whole_card(row, whole));
  text.flush();
  const std::size_t at = out.find("\"cover\":");
  EXPECT_NE(out.find("\"id\":\"" + to_text(p.id)), std::string::npos) << out;
  return out.substr(at + 8, out.size() - at - 9);
}

TEST(listing_cover, is_the_first_ready_picture) {
  EXPECT_EQ(cover_json(with_images({})), "null");
  EXPECT_EQ(cover_json(with_images({image_of(1, image_status::preparing)})), "null");
  const std::string wanted = R"({"width":1000,"height":750,"placeholder":"Af8A",)"
                             R"("url":"/0f/019ab3c4-0000-7000-8000-00000000000f/abababababababababababababababab-)"
                             R"({width}.{type}","widths":[320,640,1000],"types":["webp","jpg"]})";
  EXPECT_EQ(cover_json(with_images({image_of(2, image_status::awaiting), ready_image()})), wanted);
  std::vector<std::string> names;
  const auto cover = record::parse_json(wanted);
  for (const record::json_member& each : cover->members) names.push_back(each.name);
  EXPECT_EQ(names, documented(shown_cover_fields()));
}

TEST(listing_cover, stays_as_it_is_when_avif_comes_or_another_picture) {
  listing_image later = ready_image();
  later.sources.push_back({source_type::avif, 320, 240, 999});
  const auto card_of = [](const property& p) { return std::string(to_item(p).find(table::name::card).text); };
  EXPECT_EQ(card_of(with_images({ready_image()})), card_of(with_images({later, ready_image(2)})));
}

TEST(listing_cover, takes_few_bytes_of_a_card) {
  listing_image typical = ready_image();
  typical.width = 4032;
  typical.height = 3024;
  typical.placeholder = std::string(21, 'x');  // of 4 to 3
  const auto bytes_of = [](const property& p) { return to_item(p).find(table::name::card).text.size(); };
  EXPECT_LE(bytes_of(with_images({typical})) - bytes_of(with_images({})), 45U);
}

// ---- Keys

TEST(media_key, names_listing_and_picture) {
  image_name name{};
  name.back() = 0x0F;
  const std::string key = media_key(loft, name, source_type::avif, 1280);
  EXPECT_EQ(key, "media/0f/019ab3c4-0000-7000-8000-00000000000f/0000000000000000000000000000000f-1280.avif");
  EXPECT_TRUE(key.starts_with(media_prefix(loft, name)));
  EXPECT_TRUE(key.starts_with(media_prefix(loft)));
  record::json_value image = shown(with_images({ready_image()}), false).elements[0];
  EXPECT_EQ(image.find("url")->text,
            "https://media.example/" +
                media_key(loft, ready_image().name, source_type::jpeg, 1000).substr(media_folder.size()))
      << "what is shown is where it is";
  const auto place = read_media_key(key);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->listing, loft);
  EXPECT_EQ(place->name, name);
  for (const std::string_view other :
       {"", "media/", "originals/0f/019ab3c4-0000-7000-8000-00000000000f/0000000000000000000000000000000f-1280.avif",
        "media/0f/019ab3c4-0000-7000-8000-00000000000f/0000000000000000000000000000000f",
        "media/0f/019ab3c4-0000-7000-8000-00000000000f/0000000000000000000000000000000f.1280.avif",
        "media/0f/019ab3c4-0000-7000-8000-00000000000f/000000000000000000000000000000zz-1280.avif",
        "media/0e/019ab3c4-0000-7000-8000-00000000000f/0000000000000000000000000000000f-1280.avif",
        "media/0F/019AB3C4-0000-7000-8000-00000000000F/0000000000000000000000000000000f-1280.avif",
        "media/019ab3c4-0000-7000-8000-00000000000f/0000000000000000000000000000000f-1280.avif",
        "media/0f/019ab3c4-0000-7000-8000-00000000000f-0000000000000000000000000000000f-1280.avif"})
    EXPECT_FALSE(read_media_key(other)) << other;
}

}  // namespace
}  // namespace spaces::properties
