#include "marketplace/properties/import/import.hpp"

#include <source_dir.hpp>
#include "marketplace/properties/import/export.hpp"
#include "marketplace/properties/import/import_merge.hpp"
#include "scenario/market.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace spaces::properties {
namespace {

using namespace std::chrono_literals;

byte_source bytes_of(std::string text) {
  return [text = std::move(text), at = std::size_t{0}](std::span<char> into) mutable -> result<std::size_t> {
    const std::size_t size = std::min(into.size(), text.size() - at);
    std::copy_n(text.data() + at, size, into.data());
    at += size;
    return size;
  };
}

const uuid owner = *parse_uuid("00000000-0000-8000-8000-000000000009");
const uuid stranger = *parse_uuid("00000000-0000-8000-8000-000000000008");

/// A store, and imports into it.
class importing : public testing::Test {
 protected:
  import_counts bring(const std::string& text, mapping_options options = {}, bool restore = false, bool json = false) {
    import_settings settings;
    settings.mapping = std::move(options);
    if (settings.mapping.owner.is_nil()) settings.mapping.owner = owner;
    if (settings.mapping.source.empty()) settings.mapping.source = "homes.csv";
    settings.restore = restore;
    settings.bytes_total = text.size();
    const auto rows = json ? read_json_lines(bytes_of(text)) : read_csv(bytes_of(text));
    EXPECT_TRUE(rows->open());
    rejected_ = rejection_header(*rows);
    const auto reject = [&](const rejected_row& row) -> result<void> {
      rejected_ += rejection_line(row);
      return {};
    };
    const auto report = import_listings(*rows, &table(), writes_, market_.clock(), settings, reject,
                                        [](const import_counts&) { return true; });
    EXPECT_TRUE(report) << (report ? "" : report.error().public_text);
    if (!report) return {};
    EXPECT_FALSE(report->failure) << report->failure->public_text << report->failure->private_text;
    EXPECT_EQ(report->counts.completed(), report->counts.rows);
    return report->counts;
  }

  std::string out(export_format format) {
    std::string text;
    const auto sink = [&](std::string_view more) -> result<void> { return text += more, result<void>{}; };
    const auto report = export_listings(table(), {format, {}, {}}, sink, [](std::uint64_t) { return true; });
    EXPECT_TRUE(report);
    return text;
  }

  std::vector<property> all() {
    std::vector<property> found;
    EXPECT_TRUE(table().walk(std::nullopt, [&](table::key_view key, record::item_view item) {
      if (key.pk.starts_with("PROPERTY#")) found.push_back(*to_property(item));
      return true;
    }));
    std::ranges::sort(found, {}, &property::created_at);
    return found;
  }

  table::single_table& table() { return market_.table(); }
  void forward(std::chrono::milliseconds by) { market_.clock().forward(by); }

  std::string rejected_;
  bool writes_ = true;

