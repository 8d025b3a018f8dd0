#include "marketplace/properties/import/import_merge.hpp"
#include "scenario/importing.hpp"

#include <gtest/gtest.h>

namespace spaces::properties {
namespace {

using namespace std::chrono_literals;
using test::importing;
using test::opener_of;
using test::owner;
using test::stranger;

/// A listing with everything that a file must be able to hold.
property rich_listing(int number) {
  property p;
  p.id = make_uuid_v7(instant(1'795'334'400'000ms));
  p.title = "Title \"" + std::to_string(number) + "\", with a comma";
  p.description = number == 1 ? "" : "Two lines\r\nand a\ttab 🍐, =SUM(A1)";
  p.price = money{54'950'025};
  p.bathrooms = quarters{9};
  p.latitude = *parse_decimal("47.6592123456789012");
  p.city = "São Paulo";
  p.state = "WA";
  p.zip_code = "02116";
  p.features =
      number == 2 ? std::vector<std::string>{"a|b", "[c", "d,e"} : std::vector<std::string>{"garden", "Garage"};
  listing_image kitchen;
  kitchen.id = p.id;
  kitchen.status = image_status::ready;
  kitchen.alt = "The kitchen, \"new\"";
  kitchen.placeholder = std::string("\0\xff\x01", 3);
  kitchen.sources = {{source_type::webp, 320, 240, 12'345}};
  listing_image outside;
  outside.status = image_status::outside;
  outside.url = "https://pictures.example/1.jpg";
  if (number != 1) p.images.set(std::vector{kitchen, outside}, images_change::by_owner, 3);
  p.status = number == 3 ? property_status::draft : property_status::active;
  p.user_id = number == 2 ? stranger : owner;
  p.created_at = instant(1'795'334'400'123ms);
  p.updated_at = instant(1'795'334'999'000ms);
  p.version = 7 + number;
  p.unknown.append("Later", record::value::of(std::string_view("a text, \"quoted\"")));
  p.unknown.append("Score", record::value::of(*parse_decimal("-0.000125")));
  p.unknown.append("Flag", record::value::of(true));
  p.unknown.append("Seal", record::value::of_bytes(std::string_view("\0\xff\x01", 3)));
  std::string list;
  record::texts_view::append(list, "x");
  record::texts_view::append(list, "");
  p.unknown.append("Words", record::value::of(record::texts_view(list)));
  return p;
}

class restore_test : public importing, public testing::WithParamInterface<export_format> {};

TEST_P(restore_test, GivesTheSameItems) {
  const bool json = GetParam() == export_format::json_lines;
  std::vector<table::operation> puts;
  for (int i = 0; i < 4; ++i) {
    const property p = rich_listing(i);
    puts.emplace_back(table::put{key_of(p.id), to_item(p), {}});
  }
  ASSERT_FALSE(*table().write(puts));
  const std::string exported = out(GetParam());
  spaces::test::market other;
  import_settings settings;
  settings.restore = true;
  std::string rejected;
  const auto progress = [](import_phase, const import_counts&) { return true; };
  const row_opener open = opener_of(exported, json);
  auto plan = import_plan::make(open, settings, progress);
  ASSERT_TRUE(plan);
  const auto report = import_listings(
      open, *plan, &other.table(), true, other.clock(), settings,
      [&](const rejected_row& row) -> result<void> { return rejected += row.reason, result<void>{}; }, progress);
  ASSERT_TRUE(report);
  EXPECT_EQ(rejected, "");
  EXPECT_EQ(report->counts.created, 4u);
  for (const table::operation& one : puts) {
    const auto& wanted = std::get<table::put>(one);
    auto found = other.table().get(wanted.key, table::consistency::strong);
    ASSERT_TRUE(found && *found);
    (*found)->set(table::name::write_id, {});
    EXPECT_TRUE(same_attributes(**found, wanted.item));
  }
  std::string again;
  ASSERT_TRUE(export_listings(
      other.table(), {GetParam(), false, {}, {}},
      [&](std::string_view more) -> result<void> { return again += more, result<void>{}; },
      [](std::uint64_t) { return true; }));
  EXPECT_EQ(again, exported);
}

TEST_P(restore_test, OnlyANewerVersionReplaces) {
  const bool json = GetParam() == export_format::json_lines;
  property p = rich_listing(0);
  ASSERT_FALSE(*table().write({table::put{key_of(p.id), to_item(p), {}}}));
  const std::string exported = out(GetParam());
  EXPECT_EQ(bring(exported, {}, true, json).unchanged, 1u);
  p.price = money{100};
  ASSERT_FALSE(*table().write({table::put{key_of(p.id), to_item(p), {}}}));
  EXPECT_EQ(bring(exported, {}, true, json).rejected, 1u) << "the same version with other content";
  p.version = 8;
  ASSERT_FALSE(*table().write({table::put{key_of(p.id), to_item(p), {}}}));
  EXPECT_EQ(bring(exported, {}, true, json).older, 1u);
  p.version = 6;
  ASSERT_FALSE(*table().write({table::put{key_of(p.id), to_item(p), {}}}));
  EXPECT_EQ(bring(exported, {}, true, json).updated, 1u);
  EXPECT_EQ(out(GetParam()), exported);
  p = *to_property((*table().get(key_of(p.id), table::consistency::strong))->view());
  p.user_id = stranger;
  p.version = 1;
  ASSERT_FALSE(*table().write({table::put{key_of(p.id), to_item(p), {}}}));
  EXPECT_EQ(bring(exported, {}, true, json).rejected, 1u) << "another owner's";
}

INSTANTIATE_TEST_SUITE_P(Formats, restore_test, testing::Values(export_format::csv, export_format::json_lines),
                         [](const auto& which) { return which.param == export_format::csv ? "Csv" : "JsonLines"; });

}  // namespace
}  // namespace spaces::properties
