#include "platform/table/lmdb/compacting.hpp"

#include "platform/table/lmdb/child_process.hpp"
#include "platform/table/lmdb/store_under_test.hpp"
#include "platform/table/store_meta.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace spaces::table {
namespace {

using testing::HasSubstr;

/// As large as the longest description: such items are kept in runs of pages of their own.
constexpr std::size_t long_text_bytes = 20'000;

class compacting : public testing::Test {
 protected:
  std::unique_ptr<lmdb_table> open() {
    lmdb_options options = options_for(folder_.path());
    options.sync = false;
    return open_or_throw(options, time_);
  }
  static key key_of(std::size_t n) { return {"THING#" + std::to_string(n), "DETAILS"}; }
  static record::item item_of(std::size_t n, std::size_t bytes) {
    record::item made;
    made.append("description",
                record::value::of(std::string_view(std::string(bytes, static_cast<char>('a' + n % 26)))));
    made.append(name::index_pk[0], record::value::of(std::string_view("OWNER")));
    made.append(name::index_sk[0], record::value::of(std::string_view(std::to_string(n))));
    return made;
  }
  /// Many transactions, as many people make them.
  static void fill(lmdb_table& table, std::size_t count, std::size_t bytes) {
    for (std::size_t n = 0; n < count; ++n) ASSERT_TRUE(table.write({put{key_of(n), item_of(n, bytes), {}}}));
  }
  static void empty(lmdb_table& table, std::size_t count) {
    for (std::size_t n = 0; n < count; ++n) ASSERT_TRUE(table.write({remove{key_of(n), {}}}));
  }
  std::uint64_t file_bytes() const { return std::filesystem::file_size(folder_.path() / "table.lmdb"); }

  temporary_folder folder_;
  system_clock time_;
};

TEST_F(compacting, is_not_needed_for_freed_pages_to_be_used_again) {
  const auto table = open();
  constexpr std::size_t count = 300;
  fill(*table, count, long_text_bytes);
  const std::uint64_t full = file_bytes();
  for (int round = 0; round < 4; ++round) {
    empty(*table, count);
    fill(*table, count, round % 2 == 0 ? long_text_bytes : long_text_bytes / 2);
    EXPECT_LE(file_bytes(), full + full / 4) << "round " << round;
  }
  fill(*table, count, long_text_bytes);  // in the place of what is there
  EXPECT_LE(file_bytes(), full + full / 4);
}

TEST_F(compacting, gives_free_pages_back_and_keeps_everything_else) {
  constexpr std::size_t count = 300, kept = 20;
  std::string secret;
  {
    const auto table = open();
    secret = *store_meta::read_secret(*table);
    fill(*table, count, long_text_bytes);
    for (std::size_t n = kept; n < count; ++n) ASSERT_TRUE(table->write({remove{key_of(n), {}}}));
  }
  const std::uint64_t before = file_bytes();
  const auto done = compact_store(folder_.path());
  ASSERT_TRUE(done) << done.error().public_text;
  EXPECT_EQ(done->bytes_before, before);
  EXPECT_EQ(done->bytes_after, file_bytes());
  EXPECT_LT(file_bytes(), before / 5);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "table.lmdb.partial"));
  const auto table = open();
  EXPECT_EQ(*store_meta::read_secret(*table), secret);
  for (std::size_t n = 0; n < kept; ++n) EXPECT_TRUE(*table->get(key_of(n), consistency::strong));
  EXPECT_EQ(table->statistics()->index_rows[0], kept);
  EXPECT_EQ(table->statistics()->free_pages, 0U);
  fill(*table, count, long_text_bytes);
  EXPECT_EQ(table->statistics()->index_rows[0], count);
}

TEST_F(compacting, leaves_a_store_alone_that_somebody_has_open) {
  fill(*open(), 1, 100);
  child_process other("holds_a_snapshot", {{"SPACES_STORE", folder_.path()}});
  std::string line;
  ASSERT_TRUE(other.take_line(line));
  const auto refused = compact_store(folder_.path());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().public_text, HasSubstr("has it open; stop the server first"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "table.lmdb.partial"));
  other.kill();
  other.wait();
  EXPECT_TRUE(compact_store(folder_.path()));
  EXPECT_TRUE(*open()->get(key_of(0), consistency::strong));
}

TEST_F(compacting, begins_anew_where_one_was_killed) {
  fill(*open(), 10, 100);
  std::ofstream(folder_.path() / "table.lmdb.partial") << "half a copy";
  ASSERT_TRUE(compact_store(folder_.path()));
  EXPECT_EQ(open()->statistics()->index_rows[0], 10U);
}

TEST_F(compacting, refuses_what_is_no_store) {
  EXPECT_THAT(compact_store(folder_.path()).error().public_text, HasSubstr("there is no store"));
  std::ofstream(folder_.path() / "table.lmdb") << std::string(20'000, 'x');
  EXPECT_FALSE(compact_store(folder_.path()));
  EXPECT_EQ(file_bytes(), 20'000U);
}

TEST_F(compacting, is_a_backups_too) {
  const auto table = open();
  fill(*table, 300, long_text_bytes);
  empty(*table, 290);
  temporary_folder into;
  ASSERT_TRUE(table->backup(into.path(), {}, true));
  EXPECT_LT(std::filesystem::file_size(into.path() / "table.lmdb"), file_bytes() / 5);
  const auto copy = open_or_throw(options_for(into.path()), time_);
  EXPECT_EQ(copy->statistics()->index_rows[0], 10U);
}

}  // namespace
}  // namespace spaces::table
