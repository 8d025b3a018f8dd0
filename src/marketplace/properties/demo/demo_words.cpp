#include "marketplace/properties/demo/demo_words.hpp"

#include <iterator>

namespace spaces::properties::demo {

namespace {

/// Centres and postal codes are real; medians are of the size of 2025's.
constexpr city all_cities[] = {
    {"Seattle", "WA", {"98103", "98115", "98118", "98109"}, 47.6205, -122.3300, 850'000, 34, 1965, 30},
    {"Tacoma", "WA", {"98405", "98407", "98408", "98404"}, 47.2400, -122.4600, 480'000, 14, 1962, 10},
    {"Spokane", "WA", {"99203", "99205", "99208", "99223"}, 47.6588, -117.4260, 390'000, 8, 1960, 8},
    {"Portland", "OR", {"97202", "97206", "97211", "97214"}, 45.5152, -122.6500, 540'000, 18, 1955, 20},
    {"Eugene", "OR", {"97401", "97402", "97404", "97405"}, 44.0521, -123.0868, 460'000, 8, 1974, 6},
    {"Sacramento", "CA", {"95814", "95818", "95822", "95831"}, 38.5650, -121.4800, 480'000, 12, 1970, 14},
    {"San Francisco", "CA", {"94110", "94114", "94117", "94122"}, 37.7600, -122.4400, 1'350'000, 46, 1928, 16},
    {"Oakland", "CA", {"94601", "94602", "94610", "94611"}, 37.8000, -122.2300, 850'000, 22, 1938, 12},
    {"San Diego", "CA", {"92103", "92104", "92116", "92122"}, 32.7600, -117.1300, 950'000, 32, 1975, 20},
    {"Los Angeles", "CA", {"90026", "90039", "90041", "90065"}, 34.0950, -118.2400, 960'000, 28, 1955, 30},
    {"Phoenix", "AZ", {"85014", "85016", "85018", "85032"}, 33.5100, -112.0400, 430'000, 12, 1984, 26},
    {"Tucson", "AZ", {"85704", "85710", "85716", "85719"}, 32.2350, -110.9300, 330'000, 10, 1980, 10},
    {"Las Vegas", "NV", {"89117", "89123", "89128", "89148"}, 36.1400, -115.2200, 430'000, 14, 1999, 18},
    {"Reno", "NV", {"89501", "89509", "89511", "89523"}, 39.5100, -119.8300, 540'000, 12, 1988, 6},
    {"Salt Lake City", "UT", {"84102", "84103", "84105", "84106"}, 40.7500, -111.8700, 560'000, 20, 1952, 10},
    {"Boise", "ID", {"83702", "83704", "83706", "83709"}, 43.6050, -116.2300, 490'000, 7, 1986, 8},
    {"Denver", "CO", {"80205", "80209", "80211", "80220"}, 39.7350, -104.9700, 590'000, 28, 1962, 20},
    {"Colorado Springs", "CO", {"80903", "80904", "80907", "80918"}, 38.8600, -104.8000, 450'000, 10, 1984, 10},
    {"Albuquerque", "NM", {"87104", "87106", "87110", "87120"}, 35.1000, -106.6300, 340'000, 7, 1979, 8},
    {"Austin", "TX", {"78702", "78704", "78745", "78757"}, 30.2700, -97.7500, 550'000, 22, 1990, 22},
    {"Houston", "TX", {"77007", "77008", "77018", "77096"}, 29.7700, -95.4200, 330'000, 14, 1984, 28},
    {"Dallas", "TX", {"75206", "75214", "75218", "75229"}, 32.8300, -96.7800, 410'000, 16, 1978, 22},
    {"San Antonio", "TX", {"78209", "78212", "78230", "78249"}, 29.4800, -98.5000, 290'000, 6, 1982, 16},
    {"Oklahoma City", "OK", {"73103", "73112", "73118", "73120"}, 35.5100, -97.5300, 240'000, 5, 1972, 8},
    {"Kansas City", "MO", {"64110", "64111", "64113", "64114"}, 39.0300, -94.5800, 270'000, 10, 1958, 10},
    {"Minneapolis", "MN", {"55406", "55407", "55410", "55417"}, 44.9400, -93.2600, 350'000, 22, 1938, 14},
    {"Madison", "WI", {"53703", "53704", "53705", "53711"}, 43.0731, -89.4100, 420'000, 20, 1968, 8},
    {"Milwaukee", "WI", {"53207", "53211", "53213", "53222"}, 43.0500, -87.9500, 260'000, 12, 1942, 8},
    {"Chicago", "IL", {"60613", "60618", "60625", "60647"}, 41.9400, -87.6900, 370'000, 52, 1938, 32},
    {"Indianapolis", "IN", {"46205", "46208", "46220", "46240"}, 39.8300, -86.1400, 260'000, 8, 1968, 12},
    {"Columbus", "OH", {"43202", "43206", "43214", "43221"}, 40.0000, -83.0100, 310'000, 16, 1970, 12},
    {"Cleveland", "OH", {"44102", "44109", "44111", "44113"}, 41.4600, -81.7300, 160'000, 8, 1925, 8},
    {"Detroit", "MI", {"48201", "48207", "48221", "48226"}, 42.3700, -83.0900, 130'000, 14, 1938, 8},
    {"Pittsburgh", "PA", {"15206", "15217", "15218", "15232"}, 40.4450, -79.9250, 260'000, 12, 1930, 10},
    {"Philadelphia", "PA", {"19119", "19125", "19130", "19147"}, 39.9700, -75.1650, 290'000, 16, 1930, 18},
    {"Baltimore", "MD", {"21210", "21211", "21224", "21230"}, 39.3100, -76.6200, 250'000, 12, 1932, 10},
    {"Washington", "DC", {"20001", "20009", "20011", "20016"}, 38.9250, -77.0350, 690'000, 48, 1938, 16},
    {"Richmond", "VA", {"23220", "23221", "23223", "23227"}, 37.5600, -77.4600, 370'000, 10, 1950, 8},
    {"Raleigh", "NC", {"27604", "27607", "27609", "27612"}, 35.8200, -78.6500, 450'000, 14, 1992, 12},
    {"Charlotte", "NC", {"28203", "28205", "28209", "28210"}, 35.2000, -80.8400, 420'000, 18, 1994, 16},
    {"Atlanta", "GA", {"30306", "30307", "30312", "30316"}, 33.7600, -84.3600, 430'000, 30, 1985, 18},
    {"Nashville", "TN", {"37204", "37206", "37209", "37215"}, 36.1500, -86.8000, 460'000, 20, 1986, 14},
    {"Louisville", "KY", {"40204", "40205", "40206", "40207"}, 38.2400, -85.7050, 260'000, 10, 1958, 8},
    {"New Orleans", "LA", {"70115", "70117", "70118", "70119"}, 29.9550, -90.0950, 290'000, 18, 1940, 8},
    {"Tampa", "FL", {"33602", "33606", "33609", "33629"}, 27.9550, -82.4950, 430'000, 20, 1982, 14},
    {"Orlando", "FL", {"32801", "32803", "32806", "32814"}, 28.5400, -81.3600, 390'000, 18, 1990, 12},
    {"Jacksonville", "FL", {"32205", "32207", "32210", "32217"}, 30.2800, -81.6900, 300'000, 10, 1986, 12},
    {"Boston", "MA", {"02116", "02118", "02127", "02130"}, 42.3350, -71.0850, 780'000, 58, 1915, 16},
    {"Providence", "RI", {"02903", "02904", "02906", "02908"}, 41.8300, -71.4150, 390'000, 16, 1922, 6},
    {"New York", "NY", {"10009", "10011", "10024", "10025"}, 40.7700, -73.9750, 1'050'000, 88, 1945, 30},
    {"Buffalo", "NY", {"14209", "14213", "14216", "14222"}, 42.9200, -78.8700, 230'000, 6, 1922, 6},
};

constexpr kind all_kinds[] = {
    {"Condominium", "condominium", 0, 960, 0.32, 0, 0.98, 560},
    {"Single Family Residence", "house", 78, 1850, 0.34, 6400, 1.0, 610},
    {"Townhouse", "townhouse", 16, 1520, 0.24, 1700, 0.95, 600},
    {"Duplex", "duplex", 4, 2150, 0.26, 6000, 0.98, 560},
    {"Manufactured Home", "manufactured home", 2, 1320, 0.24, 5200, 0.48, 520},
};

constexpr std::string_view all_street_names[] = {
    "Alder",     "Ash",      "Aspen",     "Beacon",    "Belmont",  "Birch",     "Bluebell", "Briarwood",  "Brookside",
    "Cedar",     "Cherry",   "Chestnut",  "Church",    "Clay",     "Clover",    "College",  "Cottonwood", "Cypress",
    "Dogwood",   "Elm",      "Fairview",  "Fern Hill", "Franklin", "Garden",    "Garfield", "Glenwood",   "Grant",
    "Hawthorne", "Hazel",    "Heron",     "Hickory",   "Highland", "Hillcrest", "Jackson",  "Jefferson",  "Juniper",
    "Lakeview",  "Larch",    "Laurel",    "Lincoln",   "Linden",   "Locust",    "Madison",  "Magnolia",   "Maple",
    "Meadow",    "Mill",     "Monroe",    "Mulberry",  "Oak",      "Orchard",   "Park",     "Pearl",      "Pine",
    "Poplar",    "Prospect", "Quail Run", "Ridge",     "River",    "Rose",      "Sage",     "Spring",     "Spruce",
    "Summit",    "Sunset",   "Sycamore",  "Thistle",   "Union",    "Valley",    "Vine",     "Walnut",     "Washington",
    "Water",     "Willow",   "Windsor",   "Woodland"};

constexpr std::string_view all_street_kinds[] = {"St", "St", "St", "Ave", "Ave", "Ave",
                                                 "Dr", "Ln", "Ct", "Pl",  "Way", "Rd"};

constexpr unsigned condo = 1, detached = 2 | 16, town = 4, two_family = 8, any = 31, with_land = any - condo;

constexpr feature all_features[] = {
    {"garage", with_land, 62, "The garage holds two cars and the bicycles."},
    {"garden", with_land, 44, "The garden has fruit trees, raised beds and a corner for an evening fire."},
    {"fireplace", any, 34, "A wood-burning fireplace keeps the living room warm in winter."},
    {"air conditioning", any, 55, "Central air keeps every room even through the summer."},
    {"hardwood floors", any, 46, "Hardwood floors run through the main level."},
    {"deck", with_land, 33, "A broad deck behind the house seats ten."},
    {"porch", detached | two_family, 30, "The covered porch looks out on a street with little traffic."},
    {"pool", detached, 12, "The pool was resurfaced last year and gets sun until late in the afternoon."},
    {"basement", with_land, 27, "The finished basement works as an office, a studio or a room for guests."},
    {"balcony", condo | town, 48, "The balcony catches the afternoon sun."},
    {"elevator", condo, 52, ""},
    {"gym", condo, 34, "Residents share a gym, a roof terrace and a room for parcels."},
    {"parking", condo, 56, "One covered parking space comes with the apartment."},
    {"city view", condo, 26, "From the living room the view goes over the roofs to the skyline."},
    {"solar panels", with_land, 14, "Solar panels on the roof cover most of the electricity."},
    {"heat pump", any, 16, ""},
    {"walk-in closet", any, 22, ""},
    {"updated kitchen", any, 31, ""},
    {"laundry in unit", condo | town, 58, ""},
    {"home office", any, 18, "A quiet room off the hall makes a good home office."},
    {"fenced yard", detached | two_family, 29, "The yard is fenced all around, so that dogs and children are safe."},
    {"ev charger", any, 9, "A charger for an electric car is installed and ready."},
    {"furnished", condo, 6, ""},
    {"wheelchair access", any, 5, "There is no step between the street and the main floor."},
};

constexpr std::string_view all_openings[] = {
    "This {adjective} {style} on {street} was built in {year} and has been looked after ever since.",
    "Come home to a {adjective} {noun} with {rooms} in one of the friendliest corners of {city}.",
    "Built in {year}, this {noun} brings {size} square feet of well-planned space to {street}.",
    "Light, space and a good plan: this {style} offers {rooms} on {size} square feet.",
    "A {adjective} {noun} like this one seldom comes up near {place}.",
    "Step inside this {adjective} {style} and you will see why its owners stayed so long.",
    "On a calm stretch of {street} stands this {adjective} {noun} from {year}.",
    "If you have been waiting for a {adjective} {noun} in {city}, have a look at this one.",
    "Well kept and ready to move into, this {noun} has {rooms} and plenty of storage.",
    "From the first step over the threshold this {style} feels {adjective}.",
};

constexpr std::string_view all_interiors[] = {
    "The living room opens to the dining area, and tall windows bring in light from two sides.",
    "Each of the {beds} is of good size, and the largest has a bath of its own.",
    "There is new paint throughout, and the bathrooms were redone within the last five years.",
    "High ceilings and thoughtful built-ins make its {size} square feet feel larger than they are.",
    "The plan keeps the sleeping rooms quiet and gives everyone a place to gather.",
    "Original woodwork has been kept where it could be, and what was replaced was replaced well.",
    "Double-pane windows and new insulation keep it quiet inside and the bills low.",
    "The entry has room for coats and boots, and leads straight into a bright living room.",
    "The rooms at the back look into the crowns of old trees.",
    "Wiring, plumbing and roof are all less than ten years old.",
};

constexpr std::string_view all_kitchens[] = {
    "The kitchen has quartz counters, a gas range and a window over the sink.",
    "Cooks will like the long counter, the pantry and the double oven.",
    "The kitchen was renewed with oak cabinets and quiet appliances.",
    "An island with four seats stands between the kitchen and the dining table.",
    "The eat-in kitchen gets the morning sun.",
    "Stainless appliances stay, and so does the old farmhouse sink.",
    "Open shelves, a deep sink and good light make the kitchen the best room of all.",
    "The galley kitchen is compact, clever and newly tiled.",
};

constexpr std::string_view all_surroundings[] = {
    "It is a short walk to {place}, and groceries are three blocks away.",
    "Schools, a library and {place} are all within a mile.",
    "Buses to the centre of {city} stop at the corner, and {place} is close by.",
    "Weekends begin at {place}, ten minutes away on foot.",
    "Neighbours know each other here, and {place} is just down the road.",
    "The street ends at a path that leads to {place}.",
    "Coffee, bread and {place} are around the corner.",
    "You are minutes from {place} and from the highway, and hear neither.",
};

constexpr std::string_view all_closings[] = {
    "Offers are reviewed as they come.",
    "Come and see it on Sunday between one and four.",
    "Inspection and sewer scope are available on request.",
    "The sellers would like to stay until the end of the school year.",
    "Call to arrange a private visit.",
    "A home warranty for the first year is included.",
    "Quick closing is possible.",
    "Bring your plans: there is room to grow.",
    "Photographs do not do it justice.",
    "Pre-approved buyers are welcome any evening.",
};

constexpr std::string_view all_titles[] = {
    "{Adjective} {style} near {place}",
    "{Adjective} {bedword} {noun} in {city}",
    "{Bedword} {noun} on {street}",
    "{Style} with {feature} in {city}",
    "{Adjective} {noun} with {feature}",
    "{Bedword} {style} close to {place}",
    "{Adjective} home with {feature} near {place}",
    "{city}: {adjective} {noun} on {street}",
};

constexpr std::string_view all_adjectives[] = {
    "sunny", "quiet", "bright", "spacious", "charming",  "comfortable", "well-kept", "elegant",
    "cosy",  "airy",  "roomy",  "private",  "welcoming", "handsome",    "renovated", "cheerful"};

constexpr std::string_view all_places[] = {
    "the park",        "the lake path",       "the farmers' market",  "the old mill",     "the university",
    "the river trail", "the town square",     "the botanical garden", "the library",      "the waterfront",
    "the golf course", "Main Street",         "the dog park",         "the concert hall", "the swimming pool",
    "the ball fields", "the museum district", "the greenway"};

}  // namespace

std::span<const city> cities() { return all_cities; }
std::span<const kind> kinds() { return all_kinds; }
std::span<const std::string_view> street_names() { return all_street_names; }
std::span<const std::string_view> street_kinds() { return all_street_kinds; }
std::span<const feature> features() { return all_features; }
std::span<const std::string_view> openings() { return all_openings; }
std::span<const std::string_view> interiors() { return all_interiors; }
std::span<const std::string_view> kitchens() { return all_kitchens; }
std::span<const std::string_view> surroundings() { return all_surroundings; }
std::span<const std::string_view> closings() { return all_closings; }
std::span<const std::string_view> titles() { return all_titles; }
std::span<const std::string_view> adjectives() { return all_adjectives; }
std::span<const std::string_view> places() { return all_places; }

std::string_view style_of(int year) {
  struct era {
    int until;
    std::string_view style;
  };
  static constexpr era eras[] = {{1905, "Victorian"},         {1935, "craftsman"},   {1950, "cottage"},
                                 {1972, "mid-century ranch"}, {1990, "split-level"}, {2008, "traditional home"}};
  for (const era& one : eras)
    if (year < one.until) return one.style;
  return "contemporary home";
}

}  // namespace spaces::properties::demo
