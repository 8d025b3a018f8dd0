#include "marketplace/properties/import/column_names.hpp"

#include "platform/base/folding.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace spaces::properties {

namespace {

/// Sorted by the folded name. Ranks: RESO has a more and a less exact field for several things
/// (BathroomsTotalDecimal and …Integer), and files carry both.
constexpr column_meaning meanings[] = {
    {"acreage", "lotSquareFeet", 2, area_unit::acres},
    {"acrelot", "lotSquareFeet", 2, area_unit::acres},
    {"acres", "lotSquareFeet", 2, area_unit::acres},
    {"acreslot", "lotSquareFeet", 2, area_unit::acres},
    {"address", "address", 0, {}},
    {"addressline1", "address", 0, {}},
    {"aream2", "squareFeet", 1, area_unit::square_meters},
    {"areasqft", "squareFeet", 0, area_unit::square_feet},
    {"areasqm", "squareFeet", 1, area_unit::square_meters},
    {"askingprice", "price", 0, {}},
    {"bath", "bathrooms", 0, {}},
    {"bathrooms", "bathrooms", 0, {}},
    {"bathroomstotal", "bathrooms", 0, {}},
    {"bathroomstotaldecimal", "bathrooms", 0, {}},
    {"bathroomstotalinteger", "bathrooms", 1, {}},
    {"baths", "bathrooms", 0, {}},
    {"bed", "bedrooms", 0, {}},
    {"bedrooms", "bedrooms", 0, {}},
    {"bedroomstotal", "bedrooms", 0, {}},
    {"beds", "bedrooms", 0, {}},
    {"br", "bedrooms", 0, {}},
    {"buildingareatotal", "squareFeet", 1, {}},
    {"city", "city", 0, {}},
    {"closeprice", "price", 2, {}},
    {"currentprice", "price", 1, {}},
    {"currentstatus", "status", 1, {}},
    {"description", "description", 0, {}},
    {"features", "features", 0, {}},
    {"finishedsqft", "squareFeet", 2, area_unit::square_feet},
    {"flooraream2", "squareFeet", 1, area_unit::square_meters},
    {"floorareasqft", "squareFeet", 0, area_unit::square_feet},
    {"floorareasqm", "squareFeet", 1, area_unit::square_meters},
    {"headline", "title", 0, {}},
    {"hectares", "lotSquareFeet", 3, area_unit::hectares},
    {"homestatus", "status", 1, {}},
    {"hometype", "propertyType", 0, {}},
    {"image", "images", 12, {}},
    {"images", "images", 1, {}},
    {"imageurl", "images", 8, {}},
    {"imageurls", "images", 4, {}},
    {"landacres", "lotSquareFeet", 2, area_unit::acres},
    {"landaream2", "lotSquareFeet", 2, area_unit::square_meters},
    {"landsqft", "lotSquareFeet", 0, area_unit::square_feet},
    {"landsqm", "lotSquareFeet", 2, area_unit::square_meters},
    {"lat", "latitude", 0, {}},
    {"latitude", "latitude", 0, {}},
    {"listingprice", "price", 0, {}},
    {"listingstatus", "status", 1, {}},
    {"listingtitle", "title", 0, {}},
    {"listprice", "price", 0, {}},
    {"livingarea", "squareFeet", 0, {}},
    {"livingaream2", "squareFeet", 1, area_unit::square_meters},
    {"livingareametric", "squareFeet", 1, area_unit::square_meters},
    {"livingareasqft", "squareFeet", 0, area_unit::square_feet},
    {"livingareasqm", "squareFeet", 1, area_unit::square_meters},
    {"livingareasquarefeet", "squareFeet", 0, area_unit::square_feet},
    {"livingareasquaremeters", "squareFeet", 1, area_unit::square_meters},
    {"livingareavalue", "squareFeet", 1, {}},
    {"livingsqft", "squareFeet", 0, area_unit::square_feet},
    {"livingsqm", "squareFeet", 1, area_unit::square_meters},
    {"lng", "longitude", 0, {}},
    {"locality", "city", 2, {}},
    {"lon", "longitude", 0, {}},
    {"long", "longitude", 0, {}},
    {"longitude", "longitude", 0, {}},
    {"lotacres", "lotSquareFeet", 2, area_unit::acres},
    {"lotarea", "lotSquareFeet", 1, {}},
    {"lotareaacres", "lotSquareFeet", 2, area_unit::acres},
    {"lotaream2", "lotSquareFeet", 2, area_unit::square_meters},
    {"lotareasqft", "lotSquareFeet", 0, area_unit::square_feet},
    {"lotareasqm", "lotSquareFeet", 2, area_unit::square_meters},
    {"lotareavalue", "lotSquareFeet", 1, {}},
    {"lotha", "lotSquareFeet", 3, area_unit::hectares},
    {"lothectares", "lotSquareFeet", 3, area_unit::hectares},
    {"lotm2", "lotSquareFeet", 2, area_unit::square_meters},
    {"lotsize", "lotSquareFeet", 0, {}},
    {"lotsizeacres", "lotSquareFeet", 2, area_unit::acres},
    {"lotsizearea", "lotSquareFeet", 1, {}},
    {"lotsizehectares", "lotSquareFeet", 3, area_unit::hectares},
    {"lotsizeinacres", "lotSquareFeet", 2, area_unit::acres},
    {"lotsizem2", "lotSquareFeet", 2, area_unit::square_meters},
    {"lotsizesqft", "lotSquareFeet", 0, area_unit::square_feet},
    {"lotsizesqm", "lotSquareFeet", 2, area_unit::square_meters},
    {"lotsizesquarefeet", "lotSquareFeet", 0, area_unit::square_feet},
    {"lotsizesquaremeters", "lotSquareFeet", 2, area_unit::square_meters},
    {"lotsqft", "lotSquareFeet", 0, area_unit::square_feet},
    {"lotsqm", "lotSquareFeet", 2, area_unit::square_meters},
    {"lotsquarefeet", "lotSquareFeet", 0, area_unit::square_feet},
    {"m2", "squareFeet", 1, area_unit::square_meters},
    {"media", "images", 0, {}},
    {"mediaurl", "images", 10, {}},
    {"mediaurls", "images", 6, {}},
    {"mlsstatus", "status", 1, {}},
    {"municipality", "city", 0, {}},
    {"photo", "images", 13, {}},
    {"photos", "images", 2, {}},
    {"photourl", "images", 9, {}},
    {"photourls", "images", 5, {}},
    {"picture", "images", 14, {}},
    {"pictures", "images", 3, {}},
    {"pictureurl", "images", 11, {}},
    {"pictureurls", "images", 7, {}},
    {"postal", "zipCode", 0, {}},
    {"postalcity", "city", 1, {}},
    {"postalcode", "zipCode", 0, {}},
    {"postcode", "zipCode", 0, {}},
    {"price", "price", 0, {}},
    {"pricesold", "price", 2, {}},
    {"propertystatus", "status", 1, {}},
    {"propertysubtype", "propertyType", 0, {}},
    {"propertytype", "propertyType", 1, {}},
    {"province", "state", 0, {}},
    {"publicremarks", "description", 0, {}},
    {"remarks", "description", 0, {}},
    {"saleprice", "price", 2, {}},
    {"salesprice", "price", 2, {}},
    {"salestatus", "status", 1, {}},
    {"sizem2", "squareFeet", 1, area_unit::square_meters},
    {"sizesqm", "squareFeet", 1, area_unit::square_meters},
    {"soldprice", "price", 2, {}},
    {"sqft", "squareFeet", 0, area_unit::square_feet},
    {"sqftliving", "squareFeet", 0, area_unit::square_feet},
    {"sqftlot", "lotSquareFeet", 0, area_unit::square_feet},
    {"sqm", "squareFeet", 1, area_unit::square_meters},
    {"sqmeters", "squareFeet", 1, area_unit::square_meters},
    {"squarefeet", "squareFeet", 0, area_unit::square_feet},
    {"squarefootage", "squareFeet", 0, area_unit::square_feet},
    {"squaremeters", "squareFeet", 1, area_unit::square_meters},
    {"squaremetres", "squareFeet", 1, area_unit::square_meters},
    {"standardstatus", "status", 0, {}},
    {"state", "state", 0, {}},
    {"stateorprovince", "state", 0, {}},
    {"status", "status", 0, {}},
    {"statusname", "status", 1, {}},
    {"statustext", "status", 1, {}},
    {"street", "address", 0, {}},
    {"streetaddress", "address", 0, {}},
    {"title", "title", 0, {}},
    {"totalsqft", "squareFeet", 2, area_unit::square_feet},
    {"town", "city", 2, {}},
    {"type", "propertyType", 0, {}},
    {"unparsedaddress", "address", 0, {}},
    {"yearbuilt", "yearBuilt", 0, {}},
    {"yrbuilt", "yearBuilt", 0, {}},
    {"zip", "zipCode", 0, {}},
    {"zipcode", "zipCode", 0, {}},
    {"zippostal", "zipCode", 0, {}},
    {"zippostalcode", "zipCode", 0, {}},
};
static_assert(std::ranges::is_sorted(meanings, {}, &column_meaning::folded));

/// What `status_of_word` gives for a house that is let.
constexpr std::string_view leased = leased_status;

struct named_role {
  std::string_view folded;
  column_role role;
};

/// Columns that are no field of ours and say something about one, or about the row.
constexpr named_role roles[] = {
    // What a month costs. Never a price of a sale.
    {"rent", column_role::rent},
    {"monthlyrent", column_role::rent},
    {"rentmonthly", column_role::rent},
    {"rentpermonth", column_role::rent},
    {"rentpcm", column_role::rent},
    {"rentpw", column_role::rent},
    {"weeklyrent", column_role::rent},
    {"rentprice", column_role::rent},
    {"rentalprice", column_role::rent},
    {"rentamount", column_role::rent},
    {"rentzestimate", column_role::rent},
    {"askingrent", column_role::rent},
    {"monthlyprice", column_role::rent},
    {"pricepermonth", column_role::rent},
    {"pricemonthly", column_role::rent},
    {"pricepcm", column_role::rent},
    {"monthly", column_role::rent},
    {"leaseprice", column_role::rent},
    {"leaseamount", column_role::rent},
    {"monthlylease", column_role::rent},
    // How often a price is paid.
    {"priceperiod", column_role::period},
    {"rentperiod", column_role::period},
    {"pricefrequency", column_role::period},
    {"rentfrequency", column_role::period},
    {"leaseamountfrequency", column_role::period},
    {"paymentfrequency", column_role::period},
    {"priceunit", column_role::period},
    {"priceunits", column_role::period},
    {"pricetype", column_role::period},
    {"pricequalifier", column_role::period},
    // For sale or to let.
    {"listingtype", column_role::transaction},
    {"transactiontype", column_role::transaction},
    {"transaction", column_role::transaction},
    {"offertype", column_role::transaction},
    {"operation", column_role::transaction},
    {"operationtype", column_role::transaction},
    {"purpose", column_role::transaction},
    {"channel", column_role::transaction},
    {"saletype", column_role::transaction},
    {"saleorrent", column_role::transaction},
    {"forsaleorrent", column_role::transaction},
    {"rentorsale", column_role::transaction},
    {"dealtype", column_role::transaction},
    {"adverttype", column_role::transaction},
    {"adtype", column_role::transaction},
    {"listingcategory", column_role::transaction},
    {"category", column_role::transaction},
    {"marketingtype", column_role::transaction},
    {"contracttype", column_role::transaction},
    {"class", column_role::transaction},
    {"propertyclass", column_role::transaction},
    // When the row was true; proposed, never chosen.
    {"modificationtimestamp", column_role::time},
    {"modified", column_role::time},
    {"modifiedat", column_role::time},
    {"updatedat", column_role::time},
    {"updated", column_role::time},
    {"lastupdated", column_role::time},
    {"lastmodified", column_role::time},
    {"statuschangetimestamp", column_role::time},
    {"closedate", column_role::time},
    {"saledate", column_role::time},
    {"solddate", column_role::time},
    {"dateofsale", column_role::time},
    {"date", column_role::time},
    {"timestamp", column_role::time},
    {"listdate", column_role::time},
    // What names a house or its listing; proposed, never chosen.
    {"id", column_role::key},
    {"listingid", column_role::key},
    {"listingkey", column_role::key},
    {"mls", column_role::key},
    {"mlsid", column_role::key},
    {"mlsno", column_role::key},
    {"mlsnum", column_role::key},
    {"mlsnumber", column_role::key},
    {"propertyid", column_role::key},
    {"ref", column_role::key},
    {"reference", column_role::key},
    {"refno", column_role::key},
    {"externalid", column_role::key},
    {"zpid", column_role::key},
    {"uuid", column_role::key},
    {"guid", column_role::key},
    {"url", column_role::key},
    {"link", column_role::key},
    {"parcelnumber", column_role::key},
    {"parcelid", column_role::key},
    {"apn", column_role::key},
    {"uprn", column_role::key},
};

struct status_word {
  std::string_view word;
  std::string_view status;
};

/// StandardStatus of the RESO Data Dictionary 2.0, and the words of portals. A listing that nobody can
/// buy now and that was not sold is withdrawn: its owner alone sees it. What is let is nothing of ours.
constexpr status_word status_words[] = {
    {"acceptedoffer", "pending"},
    {"act", "active"},
    {"activeundercontract", "pending"},
    {"activewithcontingency", "pending"},
    {"activekickout", "pending"},
    {"archived", "withdrawn"},
    {"available", "active"},
    {"backonmarket", "active"},
    {"backup", "pending"},
    {"canceled", "withdrawn"},
    {"cancelled", "withdrawn"},
    {"closed", "sold"},
    {"closedsale", "sold"},
    {"comingsoon", "draft"},
    {"completed", "sold"},
    {"contingent", "pending"},
    {"contract", "pending"},
    {"delete", "withdrawn"},
    {"deleted", "withdrawn"},
    {"exchanged", "pending"},
    {"expired", "withdrawn"},
    {"forlease", leased},
    {"forrent", leased},
    {"forsale", "active"},
    {"hold", "withdrawn"},
    {"inactive", "withdrawn"},
    {"incontract", "pending"},
    {"incomplete", "draft"},
    {"inescrow", "pending"},
    {"lease", leased},
    {"leased", leased},
    {"let", leased},
    {"letagreed", leased},
    {"live", "active"},
    {"new", "active"},
    {"newlisting", "active"},
    {"offeraccepted", "pending"},
    {"offmarket", "withdrawn"},
    {"onhold", "withdrawn"},
    {"onmarket", "active"},
    {"pend", "pending"},
    {"pendinginspection", "pending"},
    {"pendingsale", "pending"},
    {"pendingtakingbackups", "pending"},
    {"pnd", "pending"},
    {"premarket", "draft"},
    {"pricechange", "active"},
    {"pricechanged", "active"},
    {"pricereduced", "active"},
    {"published", "active"},
    {"recentlysold", "sold"},
    {"reduced", "active"},
    {"rented", leased},
    {"rental", leased},
    {"reserved", "pending"},
    {"saleagreed", "pending"},
    {"salepending", "pending"},
    {"settled", "sold"},
    {"sld", "sold"},
    {"soldstc", "pending"},
    {"soldsubjecttocontract", "pending"},
    {"sstc", "pending"},
    {"stc", "pending"},
    {"temporarilyoffmarket", "withdrawn"},
    {"terminated", "withdrawn"},
    {"tolet", leased},
    {"underagreement", "pending"},
    {"undercontract", "pending"},
    {"underoffer", "pending"},
    {"unpublished", "withdrawn"},
    {"upcoming", "draft"},
};

constexpr std::string_view rent_words[] = {"rent",           "rents",      "rental",
                                           "rentals",        "rented",     "lease",
                                           "leased",         "leases",     "let",
                                           "letting",        "lettings",   "tolet",
                                           "torent",         "forrent",    "miete",
                                           "mieten",         "vermietung", "alquiler",
                                           "alquilar",       "arriendo",   "arrendamiento",
                                           "affitto",        "affittasi",  "locazione",
                                           "louer",          "locations",  "aluguel",
                                           "aluguer",        "arrendar",   "huur",
                                           "verhuur",        "wynajem",    "najem",
                                           "pronajem",       "kiralik",    "leje",
                                           "utleie",         "uthyres",    "residentiallease",
                                           "commerciallease"};
constexpr std::string_view sale_words[] = {"sale",    "sales",  "sell",    "buy",      "forsale", "resale",  "kauf",
                                           "verkauf", "kaufen", "venta",   "venda",    "vente",   "vendita", "vendesi",
                                           "vendre",  "koop",   "verkoop", "sprzedaz", "prodej",  "satilik", "comprar"};

template <std::size_t Count>
bool is_one_of(std::string_view word, const std::string_view (&words)[Count]) {
  return std::ranges::find(words, word) != std::end(words);
}

}  // namespace

