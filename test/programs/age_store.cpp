/// age_store [folding]: prints which folding made the keys of the store that the environment names; without a word,
/// leaves the store as the first version of the folding did: city keys that this program does not make, and no word of
/// the folding in META / STORE. For tests.

#include "app/configuration.hpp"
#include "app/open_table.hpp"
#include "platform/base/folding.hpp"
#include "platform/table/store_meta.hpp"

#include <cstdio>
#include <string>
#include <vector>

using namespace spaces;

namespace {

result<int> age(table::single_table& table) {
  std::vector<table::keyed_item> items;
  const auto walked = table.walk(std::nullopt, [&](table::key_view key, record::item_view stored) {
    const bool meta = key.pk == table::store_meta::pk && key.sk == table::store_meta::sk;
    // Plain names are the same in every folding.
    const bool aged = stored.find(table::name::index_pk[3]).kind == record::value_kind::text &&
                      !folds_plainly(stored.find("city").text);
    if (meta || aged) items.push_back({{std::string(key.pk), std::string(key.sk)}, record::item(stored)});
    return true;
  });
  if (!walked) return walked.error();
  int aged = 0;
  for (auto& [key, item] : items) {
    if (item.find(table::name::index_pk[3]).kind == record::value_kind::text) {
      const std::string old = "CITY#old " + std::string(item.find(table::name::index_pk[3]).text.substr(5));
      for (const std::size_t index : {3U, 4U})
        item.set(table::name::index_pk[index], record::value::of(std::string_view(old)));
      ++aged;
    } else {
      item.set(table::store_meta::folding, record::value());
    }
    const auto written = table.write({table::put{key, std::move(item), {}}});
    if (!written) return written.error();
  }
  return aged;
}

}  // namespace

int main(int count, char**) {
  const auto settings = app::read_configuration({});
  if (!settings) return std::fprintf(stderr, "%s\n", settings.error().public_text.c_str()), 2;
  const system_clock clock;
  const auto opened = app::open_table(*settings, app::table_use::changing, clock);
  if (!opened) return std::fprintf(stderr, "%s\n", opened.error().public_text.c_str()), 1;
  const auto aged = count > 1 ? table::store_meta::read_folding(*opened->table) : age(*opened->table);
  if (!aged) return std::fprintf(stderr, "%s\n", aged.error().private_text.c_str()), 1;
  std::printf("%d\n", *aged);
  return 0;
}
