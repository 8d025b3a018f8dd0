#include "platform/record/field.hpp"

#include "platform/record/test_home.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace spaces::record {
namespace {

using namespace std::string_view_literals;
using test::home;
using test::home_kind;

const field& row(std::string_view name) { return home::fields()[find_field(home::fields(), name)]; }

TEST(field, is_found_by_its_whole_name) {
  EXPECT_EQ(find_field(home::fields(), "id"), 0u);
  EXPECT_EQ(find_field(home::fields(), "visits"), home::fields().size() - 1);
  for (const std::string_view name : {"", "i", "ids", "ID", "CreatedAt"})
    EXPECT_EQ(find_field(home::fields(), name), home::fields().size()) << name;
}

TEST(field, knows_its_type_and_whether_it_can_be_absent) {
  const struct {
    std::string_view name;
    field_type type;
    bool nullable;
  } rows[] = {
      {"id", field_type::id, false},          {"keeper", field_type::id, true},
      {"name", field_type::text, false},      {"notes", field_type::text, true},
      {"price", field_type::number, false},   {"baths", field_type::number, true},
      {"latitude", field_type::number, true}, {"floors", field_type::integer, false},
      {"rooms", field_type::integer, true},   {"sold", field_type::flag, false},
      {"lift", field_type::flag, true},       {"kind", field_type::choice, false},
      {"once", field_type::choice, true},     {"tags", field_type::texts, false},
      {"madeAt", field_type::time, false},    {"openAt", field_type::time, true},
  };
  for (const auto& expected : rows) {
    EXPECT_EQ(row(expected.name).type->type, expected.type) << expected.name;
    EXPECT_EQ(row(expected.name).type->nullable, expected.nullable) << expected.name;
    EXPECT_EQ(row(expected.name).type->choices.empty(), expected.type != field_type::choice) << expected.name;
  }
}

TEST(field, is_stored_under_its_name_unless_it_has_another) {
  EXPECT_EQ(row("name").attribute(), "name");
  EXPECT_EQ(row("madeAt").attribute(), "CreatedAt");
}

TEST(field, has_what_any_of_a_mask_allows) {
  EXPECT_TRUE(row("name").has(on_create));
  EXPECT_TRUE(row("name").has(on_update | on_card));
  EXPECT_FALSE(row("id").has(on_create | on_update));
  EXPECT_TRUE(row("id").has(on_show));
  EXPECT_FALSE(row("version").has(on_card));
}

TEST(field, an_absent_value_is_fetched_as_none_and_a_cleared_one_is_absent) {
  home h;
  h.notes = "x";
  h.tags = {"a"};
  h.floors = 3;
  for (const std::string_view name : {"notes"sv, "tags"sv, "floors"sv}) row(name).type->clear(row(name).member(&h));
  EXPECT_EQ(h.notes, std::nullopt);
  EXPECT_TRUE(h.tags.empty());
  EXPECT_EQ(h.floors, 0);
  scratch store;
  EXPECT_EQ(row("notes").fetch(&h, store).kind, value_kind::none);
  EXPECT_EQ(row("tags").fetch(&h, store).kind, value_kind::texts);
}

TEST(field, takes_values_of_its_own_kind_alone) {
  std::string encoded;
  texts_view::append(encoded, "a");
  const value values[] = {value::of(true),      value::of(decimal{1, 0}),
                          value::of("x"sv),     value::of(texts_view(encoded)),
                          value::of_bytes("x"), value{}};
  for (const field& f : home::fields()) {
    for (const value& v : values) {
      home h;
      const bool taken = f.type->assign(f.member(&h), v);
      bool fits = false;
      switch (f.type->type) {
        case field_type::flag: fits = v.kind == value_kind::boolean; break;
        case field_type::integer:
        case field_type::number: fits = v.kind == value_kind::number; break;
        case field_type::text: fits = v.kind == value_kind::text; break;
        case field_type::texts: fits = v.kind == value_kind::texts; break;
        default: break;  // "x" is no choice, no id and no time
      }
      EXPECT_EQ(taken, fits) << f.name << " and kind " << static_cast<int>(v.kind);
    }
  }
}

TEST(field, refuses_what_its_domain_does_not_hold_and_stays_as_it_was) {
  home h;
  h.rooms = 7;
  h.once = home_kind::boat;
  h.baths = quarters{3};
  EXPECT_FALSE(row("rooms").type->assign(row("rooms").member(&h), value::of(decimal{15, 1})));
  EXPECT_FALSE(row("once").type->assign(row("once").member(&h), value::of("Boat"sv)));
  EXPECT_FALSE(row("baths").type->assign(row("baths").member(&h), value::of(decimal{1, 1})));
  EXPECT_FALSE(row("price").type->assign(row("price").member(&h), value::of(decimal{1, 3})));
  EXPECT_FALSE(row("openAt").type->assign(row("openAt").member(&h), value::of("2026-02-30T00:00:00Z"sv)));
  EXPECT_EQ(h.rooms, 7);
  EXPECT_EQ(h.once, home_kind::boat);
  EXPECT_EQ(h.baths, quarters{3});
}

TEST(field, numbers_keep_their_whole_range) {
  home h;
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{999'999'999'999'999'999},
                               std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    scratch store;
    h.rooms = n;
    const value v = row("rooms").fetch(&h, store);
    home read;
    ASSERT_TRUE(row("rooms").type->assign(row("rooms").member(&read), v));
    EXPECT_EQ(read.rooms, n);
  }
}

TEST(field, copies_between_entities) {
  home from, to;
  from.tags = {"a", "b"};
  from.notes = "n";
  for (const std::string_view name : {"tags"sv, "notes"sv})
    row(name).type->copy(row(name).member(&to), row(name).member_of(&from));
  EXPECT_EQ(to.tags, from.tags);
  EXPECT_EQ(to.notes, "n");
}

TEST(field, choices_have_names_both_ways) {
  EXPECT_EQ(to_name(home_kind::flat), "flat");
  EXPECT_EQ(from_name<home_kind>("boat"), home_kind::boat);
  for (const std::string_view name : {"", "Boat", "boat ", "boa"}) EXPECT_FALSE(from_name<home_kind>(name)) << name;
}

}  // namespace
}  // namespace spaces::record
