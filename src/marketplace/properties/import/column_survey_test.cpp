#include "marketplace/properties/import/column_survey.hpp"

#include "marketplace/properties/import/mapping_rig.hpp"
#include "marketplace/properties/import/source_time.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace spaces::properties {
namespace {

using test::file_rows;
using test::options;
using test::plus;
using test::required;
using test::required_cells;
using test::texts;
using test::understood;

/// A file whose rows differ in one column alone; the last row's field.
understood of_column(const std::string& column, const texts& cells, const mapping_options& how = options()) {
  std::vector<texts> rows;
  for (const std::string& one : cells) rows.push_back(plus(required_cells, one));
  return understood(plus(required, column), file_rows(rows), how);
}

understood of_prices(const texts& cells, const mapping_options& how = options()) {
  std::vector<texts> rows;
  for (const std::string& one : cells) rows.push_back({one, "Kent", "WA", "98030"});
  return understood(required, file_rows(rows), how);
}

TEST(Numbers, AreReadAsTheirWholeColumnTells) {
  struct {
    texts cells;  // the last one is looked at
    const char* price;
  } const rows[] = {
      {{"1.250.000", "450.000"}, "450000"},
      {{"450.000,50", "450.000"}, "450000"},
      {{"99,5", "450.000"}, "450000"},
      {{"1,250,000", "450,000"}, "450000"},
      {{"221900.0", "450.000"}, "450"},
      {{"0.125", "450.000"}, "450"},
      {{"1,250,000.5", "450.250"}, "450.25"},
      {{"1250.000", "450.000"}, "450"},
      {{"$450,000"}, "450000"},
      {{"450.000 €"}, "450000"},
      {{"€ 450.000,-"}, "450000"},
      {{"CHF 1'250'000.-"}, "1250000"},
      {{"1\u2019250\u2019000"}, "1250000"},
      {{"1 250 000"}, "1250000"},
      {{"1\u00A0250\u00A0000,50\u00A0€"}, "1250000.5"},
      {{"1\u202F250\u202F000"}, "1250000"},
      {{"12,34,567"}, "1234567"},
      {{"45 Lakh"}, "4500000"},
      {{"1.2 Cr"}, "12000000"},
      {{"1.2k"}, "1200"},
      {{"450K"}, "450000"},
      {{"1,25 Mio. €"}, "1250000"},
      {{"US$ 99,950"}, "99950"},
      {{"99,950 USD"}, "99950"},
      {{"1.25E+06"}, "1250000"},
      {{"+450000"}, "450000"},
      {{"00450000"}, "450000"},
      {{"='450000"}, "refused"},
      {{"=\"450000\""}, "450000"},
      {{"'450000"}, "450000"},
      {{"450000-500000"}, "refused"},
      {{"from 450000"}, "refused"},
      {{"1,23,45"}, "refused"},
      {{"1.25.000"}, "refused"},
      {{"-5"}, "refused"},
      {{"1.250.000", "450,5"}, "450.5"},
      {{"1,250,000", "1.250.000"}, "1250000"},  // each has one reading
  };
  for (const auto& one : rows) {
    const understood read = of_prices(one.cells);
    EXPECT_EQ(read.error_text, "") << one.cells.back();
    EXPECT_EQ(read.good ? read["price"] : "refused", one.price) << one.cells.back() << " " << read.problems;
  }
}

TEST(Numbers, ThatCanBeReadInTwoWaysAreAnErrorWithAProposal) {
  const understood refused = of_prices({"450000", "450.000"});
  EXPECT_EQ(refused.error_text,
            "The numbers of the column 'price' can be read in two ways: '450.000' in line 3 is 450 or 450000; say "
            "--number-format price=1,234.56 or --number-format price=1.234,56.");
  EXPECT_NE(of_column("sqft", {"1.000"}).error_text, "");
  EXPECT_NE(of_column("sqft", {"1,180"}).error_text, "");
  EXPECT_NE(of_prices({"450.000", "1,250,000.5", "99,5"}).error_text, "") << "mixed, and one can be read both ways";
  auto how = options();
  for (const auto& [format, price] : {std::pair("1.234,56", "450000"),
                                      {"1,234.56", "450"},
                                      {"price=1.234,56", "450000"},
                                      {"point", "450"},
                                      {"1 234,56", "450000"},
                                      {"PRICE=1'234.56", "450"}}) {
    how.number_formats = {format};
    EXPECT_EQ(of_prices({"450.000"}, how)["price"], price) << format;
  }
  how.number_formats = {"1.234,56"};
  EXPECT_EQ(of_column("lat", {"48.13743"}, how).error_text, "");
  for (const char* bad : {"1.234", "euro", "", "price=", "zap=1,234.56"}) {
    how.number_formats = {bad};
    EXPECT_NE(of_prices({"1"}, how).error_text, "") << bad;
  }
}

TEST(Numbers, AreToldByBoundsAndByCommasElsewhere) {
  EXPECT_EQ(of_column("lat", {"47.512"}).error_text, "") << "47512 is no latitude";
  EXPECT_EQ(of_column("baths", {"2.250"})["bathrooms"], "2.25");
  const texts columns = plus(required, "sqft");
  EXPECT_EQ(understood(columns, file_rows({{"1,250,000", "Kent", "WA", "1", "1,180"}}))["squareFeet"], "1180");
  EXPECT_EQ(understood(columns, file_rows({{"1250,50", "Kent", "WA", "1", "1,000"}}))["squareFeet"], "1");
  EXPECT_NE(understood(columns, file_rows({{"1.250.000", "Kent", "WA", "1", "1.000"}})).error_text, "")
      << "programs write points into any file";
}

TEST(Areas, HaveUnits) {
  struct {
    texts columns, cells;
    const char* field;
    const char* feet;
  } const rows[] = {
      {{"LivingArea", "LivingAreaUnits"}, {"150", "Square Meters"}, "squareFeet", "1615"},
      {{"LivingArea", "LivingAreaUnits"}, {"1500", "Square Feet"}, "squareFeet", "1500"},
      {{"LivingArea", "LivingAreaUnits"}, {"150", "Tsubo"}, "squareFeet", "not given"},
      {{"LivingArea", "LivingAreaUnits"}, {"150", "."}, "squareFeet", "not given"},
      {{"BuildingAreaTotal", "BuildingAreaUnits"}, {"100", "sqm"}, "squareFeet", "1076"},
      {{"LivingArea"}, {"150 m²"}, "squareFeet", "1615"},
      {{"LivingArea"}, {"1500 sq. ft."}, "squareFeet", "1500"},
      {{"LivingArea"}, {"1500 parsecs"}, "squareFeet", "not given"},
      {{"LivingArea"}, {"1500.6"}, "squareFeet", "1501"},
      {{"Area (m²)"}, {"150"}, "squareFeet", "1615"},
      {{"LotSizeArea", "LotSizeUnits"}, {"0.25", "Acres"}, "lotSquareFeet", "10890"},
      {{"LotSizeArea", "LotSizeUnits"}, {"2", "Hectares"}, "lotSquareFeet", "215278"},
      {{"LotSizeArea"}, {"0.25"}, "lotSquareFeet", "not given"},
      {{"LotSizeAcres"}, {"1"}, "lotSquareFeet", "43560"},
      {{"acre_lot"}, {"0.5"}, "lotSquareFeet", "21780"},
      {{"Lot Size (Acres)", "LotSizeSquareFeet"}, {"1", "40000"}, "lotSquareFeet", "40000"},
      {{"lotAreaValue", "lotAreaUnit"}, {"0.5", "acres"}, "lotSquareFeet", "21780"},
      {{"lot_ha"}, {"1"}, "lotSquareFeet", "107639"},
      {{"lotsize"}, {"600 sqyd"}, "lotSquareFeet", "5400"},
  };
  for (const auto& one : rows) {
    texts columns = required, cells = required_cells;
    columns.insert(columns.end(), one.columns.begin(), one.columns.end());
    cells.insert(cells.end(), one.cells.begin(), one.cells.end());
    const understood read(columns, cells);
    EXPECT_TRUE(read.good) << read.error_text << read.problems;
    EXPECT_EQ(read[one.field], one.feet) << one.columns[0] << "=" << one.cells[0];
    const bool unused = one.columns.size() == 1 && one.columns[0] == "LotSizeArea";
    EXPECT_EQ(!read.dropped.empty(), std::string_view(one.feet) == "not given" && !unused) << read.dropped;
  }
  auto how = options();
  how.map = {{"squareFeet", "surface"}};
  how.units = {{"squareFeet", "m2"}};
  EXPECT_EQ(of_column("surface", {"100"}, how)["squareFeet"], "1076");
  how.units = {{"squareFeet", "furlong"}};
  EXPECT_NE(of_column("surface", {"100"}, how).error_text, "");
}

TEST(Rents, NeverBecomePricesOfSales) {
  struct {
    const char* column;
    const char* text;
    bool left_out;
  } const rows[] = {
      {"PropertyType", "Residential Lease", true},
      {"PropertyType", "Commercial Lease", true},
      {"PropertyType", "Residential", false},
      {"type", "House for rent", true},
      {"tenure", "Leasehold", false},
      {"listing_type", "For Rent", true},
      {"listing_type", "rental", true},
      {"listing_type", "For Sale", false},
      {"operation", "alquiler", true},
      {"operation", "venta", false},
      {"transaction type", "Sale or Rent", false},
      {"channel", "lettings", true},
      {"price_period", "monthly", true},
      {"price_unit", "per month", true},
      {"price_unit", "USD", false},
      {"StandardStatus", "Leased", true},
      {"status", "Let agreed", true},
      {"status", "To Let", true},
  };
  for (const auto& one : rows) {
    const understood read = of_column(one.column, {one.text});
    EXPECT_EQ(read.good, !one.left_out) << one.text << read.problems << read.error_text;
    EXPECT_EQ(!read.left_out.empty(), one.left_out) << one.text;
  }
  for (const char* rent : {"$2,500/mo", "1200 pcm", "950 pw", "€900 per month", "900 €/Monat"})
    EXPECT_NE(of_prices({rent}).left_out, "") << rent;
  for (const char* column : {"rent", "monthly_rent", "Rent (monthly)", "price_per_month"}) {
    EXPECT_NE(understood({column, "city", "state", "zip"}, required_cells).error_text, "") << column;
    const understood both({"price", "city", "state", "zip", column}, {".", "Kent", "WA", "1", "1500"});
    EXPECT_NE(both.left_out, "") << column;
    auto how = options();
    how.map = {{"price", column}};
    EXPECT_NE(understood({column, "city", "state", "zip"}, required_cells, how).error_text, "") << column;
  }
}

TEST(Statuses, BecomeOursOrTheRowDoesNotGoIn) {
  struct {
    const char* text;
    const char* status;
  } const rows[] = {{"Active", "active"},
                    {"For Sale", "active"},
                    {"New listing", "active"},
                    {"Price reduced", "active"},
                    {"Pending", "pending"},
                    {"Under Offer", "pending"},
                    {"Sold STC", "pending"},
                    {"Contingent", "pending"},
                    {"Closed", "sold"},
                    {"SOLD", "sold"},
                    {"Expired", "withdrawn"},
                    {"Cancelled", "withdrawn"},
                    {"Temporarily Off-Market", "withdrawn"},
                    {"Withdrawn", "withdrawn"},
                    {"Coming Soon", "draft"},
                    {"Zombie", ""}};
  for (const char* column : {"status", "MlsStatus", "listing_status", "StandardStatus"}) {
    for (const auto& one : rows) {
      const understood read = of_column(column, {one.text});
      EXPECT_EQ(read.good ? read["status"] : "", one.status) << column << "=" << one.text;
    }
  }
  EXPECT_EQ(of_column("status", {"Zombie"}).problems,
            "status: is a status that is not known; say what it is with --status WORD=STATUS\n");
  auto how = options();
  how.statuses = {{"zombie", "withdrawn"}, {"Gone", "leased"}};
  EXPECT_EQ(of_column("status", {"Zombie"}, how)["status"], "withdrawn");
  EXPECT_NE(of_column("status", {"gone"}, how).left_out, "");
  how.statuses = {{"zombie", "undead"}};
  EXPECT_NE(of_column("status", {"x"}, how).error_text, "");
}

TEST(Nothing, IsWrittenInManyWays) {
  for (const char* nothing : {"null", "NULL", "None", "N/A", "n/a", "NaN", "nan", "-", "--", "?", "unknown", "Unknown",
                              "", " ", "#N/A", "\\N", "NA"}) {
    for (const auto& [column, field] : {std::pair("street", "address"),
                                        {"type", "propertyType"},
                                        {"beds", "bedrooms"},
                                        {"description", "description"},
                                        {"status", "status"},
                                        {"features", "features"},
                                        {"sqft", "squareFeet"},
                                        {"title", "propertyType"}}) {
      const understood read = of_column(column, {nothing});
      EXPECT_TRUE(read.good) << nothing << read.problems;
      EXPECT_EQ(read[field], "not given") << column << "=" << nothing;
      EXPECT_EQ(read.dropped, "") << column << "=" << nothing;
    }
  }
  for (const char* something : {"Nan", "NA"})
    EXPECT_EQ(understood(required, {"1", something, "NA", "80100"})["city"], something) << "Nan, and Naples' NA";
  EXPECT_EQ(understood(required, {"1", "None", "TO", "10060"}).problems, "city: is required\n");
}

TEST(Marks, OfSpreadsheetsGo) {
  struct {
    const char* column;
    const char* text;
    const char* field;
    const char* value;
  } const rows[] = {
      {"street", "='x", "address", "='x"},
      {"street", "=\"12 Elm St\"", "address", "12 Elm St"},
      {"street", "'12 Elm St", "address", "12 Elm St"},
      {"street", "'t Zand 4", "address", "'t Zand 4"},
      {"street", "'=1+1", "address", "=1+1"},
      {"beds", "=\"3\"", "bedrooms", "3"},
      {"description", "'-a dash", "description", "-a dash"},
  };
  for (const auto& one : rows) EXPECT_EQ(of_column(one.column, {one.text})[one.field], one.value) << one.text;
  for (const auto& [text, code] : {std::pair("=\"02134\"", "02134"),
                                   {"'02134", "02134"},
                                   {"3067.0", "3067"},
                                   {"3067.00", "3067"},
                                   {"02134.0", "02134"},
                                   {"L6A 1P9", "L6A 1P9"},
                                   {"3067.5", "3067.5"}})
    EXPECT_EQ(understood(required, {"1", "Kent", "WA", text})["zipCode"], code) << text;
}

TEST(OptionalCells, FailAlone) {
  for (const auto& [column, text] : {std::pair("beds", "many"),
                                     {"baths", "2.3"},
                                     {"sqft", "12 rooms"},
                                     {"yr_built", "0"},
                                     {"lot", "x"},
                                     {"street", "a\x01z"},
                                     {"type", "K\xE9nt"},
                                     {"lat", "147.5"},
                                     {"beds", "-1"},
                                     {"title", "ab"},
                                     {"features", "[\"\"]"}}) {
    const understood read = of_column(column, {text});
    EXPECT_TRUE(read.good) << column << read.problems << read.error_text;
    EXPECT_EQ(read.dropped.empty(), std::string_view(column) == "lot") << column;
  }
  const texts columns = plus(plus(required, "BathroomsTotalDecimal"), "BathroomsTotalInteger");
  const understood other(columns, plus(plus(required_cells, "two"), "2"));
  EXPECT_EQ(other["bathrooms"], "2") << "the less exact column";
  EXPECT_EQ(other.dropped, "");
}

TEST(Places, HaveBothNumbersAndAreNotNowhere) {
  struct {
    const char* lat;
    const char* lng;
    const char* latitude;
    const char* dropped;
  } const rows[] = {
      {"47.5", "-122.3", "47.5", ""},
      {"47.721000000000004", "-122.319", "47.721000000000004", ""},
      {"47.5", ".", "not given", "lat: comes without a longitude\n"},
      {".", "-122.3", "not given", "lng: comes without a latitude\n"},
      {"0", "0.0", "not given", "lat: 0/0 is no place of a house\n"},
      {"0", "-122.3", "0", ""},
      {"147", "-122.3", "not given", "lat: must be at most 90\nlng: comes without a latitude\n"},
      {".", ".", "not given", ""},
  };
  for (const auto& one : rows) {
    const understood read(plus(plus(required, "lat"), "lng"), plus(plus(required_cells, one.lat), one.lng));
    EXPECT_TRUE(read.good);
    EXPECT_EQ(read["latitude"], one.latitude);
    EXPECT_EQ(read["longitude"] == "not given", std::string_view(one.latitude) == "not given");
    EXPECT_EQ(read.dropped, one.dropped);
  }
}

TEST(Keys, AreProposedAndNeverChosen) {
  const texts columns = plus(plus(plus(required, "MLS #"), "agent"), "view");
  std::vector<texts> rows;
  for (const char* one : {"1", "2", "3"}) rows.push_back(plus(plus(plus(required_cells, one), one), "NONE"));
  EXPECT_EQ(understood(columns, file_rows(rows)).keys, (texts{"MLS #", "agent"}));
  auto keyed = options();
  keyed.key = "mls";
  EXPECT_EQ(understood(columns, file_rows(rows), keyed).repeated_keys, 0u);
  rows.push_back(rows.front());
  EXPECT_EQ(understood(columns, file_rows(rows), keyed).repeated_keys, 1u);
}

TEST(Fields, AreShownWithTheirColumnAndASample) {
  auto how = options();
  how.set = {{"state", "WA"}};
  const understood read({"price", "city", "zip", "LivingArea", "LivingAreaUnits"},
                        file_rows({{".", "Kent", "1", "150", "Square Meters"}, {"450.000,5", "A", "2", "1", "x"}}),
                        how);
  std::string shown;
  for (const field_report& one : read.fields)
    shown += one.field + " <- " + one.from + ": " + one.sample + (one.note.empty() ? "" : " (" + one.note + ")") + "\n";
  EXPECT_EQ(shown,
            "title <- made: {bedrooms}-bedroom {propertyType|home} in {city}\n"
            "price <- price: 450.000,5 (numbers as 1.234,56)\n"
            "squareFeet <- LivingArea: 150 (units in LivingAreaUnits)\n"
            "city <- city: Kent\n"
            "state <- --set: WA\n"
            "zipCode <- zip: 1\n");
}

/// A file with a key and dates: the last row's time, or why there is none.
std::string time_of(const texts& dates, const char* order = "", bool ordered = true) {
  auto how = options();
  how.key = "mls";
  if (ordered) how.order = "sale_date";
  how.date_order = order;
  std::vector<texts> rows;
  for (const std::string& one : dates) rows.push_back(plus(plus(required_cells, "1"), one));
  const understood read(plus(plus(required, "mls"), "sale_date"), file_rows(rows), how);
  if (!read.error_text.empty()) return read.error_text;
  return read.row.time ? to_text(*read.row.time).substr(0, 10) : "none " + read.dropped;
}

TEST(Dates, AreReadAsTheirWholeColumnTells) {
  EXPECT_EQ(time_of({"05/06/2026", "13/06/2026", "05/06/2026"}), "2026-06-05");
  EXPECT_EQ(time_of({"06/13/2026", "05/06/2026"}), "2026-05-06");
  EXPECT_EQ(time_of({"05/05/2026"}), "2026-05-05");
  EXPECT_EQ(time_of({"31.12.99", "05.06.26"}), "2026-06-05");
  EXPECT_EQ(time_of({"2026-06-05", "05/13/2026"}), "2026-05-13");
  EXPECT_EQ(time_of({"05/06/2026"}),
            "The dates of the column 'sale_date' can be read in two ways: '05/06/2026' in line 2 is 2026-06-05 or "
            "2026-05-06; say --date-order dmy or --date-order mdy, or --no-order.");
  EXPECT_NE(time_of({"13/06/2026", "06/13/2026", "05/06/2026"}).find("no order fits them all"), std::string::npos);
  EXPECT_EQ(time_of({"05/06/2026"}, "dmy"), "2026-06-05");
  EXPECT_EQ(time_of({"05/06/2026"}, "mdy"), "2026-05-06");
  EXPECT_EQ(time_of({"10/11/12"}, "ymd"), "2010-11-12");
  EXPECT_EQ(time_of({"soon"}), "none sale_date: is no date that can be read\n");
  EXPECT_EQ(time_of({"."}), "none ");
  EXPECT_EQ(time_of({"05/06/2026"}, "", false), "none ") << "a date counts only when told";
}

TEST(Dates, AreReadInManySpellings) {
  struct {
    const char* text;
    const char* time;
  } const rows[] = {
      {"2014-10-13", "2014-10-13T00:00:00.000Z"},
      {"2014-10-13 13:45", "2014-10-13T13:45:00.000Z"},
      {"2014-10-13T13:45:10.25", "2014-10-13T13:45:10.000Z"},
      {"2014-10-13T13:45:10+02:00", "2014-10-13T11:45:10.000Z"},
      {"2014-10-13T13:45+0200", "2014-10-13T11:45:00.000Z"},
      {"20141013", "2014-10-13T00:00:00.000Z"},
      {"20141013T000000", "2014-10-13T00:00:00.000Z"},
      {"10/13/2014", "2014-10-13T00:00:00.000Z"},
      {"13.10.2014", "2014-10-13T00:00:00.000Z"},
      {"13-10-14", "2014-10-13T00:00:00.000Z"},
      {"10/13/2014 1:45:00 PM", "2014-10-13T13:45:00.000Z"},
      {"10/13/2014 12:05am", "2014-10-13T00:05:00.000Z"},
      {"13 Oct 2014", "2014-10-13T00:00:00.000Z"},
      {"Oct 13, 2014", "2014-10-13T00:00:00.000Z"},
      {"13-Oct-14", "2014-10-13T00:00:00.000Z"},
      {"October 13th, 2014", "2014-10-13T00:00:00.000Z"},
      {"13. Oktober 2014", "2014-10-13T00:00:00.000Z"},
      {"13 de octubre de 2014", "2014-10-13T00:00:00.000Z"},
      {"1 février 2014", "2014-02-01T00:00:00.000Z"},
      {"1. März 2014", "2014-03-01T00:00:00.000Z"},
      {"1413158400", "2014-10-13T00:00:00.000Z"},
      {"1413158400000", "2014-10-13T00:00:00.000Z"},
      {"Wed May 21 00:00:00 EDT 2008", "2008-05-21T04:00:00.000Z"},
      {"Wed May 21 09:30:00 2008", "2008-05-21T09:30:00.000Z"},
      {"Wed, 21 May 2008 09:30:00 GMT", "2008-05-21T09:30:00.000Z"},
      {"21/05/2008 09:30 CEST", "2008-05-21T07:30:00.000Z"},
  };
  for (const auto& row : rows) {
    const date_readings read = read_source_time(row.text);
    const bool found = std::ranges::any_of(read, [&](const auto& one) { return one && to_text(*one) == row.time; });
    EXPECT_TRUE(found) << row.text;
  }
  for (const char* bad :
       {"", "soon", "2014-02-30", "2014-10-13 25:00", "201410", "2014-10-13x", "7129300520", "-5", "10/13/2014/1",
        "2014", "32/13/2014", "13 Foo 2014", "10/13/2014 13:00 PM", "2014-10-13 10:00 IST"})
    EXPECT_EQ(read_source_time(bad), date_readings{}) << bad;
}

}  // namespace
}  // namespace spaces::properties
