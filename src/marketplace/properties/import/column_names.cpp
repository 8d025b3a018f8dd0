#include "marketplace/properties/import/column_names.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace spaces::properties {

namespace {

/// Sorted by the folded name. Ranks: RESO has a more and a less exact field for several things
/// (BathroomsTotalDecimal and …Integer), and files carry both.
constexpr column_meaning meanings[] = {
    {"address", "address", 0},
    {"addressline1", "address", 0},
    {"askingprice", "price", 0},
    {"bath", "bathrooms", 0},
    {"bathrooms", "bathrooms", 0},
    {"bathroomstotal", "bathrooms", 0},
    {"bathroomstotaldecimal", "bathrooms", 0},
    {"bathroomstotalinteger", "bathrooms", 1},
    {"baths", "bathrooms", 0},
    {"bed", "bedrooms", 0},
    {"bedrooms", "bedrooms", 0},
    {"bedroomstotal", "bedrooms", 0},
    {"beds", "bedrooms", 0},
    {"br", "bedrooms", 0},
    {"buildingareatotal", "squareFeet", 1},
    {"city", "city", 0},
    {"closeprice", "price", 1},
    {"description", "description", 0},
    {"features", "features", 0},
    {"headline", "title", 0},
    {"hometype", "propertyType", 0},
    {"lat", "latitude", 0},
    {"latitude", "latitude", 0},
    {"listingtitle", "title", 0},
    {"listprice", "price", 0},
    {"livingarea", "squareFeet", 0},
    {"lng", "longitude", 0},
    {"lon", "longitude", 0},
    {"long", "longitude", 0},
    {"longitude", "longitude", 0},
    {"lotsize", "lotSquareFeet", 0},
    {"lotsizesqft", "lotSquareFeet", 0},
    {"lotsizesquarefeet", "lotSquareFeet", 0},
    {"lotsqft", "lotSquareFeet", 0},
    {"lotsquarefeet", "lotSquareFeet", 0},
    {"mlsstatus", "status", 1},
    {"municipality", "city", 0},
    {"postalcity", "city", 1},
    {"postalcode", "zipCode", 0},
    {"postcode", "zipCode", 0},
    {"price", "price", 0},
    {"propertysubtype", "propertyType", 0},
    {"propertytype", "propertyType", 1},
    {"province", "state", 0},
    {"publicremarks", "description", 0},
    {"remarks", "description", 0},
    {"saleprice", "price", 1},
    {"sqft", "squareFeet", 0},
    {"sqftliving", "squareFeet", 0},
    {"sqftlot", "lotSquareFeet", 0},
    {"squarefeet", "squareFeet", 0},
    {"squarefootage", "squareFeet", 0},
    {"standardstatus", "status", 0},
    {"state", "state", 0},
    {"stateorprovince", "state", 0},
    {"status", "status", 0},
    {"street", "address", 0},
    {"streetaddress", "address", 0},
    {"title", "title", 0},
    {"type", "propertyType", 0},
    {"unparsedaddress", "address", 0},
    {"yearbuilt", "yearBuilt", 0},
    {"yrbuilt", "yearBuilt", 0},
    {"zip", "zipCode", 0},
    {"zipcode", "zipCode", 0},
};
static_assert(std::ranges::is_sorted(meanings, {}, &column_meaning::folded));

/// The surest first: what says when the row itself was last true, then when the house was sold.
constexpr std::string_view time_names[] = {
    "modificationtimestamp", "updatedat", "lastupdated", "closedate", "saledate", "solddate", "dateofsale", "date"};

struct status_word {
  std::string_view word;
  std::string_view status;
};

/// StandardStatus of the RESO Data Dictionary 2.0, and the words of portals. A listing that nobody can
/// buy now and that was not sold is withdrawn: its owner alone sees it.
constexpr status_word status_words[] = {
    {"activeundercontract", "pending"},
    {"available", "active"},
    {"canceled", "withdrawn"},
    {"cancelled", "withdrawn"},
    {"closed", "sold"},
    {"comingsoon", "draft"},
    {"contingent", "pending"},
    {"delete", "withdrawn"},
    {"expired", "withdrawn"},
    {"forsale", "active"},
    {"hold", "withdrawn"},
    {"incomplete", "draft"},
    {"offmarket", "withdrawn"},
    {"undercontract", "pending"},
};

}  // namespace

std::string fold_column(std::string_view name) {
  std::string folded;
  for (const char c : name) {
    if (c == ' ' || c == '_' || c == '-' || c == '.') continue;
    folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return folded;
}

const column_meaning* meaning_of_column(std::string_view name) {
  const std::string folded = fold_column(name);
  const auto* const at = std::ranges::lower_bound(meanings, folded, {}, &column_meaning::folded);
  const bool known = at != std::end(meanings) && at->folded == folded;
  return known ? at : nullptr;
}

std::optional<std::size_t> time_column_rank(std::string_view name) {
  const auto* const at = std::ranges::find(time_names, fold_column(name));
  if (at == std::end(time_names)) return std::nullopt;
  return static_cast<std::size_t>(at - std::begin(time_names));
}

std::string status_of_word(std::string_view word) {
  std::string folded = fold_column(word);
  const auto* const at = std::ranges::find(status_words, folded, &status_word::word);
  return at == std::end(status_words) ? folded : std::string(at->status);
}

}  // namespace spaces::properties