std::string fold_column(std::string_view name) {
  constexpr std::string_view dropped = " _-.()[]#/:$*";
  std::string folded;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (dropped.find(c) != std::string_view::npos) continue;
    if (name.substr(i).starts_with("\xC2\xB2")) {
      folded += '2';
      ++i;
    } else {
      folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
  }
  return folded;
}

const column_meaning* meaning_of_column(std::string_view name) {
  const std::string folded = fold_column(name);
  const auto* const at = std::ranges::lower_bound(meanings, folded, {}, &column_meaning::folded);
  const bool known = at != std::end(meanings) && at->folded == folded;
  return known ? at : nullptr;
}

column_role role_of_column(std::string_view name) {
  const std::string folded = fold_column(name);
  const auto* const at = std::ranges::find(roles, folded, &named_role::folded);
  return at == std::end(roles) ? column_role::none : at->role;
}

std::vector<std::string> unit_columns_of(std::string_view name) {
  const std::string folded = fold_column(name);
  std::vector<std::string> names = {folded + "units", folded + "unit", folded + "uom", folded + "unitofmeasure"};
  // RESO: LivingAreaUnits, BuildingAreaUnits, LotSizeUnits; others: lotAreaUnits of lotAreaValue.
  constexpr std::string_view endings[] = {"total", "value", "area"};
  for (const std::string_view ending : endings) {
    if (!folded.ends_with(ending) || folded.size() == ending.size()) continue;
    const std::string stem = folded.substr(0, folded.size() - ending.size());
    for (const std::string_view unit : {"units", "unit", "uom"}) names.push_back(stem + std::string(unit));
  }
  return names;
}

std::string status_of_word(std::string_view word) {
  std::string folded = fold_column(word);
  const auto* const at = std::ranges::find(status_words, folded, &status_word::word);
  return at == std::end(status_words) ? folded : std::string(at->status);
}

bool says_rent(std::string_view text) {
  bool rent = false;
  const std::string folded = fold(text);
  std::string_view rest = folded;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(" _-/,;|()"), rest.size());
    const std::string_view word = rest.substr(0, end);
    if (is_one_of(word, sale_words)) return false;
    rent = rent || is_one_of(word, rent_words);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return rent;
}

}  // namespace spaces::properties
