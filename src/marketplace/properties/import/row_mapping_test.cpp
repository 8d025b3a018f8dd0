#include "marketplace/properties/import/row_mapping.hpp"

#include "marketplace/properties/import/cell_text.hpp"
#include "marketplace/properties/import/column_names.hpp"
#include "marketplace/properties/import/source_time.hpp"

#include <gtest/gtest.h>

namespace spaces::properties {
namespace {

using texts = std::vector<std::string>;

mapping_options options() {
  mapping_options made;
  made.owner = *parse_uuid("00000000-0000-8000-8000-000000000009");
  made.source = "homes.csv";
  return made;
}

/// A row's outcome: the field as text, or "column: detail" of every problem.
class understood {
 public:
  understood(const texts& columns, const texts& cells, const mapping_options& how = options(), std::size_t line = 2) {
    auto mapping = row_mapping::make(columns, how);
    if (!mapping) {
      error_text = mapping.error().public_text;
      return;
    }
    source_row source;
    source.line = line;
    for (const std::string& one : cells) source.cells.push_back(one == "." ? cell{} : cell::of(one));
    std::vector<problem> found;
    good = mapping->map(source, columns, row, found);
    for (const problem& one : found) problems += one.pointer + ": " + one.detail + "\n";
    unused = mapping->unused(columns);
    order = mapping->order_column();
  }

  std::string operator[](std::string_view field) const {
    const std::size_t at = record::find_field(property::fields(), field);
    if (!row.draft.given[at]) return "not given";
    record::scratch store;
    std::string text;
    append_cell_text(text, property::fields()[at].fetch(&row.draft.values, store));
    return text;
  }

  bool good = false;
  std::string error_text;
  std::string problems;
  mapped_row row;
  texts unused;
  std::string order;
};

const texts required = {"price", "city", "state", "zip"};
const texts required_cells = {"450000", "Kent", "WA", "98030"};

texts plus(texts list, std::string one) { return list.push_back(std::move(one)), list; }

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
  for (const char* other : {"id", "view", "sqft_above", "sqft_living15", "", "createdAt", "userId", "images"})
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
  const understood row({"price", "zip", "zip_code", "view", "state", "x"}, {"1", "98030", "97202", "Lake", ".", "y"},
                       how);
  EXPECT_TRUE(row.good) << row.error_text << row.problems;
  EXPECT_EQ(row["zipCode"], "97202");
  EXPECT_EQ(row["description"], "Lake");
  EXPECT_EQ(row["state"], "OR") << "for cells that are empty, too";
  EXPECT_EQ(row.unused, (texts{"zip", "x"}));
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
      {"sqft", "1,180", "1180"},
      {"sqft", "12,345,678", "12345678"},
      {"lat", "47.721000000000004", "47.721000000000004"},
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

TEST(Rows, EveryProblemIsToldUnderItsColumn) {
  const texts columns = {"Price", "city", "state", "zip", "beds", "sqft", "street"};
  const understood row(columns, {"free", "?", "WA", ".", "2.5", "1,23", "x\x01y"});
  EXPECT_FALSE(row.good);
  EXPECT_EQ(row.problems,
            "Price: must be a number of at most 18 digits\nbeds: must be a whole number\nsqft: must be a whole number\n"
            "street: control characters are not allowed\ncity: is required\nzip: is required\n");
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
  other.owner.bytes[15] = 8;
  EXPECT_NE(understood(columns, cells, other).row.id, id);
  EXPECT_EQ(understood(columns, plus(required_cells, " "), keyed).problems, "MLS: is the key and must not be empty\n");
  EXPECT_NE(understood(required, required_cells, options(), 2).row.id,
            understood(required, required_cells, options(), 3).row.id);
  EXPECT_EQ(understood(required, required_cells, options(), 3).row.id,
            understood(required, required_cells, options(), 3).row.id);
}

TEST(Times, TellWhichRowIsLater) {
  auto keyed = options();
  keyed.key = "mls";
  const texts columns = plus(plus(required, "mls"), "sale_date");
  const understood row(columns, plus(plus(required_cells, "1"), "10/13/2014"), keyed);
  EXPECT_EQ(row.order, "sale_date");
  EXPECT_EQ(to_text(*row.row.time), "2014-10-13T00:00:00.000Z");
  EXPECT_EQ(understood(columns, plus(plus(required_cells, "1"), "soon"), keyed).problems,
            "sale_date: must be a date such as 2026-11-22 or 11/22/2026\n");
  EXPECT_EQ(understood(columns, plus(plus(required_cells, "1"), "."), keyed).row.time, std::nullopt);
  EXPECT_EQ(understood(columns, plus(plus(required_cells, "1"), "soon")).order, "") << "without a key no row is later";
}

TEST(Times, AreReadInManySpellings) {
  struct {
    const char* text;
    const char* time;
  } const rows[] = {
      {"2014-10-13", "2014-10-13T00:00:00.000Z"},
      {"2014-10-13 13:45", "2014-10-13T13:45:00.000Z"},
      {"2014-10-13T13:45:10.25", "2014-10-13T13:45:10.000Z"},
      {"2014-10-13T13:45:10+02:00", "2014-10-13T11:45:10.000Z"},
      {"20141013", "2014-10-13T00:00:00.000Z"},
      {"20141013T000000", "2014-10-13T00:00:00.000Z"},
      {"10/13/2014", "2014-10-13T00:00:00.000Z"},
      {"1/2/2015", "2015-01-02T00:00:00.000Z"},
      {"Wed May 21 00:00:00 EDT 2008", "2008-05-21T04:00:00.000Z"},
      {"Wed May 21 09:30:00 2008", "2008-05-21T09:30:00.000Z"},
  };
  for (const auto& row : rows) {
    const auto read = read_source_time(row.text);
    ASSERT_TRUE(read) << row.text;
    EXPECT_EQ(to_text(*read), row.time);
  }
  for (const char* bad : {"", "soon", "13/10/2014", "2014-02-30", "2014-10-13 25:00", "10/13/14", "201410",
                          "2014-10-13x", "Wed Mai 21 00:00:00 EDT 2008", "7129300520", "-5", "10/13/2014/1"})
    EXPECT_FALSE(read_source_time(bad)) << bad;
}

}  // namespace
}  // namespace spaces::properties