 private:
  test::market market_;
};

mapping_options keyed(std::string key) {
  mapping_options made;
  made.key = std::move(key);
  return made;
}

const std::string three =
    "mls,price,city,state,zip,beds\n1,100,Kent,WA,98030,3\n2,200,Kent,WA,98030,\n3,300,Tacoma,WA,98402,4\n";

TEST_F(importing, TheSameFileAgainChangesNothing) {
  for (const mapping_options& how : {mapping_options{}, keyed("mls")}) {
    EXPECT_EQ(bring(three, how).created, 3u);
    const std::string before = out(export_format::json_lines);
    forward(1h);
    const import_counts again = bring(three, how);
    EXPECT_EQ(again.unchanged, 3u);
    EXPECT_EQ(again.created + again.updated, 0u);
    EXPECT_EQ(out(export_format::json_lines), before);
  }
  EXPECT_EQ(all().size(), 6u) << "by line and by key they are different listings";
}

TEST_F(importing, AChangedRowChangesItsListingAlone) {
  bring(three, keyed("mls"));
  const std::vector<property> before = all();
  EXPECT_LT(before[0].created_at, before[1].created_at) << "listings keep the file's order";
  EXPECT_LT(before[1].created_at, before[2].created_at);
  forward(1h);
  std::string changed = three;
  changed.replace(changed.find("200"), 3, "250");
  const import_counts counts = bring(changed, keyed("mls"));
  EXPECT_EQ(counts.updated, 1u);
  EXPECT_EQ(counts.unchanged, 2u);
  const std::vector<property> after = all();
  EXPECT_EQ(after[1].price.cents, 25000);
  EXPECT_EQ(after[1].version, 2);
  EXPECT_EQ(after[1].created_at, before[1].created_at);
  EXPECT_GT(after[1].updated_at, before[1].updated_at);
  EXPECT_EQ(after[0].version, 1);
}

TEST_F(importing, WhatTheFileDoesNotGiveStays) {
  bring(three, keyed("mls"));
  property edited = all()[0];
  edited.status = property_status::pending;
  edited.title = "Words of the owner";
  edited.description = "And more words";
  edited.version = 2;
  ASSERT_FALSE(*table().write({table::put{key_of(edited.id), to_item(edited), {}}}));
  std::string changed = three;
  changed.replace(changed.find("100"), 3, "150").replace(changed.find(",3\n"), 3, ",\n");
  EXPECT_EQ(bring(changed, keyed("mls")).updated, 1u);
  const property after = all()[0];
  EXPECT_EQ(after.price.cents, 15000);
  EXPECT_EQ(after.status, property_status::pending);
  EXPECT_EQ(after.title, "Words of the owner");
  EXPECT_EQ(after.description, "And more words");
  EXPECT_EQ(after.bedrooms, 3) << "an empty cell gives nothing";
  EXPECT_EQ(after.version, 3);
}

TEST_F(importing, ATitleThatWasMadeFollowsItsParts) {
  bring(three, keyed("mls"));
  EXPECT_EQ(all()[0].title, "3-bedroom home in Kent");
  std::string changed = three;
  changed.replace(changed.find(",3\n"), 3, ",5\n");
  bring(changed, keyed("mls"));
  EXPECT_EQ(all()[0].title, "5-bedroom home in Kent");
}

TEST_F(importing, AnotherOwnersListingIsNeverTouched) {
  bring(three, keyed("mls"));
  property taken = all()[0];
  taken.user_id = stranger;
  ASSERT_FALSE(*table().write({table::put{key_of(taken.id), to_item(taken), {}}}));
  std::string changed = three;
  changed.replace(changed.find("100"), 3, "150");
  const import_counts counts = bring(changed, keyed("mls"));
  EXPECT_EQ(counts.rejected, 1u);
  EXPECT_EQ(rejected_,
            "line,column,reason,mls,price,city,state,zip,beds\r\n"
            "2,\"\",is in the store already as another owner's listing,1,150,Kent,WA,98030,3\r\n");
  EXPECT_EQ(all()[0].price.cents, 10000);
}

TEST_F(importing, TheLaterRowOfAHouseStaysInEveryOrder) {
  const std::string header = "id,date,price,city,state,zip\n";
  const std::string first = "7,10/13/2014,100,Kent,WA,98030\n";
  const std::string later = "7,2/25/2015,200,Kent,WA,98030\n";
  for (const std::string& file :
       {fmt::format("{}{}{}", header, first, later), fmt::format("{}{}{}", header, later, first)}) {
    mapping_options how = keyed("id");
    how.source = file;
    const import_counts counts = bring(file, how);
    EXPECT_EQ(counts.created, 1u);
    EXPECT_EQ(counts.updated + counts.older, 1u);
    EXPECT_EQ(all().back().price.cents, 20000);
    const std::string before = out(export_format::json_lines);
    forward(1h);
    const import_counts again = bring(file, how);
    EXPECT_EQ(again.older, 1u);
    EXPECT_EQ(again.unchanged, 1u);
    EXPECT_EQ(out(export_format::json_lines), before);
  }
}

TEST_F(importing, RowsThatBreakARuleGoIntoTheirFileAndTheRestIn) {
  const import_counts counts = bring(
      "price,city,state,zip,note\n1,Kent,WA,1,\"a \"\"b\"\"\"\n"
      "0,Kent,WA,1,\"two\nlines\"\n1,Kent\n2,,WA,1,x\n3,Kent,WA,1,\n");
  EXPECT_EQ(counts.rows, 5u);
  EXPECT_EQ(counts.created, 2u);
  EXPECT_EQ(counts.rejected, 3u);
  EXPECT_EQ(rejected_,
            "line,column,reason,price,city,state,zip,note\r\n"
            "3,price,must be at least 0.01,0,Kent,WA,1,\"two\nlines\"\r\n"
            "5,\"\",has 2 cells where there are 5 columns,\"1,Kent\n\"\r\n"
            "6,city,is required,2,,WA,1,x\r\n");
}

TEST_F(importing, ADryRunWritesNothing) {
  writes_ = false;
  EXPECT_EQ(bring(three).created, 3u);
  EXPECT_TRUE(all().empty());
}

TEST_F(importing, JsonLinesGiveNullsAndLists) {
  const std::string one =
      R"({"ListPrice":1.5,"City":"Kent","StateOrProvince":"WA","PostalCode":"1","beds":2,"features":["a","b"]})";
  EXPECT_EQ(bring(one + "\n{\"ListPrice\":true}\n", {}, false, true).rejected, 1u);
  EXPECT_TRUE(rejected_.ends_with(",\"{\"\"ListPrice\"\":true}\"\r\n")) << rejected_;
  EXPECT_EQ(all()[0].features, (std::vector<std::string>{"a", "b"}));
  std::string cleared = one;
  cleared.replace(cleared.find("2,\"f"), 1, "null");
  EXPECT_EQ(bring(cleared, {}, false, true).updated, 1u);
  EXPECT_EQ(all()[0].bedrooms, std::nullopt);
}

std::string shared_file(const char* name) {
  std::ifstream in(std::string(SPACES_SOURCE_DIR "/../shared/data/") + name, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST_F(importing, SacramentoAsItIs) {
  const std::string file = shared_file("sacramento.csv");
  if (file.empty()) GTEST_SKIP() << "../shared/data/sacramento.csv is not here";
  EXPECT_EQ(bring(file).created, 985u);
  EXPECT_EQ(bring(file).unchanged, 985u);
  const std::vector<property> listings = all();
  EXPECT_EQ(listings.size(), 985u);
  EXPECT_EQ(listings[0].address, "3526 HIGH ST");
  EXPECT_EQ(listings[0].title, "2-bedroom Residential in SACRAMENTO");
  EXPECT_EQ(to_text(*listings[0].latitude), "38.631913");
  EXPECT_EQ(std::ranges::count(listings, std::string("Unkown"), [](const property& p) { return *p.property_type; }), 1);
}

/// Not run on DynamoDB (scripts/run_tests.py): dynoxide takes 7.5 ms a row, here three minutes for each time through
/// the file. Sacramento's 985 rows go there, too, and `bench/run --only dynamodb-import` has these.
class importing_embedded : public importing {};

TEST_F(importing_embedded, KingCountyShowsEachHousesLaterSale) {
  const std::string file = shared_file("king_county.csv");
  if (file.empty()) GTEST_SKIP() << "../shared/data/king_county.csv is not here";
  mapping_options how = keyed("id");
  how.set = {{"state", "WA"}, {"city", "King County"}};
  import_counts counts = bring(file, how);
  EXPECT_EQ(counts.rows, 21'597u);
  EXPECT_EQ(counts.created, 21'420u);
  EXPECT_EQ(counts.updated, 177u);
  EXPECT_EQ(counts.rejected, 0u);
  counts = bring(file, how);
  EXPECT_EQ(counts.unchanged, 21'420u);
  EXPECT_EQ(counts.older, 177u);
  // Held against the file itself: each house's latest price, by its date.
  std::map<std::string, std::pair<std::string, std::string>> latest;
  std::istringstream lines(file);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    std::string id, date, price;
    std::getline(cells, id, ',');
    std::getline(cells, date, ',');
    std::getline(cells, price, ',');
    std::istringstream parts(date);
    int month = 0, day = 0, year = 0;
    char slash = 0;
    parts >> month >> slash >> day >> slash >> year;
    const std::string when = std::to_string(year * 10000 + month * 100 + day);
    auto& known = latest[id];
    if (when >= known.first) known = {when, price};
  }
  ASSERT_EQ(latest.size(), 21'420u);
  const std::string owner_text = to_text(owner);
  for (const auto& [id, sale] : latest) {
    const std::string_view parts[] = {owner_text, "homes.csv", "key", id};
    const auto stored = table().get(key_of(make_uuid_v8(parts)), table::consistency::strong);
    ASSERT_TRUE(stored && *stored) << id;
    const double price = static_cast<double>(to_property((*stored)->view())->price.cents) / 100;
    ASSERT_EQ(price, std::stod(sale.second)) << id;
  }
}

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
  p.images = {"https://pictures.example/1.jpg"};
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
  test::market other;
  const auto rows = json ? read_json_lines(bytes_of(exported)) : read_csv(bytes_of(exported));
  ASSERT_TRUE(rows->open());
  import_settings settings;
  settings.restore = true;
  std::string rejected;
  const auto report = import_listings(
      *rows, &other.table(), true, other.clock(), settings,
      [&](const rejected_row& row) -> result<void> { return rejected += row.reason, result<void>{}; },
      [](const import_counts&) { return true; });
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
      other.table(), {GetParam(), {}, {}},
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
