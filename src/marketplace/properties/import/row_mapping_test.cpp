#include "marketplace/properties/import/row_mapping.hpp"

#include "marketplace/properties/import/column_names.hpp"
#include "marketplace/properties/import/mapping_rig.hpp"

#include <gtest/gtest.h>

namespace spaces::properties {
namespace {

using test::options;
using test::plus;
using test::required;
using test::required_cells;
using test::texts;
using test::understood;

TEST(Columns, AreFoundByManyNames) {
  struct {
    const char* column;
    const char* field;
  } const rows[] = {
      {"Beds", "bedrooms"},
      {"BedroomsTotal", "bedrooms"},
      {"bed rooms", "bedrooms"},
      {"baths", "bathrooms"},
      {"sq__ft", "squareFeet"},
      {"sqft_living", "squareFeet"},
      {"LivingArea", "squareFeet"},
      {"SQFT", "squareFeet"},
      {"sqft_lot", "lotSquareFeet"},
      {"LotSizeSquareFeet", "lotSquareFeet"},
      {"yr_built", "yearBuilt"},
      {"Year Built", "yearBuilt"},
      {"lat", "latitude"},
      {"lng", "longitude"},
      {"long", "longitude"},
      {"street", "address"},
      {"UnparsedAddress", "address"},
      {"home_type", "propertyType"},
      {"type", "propertyType"},
      {"PublicRemarks", "description"},
      {"StandardStatus", "status"},
      {"features", "features"},
  };
  for (const auto& row : rows) {
    const auto* meaning = meaning_of_column(row.column);
    ASSERT_NE(meaning, nullptr) << row.column;
    EXPECT_EQ(meaning->field, row.field) << row.column;
  }
  for (const char* own :
       {"squareFeet", "square_feet", "zipCode", "zip-code", "StateOrProvince", "PostalCode", "ListPrice"})
    EXPECT_NE(meaning_of_column(own), nullptr) << own;
  for (const char* other : {"id", "view", "sqft_above", "sqft_living15", "", "createdAt", "userId", "photosCount"})
    EXPECT_EQ(meaning_of_column(other), nullptr) << other;
  for (const record::field& f : property::fields()) {
    if (f.has(record::on_create)) {
      EXPECT_EQ(meaning_of_column(f.name)->field, f.name);
    }
  }
}

TEST(Columns, OneRefusalNamesWhatIsThereAndWhatMayBe) {
  EXPECT_EQ(
      understood({"id", "price"}, {}).error_text,
      "The file has no column for city, state, zipCode; it has id, price. Name a column with --map city=COLUMN, or "
      "give all rows one value with --set city=VALUE --set state=VALUE --set zipCode=VALUE");
  EXPECT_EQ(understood(plus(required, "zip_code"), {}).error_text,
            "The columns 'zip' and 'zip_code' both mean zipCode; choose one with --map zipCode=zip");
  auto how = options();
  how.map = {{"rooms", "zip"}};
  EXPECT_TRUE(understood(required, {}, how).error_text.starts_with("--map names the field 'rooms'; there are title, "));
  how.map = {{"address", "strasse"}};
  EXPECT_EQ(understood(required, {}, how).error_text,
            "--map names the column 'strasse', which the file does not have; it has price, city, state, zip");
  how.map.clear();
  how.set = {{"bedrooms", "many"}};
  EXPECT_EQ(understood(required, {}, how).error_text, "--set bedrooms=many cannot be: must be a whole number");
  how.set.clear();
  how.title = "{rooms} in {city}";
  EXPECT_TRUE(understood(required, {}, how).error_text.starts_with("--title has {rooms}, which is neither a field ("));
  how.title = "{city";
  EXPECT_FALSE(understood(required, {}, how).error_text.empty());
  how.title.clear();
  how.key = "id";
  EXPECT_FALSE(understood(required, {}, how).error_text.empty());
}

TEST(Columns, PeopleHaveTheLastWord) {
  auto how = options();
  how.map = {{"ZipCode", "zip_code"}, {"description", "view"}};
  how.set = {{"state", "OR"}, {"city", "Kent"}};
  how.defaults = {{"bedrooms", "3"}, {"bathrooms", "2"}};
  how.ignore = {"sqft"};
  const understood row({"price", "zip", "zip_code", "view", "state", "x", "beds", "baths", "sqft"},
                       {"1", "98030", "97202", "Lake", "WA", "y", ".", "1", "900"}, how);
  EXPECT_TRUE(row.good) << row.error_text << row.problems;
  EXPECT_EQ(row["zipCode"], "97202");
  EXPECT_EQ(row["description"], "Lake");
  EXPECT_EQ(row["state"], "OR") << "whatever the file has";
  EXPECT_EQ(row["bedrooms"], "3") << "where the file has none";
  EXPECT_EQ(row["bathrooms"], "1");
  EXPECT_EQ(row["squareFeet"], "not given");
  EXPECT_EQ(row.unused, (texts{"zip", "state", "x", "sqft"}));
  how.map = {{"bedrooms", ""}, {"zipCode", "zip"}};
  how.defaults.clear();
  EXPECT_EQ(understood(plus(required, "beds"), plus(required_cells, "4"), how)["bedrooms"], "not given");
}

TEST(Columns, TheMoreExactOneCountsFirst) {
  const texts columns = plus(plus(required, "BathroomsTotalInteger"), "BathroomsTotalDecimal");
  EXPECT_EQ(understood(columns, plus(plus(required_cells, "3"), "2.25"))["bathrooms"], "2.25");
  EXPECT_EQ(understood(columns, plus(plus(required_cells, "3"), "."))["bathrooms"], "3");
}

TEST(Rows, CellsAreReadAsPeopleWriteThem) {
  struct {
    const char* column;
    const char* text;
    const char* value;
  } const rows[] = {
      {"beds", "3", "3"},
      {"beds", "3.0", "3"},
      {"beds", " 4 ", "4"},
      {"beds", "?", "not given"},
      {"beds", "", "not given"},
      {"beds", "N/A", "not given"},
      {"baths", "2.25", "2.25"},
      {"baths", ".75", "0.75"},
      {"sqft", "1180", "1180"},
      {"sqft", "12,345,678", "12345678"},
      {"status", "Active Under Contract", "pending"},
      {"status", "Closed", "sold"},
      {"status", "ACTIVE", "active"},
      {"features", "garden, garage", "garden|garage"},
      {"features", "a, b|c", R"(["a, b","c"])"},
      {"features", "a;b", "a|b"},
      {"features", R"(["x|y"])", R"(["x|y"])"},
      {"type", "?", "not given"},
      {"street", " 12 Elm St ", "12 Elm St"},
  };
  for (const auto& one : rows) {
    const understood row(plus(required, one.column), plus(required_cells, one.text));
    EXPECT_TRUE(row.good) << one.column << "=" << one.text << ": " << row.problems;
    const auto* meaning = meaning_of_column(one.column);
    ASSERT_NE(meaning, nullptr);
    EXPECT_EQ(row[meaning->field], one.value) << one.column << "=" << one.text;
  }
  EXPECT_EQ(understood(required, {"$1,250,000.50", "Kent", "WA", "98030"})["price"], "1250000.5");
}

TEST(Rows, WhatBreaksARuleIsFoundUnderItsColumn) {
  const texts columns = {"Price", "city", "state", "zip", "beds", "sqft", "street"};
  const understood row(columns, {"free", "?", "WA", ".", "2.5", "1,23", "x\x01y"});
  EXPECT_FALSE(row.good);
  EXPECT_EQ(row.problems, "Price: must be a number\ncity: is required\nzip: is required\n");
  EXPECT_EQ(row.dropped, "beds: must be a whole number\nstreet: control characters are not allowed\n");
  EXPECT_EQ(understood(required, {"1", "K\xE9nt", "WA", "98030"}).problems, "city: must be UTF-8\n");
}

TEST(Titles, AreMadeWhereNoneIsGiven) {
  struct {
    const char* shape;
    texts cells;  // beds, type
    const char* title;
  } const rows[] = {
      {"", {"3", "Condo"}, "3-bedroom Condo in Kent"},
      {"", {".", "."}, "home in Kent"},
      {"", {"0", "Land"}, "Land in Kent"},
      {"{bedrooms} bed {propertyType} in {city}", {"3", "Condo"}, "3 bed Condo in Kent"},
      {"{bedrooms} bed {propertyType} in {city}", {".", "Condo"}, "Condo in Kent"},
      {"{bedrooms} bed {propertyType} in {city}", {"3", "."}, "3 bed in Kent"},
      {"{bedrooms} bed {propertyType} in {city}", {".", "."}, "Kent"},
      {"{city}, {beds} beds", {".", "."}, "Kent"},
      {"{Property_Type|House}, {city}", {".", "."}, "House, Kent"},
      {"Sale", {".", "."}, "Sale"},
  };
  for (const auto& one : rows) {
    auto how = options();
    how.title = one.shape;
    texts columns = plus(plus(required, "beds"), "type");
    const understood row(columns, plus(plus(required_cells, one.cells[0]), one.cells[1]), how);
    EXPECT_TRUE(row.good) << row.error_text << row.problems;
    EXPECT_EQ(row["title"], one.title) << one.shape;
    EXPECT_EQ(row.row.title_by_default, how.title.empty());
  }
  EXPECT_EQ(understood(plus(required, "title"), plus(required_cells, "Own words"))["title"], "Own words");
  const std::string city(100, 'x');
  const std::string longest = understood(plus(required, "type"), {"1", city, "WA", "1", std::string(60, 'y')})["title"];
  EXPECT_LE(longest.size(), 120u);
}

TEST(Ids, StayTheSameForOwnerSourceAndKey) {
  auto keyed = options();
  keyed.key = "MLS";
  const texts columns = plus(required, "mls");
  const texts cells = plus(required_cells, "A-1");
  const uuid id = understood(columns, cells, keyed).row.id;
  EXPECT_EQ(to_text(id)[14], '8');
  EXPECT_EQ(understood(columns, cells, keyed, 77).row.id, id) << "the line does not matter";
  EXPECT_NE(understood(columns, plus(required_cells, "A-2"), keyed).row.id, id);
  auto other = keyed;
  other.source = "else.csv";
  EXPECT_NE(understood(columns, cells, other).row.id, id);
  other = keyed;
  other.file = "feed-30.csv";
  EXPECT_EQ(understood(columns, cells, other).row.id, id) << "the key alone identifies";
  other.owner.bytes[15] = 8;
  EXPECT_NE(understood(columns, cells, other).row.id, id);
  EXPECT_EQ(understood(columns, plus(required_cells, " "), keyed).problems, "mls: is the key and must not be empty\n");
  EXPECT_NE(understood(required, required_cells, options(), 2).row.id,
            understood(required, required_cells, options(), 3).row.id);
  EXPECT_EQ(understood(required, required_cells, options(), 3).row.id,
            understood(required, required_cells, options(), 3).row.id);
}

}  // namespace
}  // namespace spaces::properties
