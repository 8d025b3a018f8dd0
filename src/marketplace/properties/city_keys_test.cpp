#include "marketplace/properties/city_keys.hpp"
#include "marketplace/properties/properties.hpp"

#include "platform/base/folding.hpp"
#include "platform/table/store_meta.hpp"
#include "scenario/scenario.hpp"

#include <gmock/gmock.h>

namespace spaces::test {
namespace {

using namespace properties;
namespace meta = table::store_meta;

const table::key meta_key{std::string(meta::pk), std::string(meta::sk)};

record::item stored(scenario& s, const table::key& where) {
  const auto found = s.place().table().get(where, table::consistency::strong);
  EXPECT_TRUE(found && *found) << where.pk;
  return found && *found ? **found : record::item();
}

void put(scenario& s, const table::key& where, record::item item) {
  const auto written = s.place().table().write({table::put{where, std::move(item), {}}});
  EXPECT_TRUE(written && !*written) << where.pk;
}

table::key key_in(scenario& s, const std::string& name) { return key_of(*parse_uuid(s.filled('{' + name + '}'))); }

/// The store as the first version of the folding left it.
void age(scenario& s, const std::vector<std::pair<std::string, std::string>>& cities) {
  for (const auto& [name, folded] : cities) {
    record::item item = stored(s, key_in(s, name));
    const std::string old = "CITY#" + folded + "#active";
    for (const std::size_t index : {3U, 4U})
      item.set(table::name::index_pk[index], record::value::of(std::string_view(old)));
    put(s, key_in(s, name), std::move(item));
  }
  record::item first = stored(s, meta_key);
  first.set(meta::folding, record::value());
  put(s, meta_key, std::move(first));
  s.place().listings().keys_of_cities().note(1);
}

const std::vector<std::pair<std::string, std::string>> old_keys = {
    {"lodz", "łodz"}, {"aquila", "l’aquila"}, {"denis", "saint-denis"}, {"louis", "st. louis"}};

void furnish(scenario& s) {
  s.given(seller("ann"), listing("lodz", by("ann"), with("city", "\"Łódź\"")),
          listing("aquila", by("ann"), with("city", "\"L’Aquila\"")),
          listing("denis", by("ann"), with("city", "\"Saint-Denis\"")), listing("seattle", by("ann")),
          listing("louis", by("ann"), with("city", "\"St. Louis\"")),
          listing("denis2", by("ann"), with("city", "\"Saint Denis\"")));
}

deadline_time later() { return std::chrono::steady_clock::now() + std::chrono::minutes(1); }

void hold_found(scenario& s) {
  const std::pair<const char*, std::vector<std::string>> rows[] = {
      {"lodz", {"lodz"}},
      {"L'Aquila", {"aquila"}},
      {"st%20louis", {"louis"}},
      {"saint%20denis&sort=createdAt", {"denis", "denis2"}},
      {"Seattle", {"seattle"}},
      {"saint-denis&sort=-price", {"denis2", "denis"}},
      {"paris", {}},
  };
  for (const auto& [city, names] : rows)
    s.when(get("/api/v1/properties?city=" + std::string(city)).as("ann")).then(200, lists(names), last_page());
}

TEST(CityKeys, OfAnOlderStoreAreRightBeforeAndAfterTheyAreMadeAnew) {
  scenario s{"cities are found while their keys are old, and by key afterwards"};
  furnish(s);
  age(s, old_keys);
  hold_found(s);
  s.when(get("/api/v1/properties?city=saint+denis&limit=1").as("ann"))
      .then(200, lists({"denis2"}), keep("next", "/nextCursor"));

  city_keys& keys = s.place().listings().keys_of_cities();
  const auto before = keys.current();
  ASSERT_TRUE(before);
  EXPECT_FALSE(*before);
  const auto remade = keys.remake(later(), {});
  ASSERT_TRUE(remade) << remade.error().private_text;
  EXPECT_TRUE(remade->complete);
  EXPECT_EQ(remade->examined, 6U);
  EXPECT_EQ(remade->remade, 4U);
  EXPECT_EQ(meta::folding_of(stored(s, meta_key).view()), folding_version);
  for (const auto& [name, ignored] : old_keys) {
    const record::item item = stored(s, key_in(s, name));
    EXPECT_EQ(item.find("GSI4PK").text, city_partition(item.find("city").text, status::active)) << name;
    EXPECT_EQ(item.find("version").number, make_decimal(1, 0)) << "nothing of the listing changed";
  }
  hold_found(s);
  const std::size_t visited = s.place().table().rows_visited();
  s.when(get("/api/v1/properties?city=lodz").as("ann")).then(200, lists({"lodz"}));
  EXPECT_EQ(s.place().table().rows_visited() - visited, 1U) << "by key";
  s.when(get("/api/v1/properties?city=saint+denis&cursor={next}").as("ann")).then(200, lists({"denis"}));
}

TEST(CityKeys, AreMadeAnewOnceAndMayBeInterrupted) {
  scenario s{"a run that is stopped changes what it reached, and the next one does the rest"};
  furnish(s);
  age(s, old_keys);
  std::stop_source stopped;
  stopped.request_stop();
  city_keys& keys = s.place().listings().keys_of_cities();
  const auto half = keys.remake(later(), stopped.get_token());
  ASSERT_TRUE(half);
  EXPECT_FALSE(half->complete);
  EXPECT_EQ(meta::folding_of(stored(s, meta_key).view()), 1);
  hold_found(s);
  const auto rest = keys.remake(later(), {});
  ASSERT_TRUE(rest);
  EXPECT_EQ(half->remade + rest->remade, 4U);
  const auto again = keys.remake(later(), {});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->remade, 0U);
  hold_found(s);
}

TEST(CityKeys, OfANewStoreAreCurrent) {
  scenario s{"a new store says so"};
  EXPECT_EQ(meta::folding_of(stored(s, meta_key).view()), folding_version);
  const auto current = city_keys(s.place().table()).current();
  EXPECT_TRUE(current && *current);
}

}  // namespace
}  // namespace spaces::test
