#include "program/commands/bulk_load.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace spaces::app {
namespace {

namespace fs = std::filesystem;

class filling : public ::testing::Test {
 public:
  ~filling() override { fs::remove_all(above_); }

 protected:
  filling() {
    std::string name = (fs::temp_directory_path() / "filling.XXXXXX").string();
    above_ = ::mkdtemp(name.data());
    place_ = above_ / "data";
    beside_ = above_ / "data.filling";
  }

  static void put_one(bulk_load& store) {
    record::item item;
    item.append("text", record::value::of(std::string_view("there")));
    const auto written = store.table().write({table::put{{"A", "B"}, item, {}}});
    ASSERT_TRUE(written.has_value());
  }
  bool holds_one() {
    auto store = bulk_load::open(place_, time_);
    const auto found = store->table().get(table::key_view("A", "B"), table::consistency::strong);
    return found && found->has_value();
  }

  system_clock time_;
  fs::path above_, place_, beside_;
};

TEST_F(filling, a_new_store_is_in_its_place_once_it_is_settled_and_not_before) {
  {
    auto store = bulk_load::open(place_, time_);
    ASSERT_TRUE(store.has_value());
    put_one(*store);
    EXPECT_FALSE(fs::exists(place_));
    ASSERT_TRUE(store->settle().has_value());
    EXPECT_TRUE(fs::exists(place_ / "table.lmdb"));
    EXPECT_FALSE(fs::exists(beside_));
  }
  EXPECT_TRUE(holds_one());
}

TEST_F(filling, what_is_not_settled_is_thrown_away) {
  {
    auto store = bulk_load::open(place_, time_);
    put_one(*store);
  }
  EXPECT_TRUE(fs::is_empty(above_));
}

TEST_F(filling, what_a_killed_command_left_is_cleared) {
  fs::create_directory(beside_);
  std::ofstream(beside_ / "table.lmdb") << "half a store";
  auto store = bulk_load::open(place_, time_);
  ASSERT_TRUE(store.has_value());
  put_one(*store);
  ASSERT_TRUE(store->settle().has_value());
  EXPECT_TRUE(holds_one());
}

TEST_F(filling, an_empty_folder_is_nobodys_store) {
  fs::create_directory(place_);
  auto store = bulk_load::open(place_.string() + "/", time_);
  ASSERT_TRUE(store.has_value());
  put_one(*store);
  EXPECT_TRUE(fs::is_empty(place_));
  ASSERT_TRUE(store->settle().has_value());
  EXPECT_TRUE(holds_one());
}

TEST_F(filling, one_command_at_a_time) {
  auto first = bulk_load::open(place_, time_);
  ASSERT_TRUE(first.has_value());
  const auto second = bulk_load::open(place_, time_);
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().public_text.find("Another command"), std::string::npos);
}

TEST_F(filling, a_store_that_came_meanwhile_stays) {
  auto store = bulk_load::open(place_, time_);
  fs::create_directory(place_);
  std::ofstream(place_ / "table.lmdb") << "another's";
  const auto settled = store->settle();
  ASSERT_FALSE(settled.has_value());
  EXPECT_NE(settled.error().public_text.find("meanwhile"), std::string::npos);
  EXPECT_EQ(fs::file_size(place_ / "table.lmdb"), std::string_view("another's").size());
}

TEST_F(filling, a_store_that_is_there_is_written_in_its_place) {
  {
    auto made = bulk_load::open(place_, time_);
    ASSERT_TRUE(made->settle().has_value());
  }
  {
    auto store = bulk_load::open(place_, time_);
    put_one(*store);
    EXPECT_FALSE(fs::exists(beside_));
  }
  EXPECT_TRUE(holds_one());
}

}  // namespace
}  // namespace spaces::app
