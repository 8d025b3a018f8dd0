#include "scenario/importing.hpp"

#include <source_dir.hpp>
#include "marketplace/properties/import/import_merge.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace spaces::properties {
namespace {

using namespace std::chrono_literals;
using test::importing;
using test::keyed;
using test::opener_of;
using test::owner;
using test::stranger;
using test::three;

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
    how.order = "date";
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

TEST_F(importing, RowsWithoutKeyThatMovedAreRefusedWithAProposal) {
  const std::string header = "mls,price,street,city,state,zip\n";
  const std::string homes = "A1,100,1 Elm St,Kent,WA,98030\nA2,200,2 Elm St,Kent,WA,98030\n";
  EXPECT_EQ(bring(header + homes).created, 2u);
  const std::string before = out(export_format::json_lines);
  const std::string one_more = "A0,50,9 Oak St,Kent,WA,98030\n" + homes;
  const std::string one_less = homes.substr(homes.find("A2"));
  for (const std::string& moved : {one_more, one_less}) {
    EXPECT_EQ(bring(header + moved).rows, 0u);
    EXPECT_NE(refused_.find("Without --key a house is known by its line in 'homes.csv'"), std::string::npos)
        << refused_;
    EXPECT_NE(refused_.find("in line 2 address '1 Elm St' is '"), std::string::npos) << refused_;
    EXPECT_NE(refused_.find("--key mls"), std::string::npos) << refused_;
    EXPECT_EQ(out(export_format::json_lines), before) << "nothing was written, behind the last line neither";
  }
  const std::string appended = header + homes + "A3,300,3 Elm St,Kent,WA,98030\n";
  EXPECT_EQ(bring(appended).created, 1u);
  std::string cheaper = appended;
  cheaper.replace(cheaper.find("200"), 3, "190");
  EXPECT_EQ(bring(cheaper).updated, 1u) << "the same house at another price";
  mapping_options other;
  other.file = "other.csv";
  EXPECT_EQ(bring(header + "B1,1,7 Fir St,Kent,WA,98030\n", other).created, 1u);
}

TEST_F(importing, WithoutAnAddressEveryDifferenceIsAnotherHouse) {
  EXPECT_EQ(bring(three).created, 3u);
  std::string changed = three;
  changed.replace(changed.find("200"), 3, "190");
  bring(changed);
  EXPECT_NE(refused_, "");
}

TEST_F(importing, TheKeyAloneIdentifies) {
  mapping_options how = keyed("mls");
  how.file = "feed-29.csv";
  EXPECT_EQ(bring(three, how).created, 3u);
  how.file = "feed-30.csv";
  EXPECT_EQ(bring(three, how).unchanged, 3u);
  how.source = "another portal";
  EXPECT_EQ(bring(three, how).created, 3u);
  const std::string floats = "mls,price,city,state,zip,beds\n1.0,100,Kent,WA,98030,3\n";
  EXPECT_EQ(bring(floats, keyed("mls")).unchanged, 1u) << "a program's way of writing 1";
}

TEST_F(importing, TimesCountOnlyWhenTold) {
  const std::string header = "id,date,price,city,state,zip\n";
  const std::string rows = "7,2/25/2015,200,Kent,WA,98030\n7,10/13/2014,100,Kent,WA,98030\n";
  bring(header + rows, keyed("id"));
  EXPECT_EQ(all()[0].price.cents, 10000) << "the last row counts";
  mapping_options how = keyed("id");
  how.order = "date";
  bring(header + rows, how);
  EXPECT_EQ(all()[0].price.cents, 20000);
  EXPECT_EQ(bring(header + rows, keyed("id")).older, 2u) << "what is known to be later stays";
  how = keyed("id");
  how.no_order = true;
  EXPECT_EQ(bring(header + rows, how).older, 0u);
  EXPECT_EQ(all()[0].price.cents, 10000);
  how = keyed("id");
  how.order = "none";
  EXPECT_EQ(bring(header + rows, how).older, 0u) << "the same, in a word";
}

TEST_F(importing, WhatDidNotGoInIsCountedByReason) {
  const import_counts counts = bring(
      "price,city,state,zip,beds,status\n1,Kent,WA,1,many,Active\n2,Kent,WA,1,lots,Leased\n3,Kent,WA,1,few,Sold\n"
      "4,,WA,1,2,Sold\n5,Kent,WA,1,2,Strange\n");
  EXPECT_EQ(counts.created, 2u);
  EXPECT_EQ(counts.left_out, 1u);
  EXPECT_EQ(counts.rejected, 2u);
  std::string told;
  for (const reason_total& one : reasons_)
    told += fmt::format("{} {} {} {} '{}' {}\n", static_cast<int>(one.lost), one.count, one.column, one.reason,
                        one.value, one.line);
  EXPECT_EQ(told,
            "0 1 city is required '' 5\n"
            "0 1 status is a status that is not known; say what it is with --status WORD=STATUS 'Strange' 6\n"
            "1 2 beds must be a whole number 'many' 2\n"
            "2 1 status is let, and this marketplace sells 'Leased' 3\n");
}

TEST_F(importing, AmbiguousColumnsEndItBeforeAnythingIsWritten) {
  bring("mls,price,city,state,zip,sqft\n1,450.000,Kent,WA,98030,1.000\n");
  EXPECT_NE(refused_.find("'price'"), std::string::npos) << refused_;
  EXPECT_NE(refused_.find("'sqft'"), std::string::npos) << "all of them are named";
  EXPECT_TRUE(all().empty());
}

TEST_F(importing, FilesWithSemicolonsAndExcelsMarks) {
  EXPECT_EQ(bring("price;city;state;zip;street\n450000,50;Boston;MA;=\"02134\";\"1, Elm\"\n").created, 1u);
  EXPECT_EQ(all()[0].price.cents, 45000050);
  EXPECT_EQ(all()[0].zip_code, "02134");
  EXPECT_EQ(all()[0].address, "1, Elm");
  EXPECT_EQ(bring("price,city,state,zip,street\n1,Boston,MA,=\"02135\",\"a,=\"\"b\"\"\"\n").rejected, 0u);
}

TEST_F(importing, CellsForSpreadsheetsAreNoFormulas) {
  import_settings settings;
  settings.mapping.owner = owner;
  settings.for_spreadsheets = true;
  bring(opener_of("price,city,state,zip,note\n0,=cmd,WA,1,-5\n0,@x,WA,\t1,+a\n", false), settings, true);
  EXPECT_EQ(rejected_,
            "line,column,reason,price,city,state,zip,note\r\n2,price,must be at least 0.01,0,'=cmd,WA,1,-5\r\n"
            "3,price,must be at least 0.01,0,'@x,WA,1,'+a\r\n");
  settings.for_spreadsheets = false;
  bring(opener_of("price,city,state,zip\n0,=cmd,WA,1\n", false), settings, true);
  EXPECT_NE(rejected_.find(",=cmd,"), std::string::npos) << "as it is, unless told";
  bring("price,city,state,zip,street\n1,Kent,WA,1,\"=HYPERLINK(\"\"x\"\")\"\n");
  std::string text;
  const auto sink = [&](std::string_view more) -> result<void> { return text += more, result<void>{}; };
  ASSERT_TRUE(export_listings(table(), {export_format::csv, true, {}, {}}, sink, [](std::uint64_t) { return true; }));
  EXPECT_NE(text.find("\"'=HYPERLINK("), std::string::npos) << text;
  EXPECT_EQ(out(export_format::csv).find("'=HYPERLINK("), std::string::npos);
}

TEST_F(importing, ADryRunWritesNothing) {
  writes_ = false;
  EXPECT_EQ(bring(three).created, 3u);
  EXPECT_TRUE(all().empty());
}

TEST_F(importing, JsonLinesGiveNullsAndLists) {
  const std::string one =
      R"({"id":"A","ListPrice":1.5,"City":"Kent","state":"WA","PostalCode":"1","beds":2,"features":["a","b"]})";
  EXPECT_EQ(bring(one + "\n{\"id\":2,\"ListPrice\":true}\n", keyed("id"), false, true).rejected, 1u);
  EXPECT_TRUE(rejected_.ends_with(",\"{\"\"id\"\":2,\"\"ListPrice\"\":true}\"\r\n")) << rejected_;
  EXPECT_EQ(all()[0].features, (std::vector<std::string>{"a", "b"}));
  std::string cleared = one;
  cleared.replace(cleared.find("2,\"f"), 1, "null");
  EXPECT_EQ(bring(cleared, keyed("id"), false, true).updated, 1u);
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
  how.order = "date";
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
    const std::string_view parts[] = {owner_text, "", "key", id};
    const auto stored = table().get(key_of(make_uuid_v8(parts)), table::consistency::strong);
    ASSERT_TRUE(stored && *stored) << id;
    const double price = static_cast<double>(to_property((*stored)->view())->price.cents) / 100;
    ASSERT_EQ(price, std::stod(sale.second)) << id;
  }
}

}  // namespace
}  // namespace spaces::properties
