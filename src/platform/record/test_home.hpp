/// An entity for the tests of this room: one field of each type, with and without std::optional.
#pragma once

#include "platform/record/field.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spaces::test {

enum class home_kind { house, flat, boat };
inline constexpr std::string_view home_kind_names[] = {"house", "flat", "boat"};

}  // namespace spaces::test

template <>
inline constexpr std::span<const std::string_view> spaces::record::names_of<spaces::test::home_kind> =
    spaces::test::home_kind_names;

namespace spaces::test {

struct home {
  uuid id;
  std::string name;
  std::optional<std::string> notes;
  money price;
  std::int64_t floors = 1;
  std::optional<std::int64_t> rooms;
  std::optional<quarters> baths;
  std::optional<decimal> latitude;
  bool sold = false;
  std::optional<bool> lift;
  home_kind kind = home_kind::house;
  std::optional<home_kind> once;
  std::vector<std::string> tags;
  std::vector<std::string> pictures;
  std::optional<uuid> keeper;
  instant made_at;
  std::optional<instant> open_at;
  std::int64_t version = 0;
  std::int64_t visits = 0;

  static record::field_span fields();
};

inline record::field_span home::fields() {
  using namespace record;
  constexpr access carded = editable | on_card;
  static constexpr field rows[] = {
      of<&home::id>("id", fixed | on_card, {.card_tag = 1}),
      of<&home::name>("name", carded, {.length_min = 3, .length_max = 10, .required = true, .card_tag = 2}),
      of<&home::notes>("notes", carded, {.length_max = 20, .lines = true, .card_tag = 3}),
      of<&home::price>("price", carded,
                       {.min = decimal{1, 2},
                        .max = decimal{99'999'999'999'999, 2},
                        .places_max = 2,
                        .required = true,
                        .card_tag = 4}),
      of<&home::floors>("floors", carded, {.min = decimal{}, .max = decimal{163, 0}, .card_tag = 5}),
      of<&home::rooms>("rooms", carded, {.card_tag = 6}),
      of<&home::baths>(
          "baths", carded,
          {.min = decimal{}, .max = decimal{9, 0}, .places_max = 2, .step = decimal{25, 2}, .card_tag = 7}),
      of<&home::latitude>("latitude", carded,
                          {.min = decimal{-90, 0}, .max = decimal{90, 0}, .places_max = 20, .card_tag = 8}),
      of<&home::sold>("sold", carded, {.card_tag = 9}),
      of<&home::lift>("lift", carded, {.card_tag = 10}),
      of<&home::kind>("kind", carded, {.card_tag = 11}),
      of<&home::once>("once", carded, {.card_tag = 12}),
      of<&home::tags>("tags", carded,
                      {.length_min = 1, .length_max = 5, .items_max = 3, .distinct = true, .card_tag = 13}),
      of<&home::pictures>("pictures", fixed | on_card, {.length_max = 50, .items_max = 9, .card_tag = 14}),
      of<&home::keeper>("keeper", carded, {.card_tag = 15}),
      of<&home::made_at>("madeAt", fixed | on_card, {.stored_as = "CreatedAt", .card_tag = 16}),
      of<&home::open_at>("openAt", carded, {.card_tag = 17}),
      of<&home::version>("version", fixed, {}),
      of<&home::visits>("visits", on_own, {.card_tag = 18}),
  };
  return rows;
}

}  // namespace spaces::test
