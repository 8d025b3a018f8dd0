#include "platform/table/entity.hpp"

#include "platform/table/test_table.hpp"

#include <gtest/gtest.h>

namespace spaces::table {

namespace {

struct thing {
  std::string name;
};

std::optional<thing> to_thing(record::item_view stored) {
  const record::value name = stored.find("Name");
  if (name.kind != record::value_kind::text) return std::nullopt;
  return thing{std::string(name.text)};
}

const key where{"THING#1", "THING"};

TEST(entity, is_found_absent_or_damaged) {
  test::test_table table;
  EXPECT_FALSE(*find<to_thing>(table, where, consistency::strong)) << "absent";
  record::item item;
  item.append("Name", record::value::of(std::string_view("one")));
  table.items[where] = item;
  const auto one = find<to_thing>(table, where, consistency::strong);
  ASSERT_TRUE(one && *one);
  EXPECT_EQ((*one)->name, "one");
  EXPECT_EQ(to_entity<to_thing>(where, item.view())->name, "one");

  record::item other;
  other.append("Name", record::value::of(true));
  table.items[where] = other;
  const auto found = find<to_thing>(table, where, consistency::strong);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, error_kind::internal);
  EXPECT_EQ(found.error().private_text, "the item THING#1 / THING has attributes that do not fit its fields");
  EXPECT_EQ(to_entity<to_thing>(where, other.view()).error().private_text, found.error().private_text);
}

TEST(entity, a_table_that_fails_is_no_damage) {
  test::test_table table;
  table.read_fails = unavailable("down");
  EXPECT_EQ(find<to_thing>(table, where, consistency::strong).error().kind, error_kind::unavailable);
}

}  // namespace

}  // namespace spaces::table
