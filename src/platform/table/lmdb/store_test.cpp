/// What the embedded engine promises beyond the table's contract, in one process.
#include "platform/table/lmdb/environment.hpp"
#include "platform/table/lmdb/layout.hpp"
#include "platform/table/lmdb/store_check.hpp"
#include "platform/table/lmdb/store_under_test.hpp"
#include "waiting/waiting.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <fstream>
#include <thread>

/// What statfs tells of every folder, where a test says so: no test can mount a network file system.
static long pretended_file_system = 0;
extern "C" int statfs(const char* path, struct statfs* told) noexcept {
  const long failed = syscall(SYS_statfs, path, told);
  if (pretended_file_system != 0) told->f_type = pretended_file_system;
  return static_cast<int>(failed);
}

namespace spaces::table {
namespace {

using testing::HasSubstr;

bool put_one(lmdb_table& table, key where, record::item item) {
  std::vector<operation> operations;
  operations.emplace_back(put{std::move(where), std::move(item), {}});
  const auto done = table.write(std::move(operations));
  return done && !*done;
}

std::string refusal_to_open(const lmdb_options& options, const clock& time) {
  const auto opened = open_lmdb(options, time);
  return opened ? "" : opened.error().public_text;
}

class store : public testing::Test {
 protected:
  std::unique_ptr<lmdb_table> open() { return open_or_throw(options_, time_); }

  temporary_folder folder_;
  held_clock time_;
  lmdb_options options_ = options_for(folder_.path());
};

TEST_F(store, is_made_for_its_owner_alone) {
  options_.folder = folder_.path() / "deeper" / "store";
  const auto table = open();
  struct stat folder{};
  struct stat file{};
  ASSERT_EQ(stat(options_.folder.c_str(), &folder), 0);
  ASSERT_EQ(stat((options_.folder / "table.lmdb").c_str(), &file), 0);
  EXPECT_EQ(folder.st_mode & 0777, 0700U);
  EXPECT_EQ(file.st_mode & 0777, 0600U);
  EXPECT_TRUE(std::filesystem::exists(options_.folder / "table.lmdb-lock"));
  EXPECT_TRUE(table->reads_inline());
  EXPECT_EQ(table->engine(), "lmdb");
}

TEST_F(store, has_a_secret_that_stays) {
  const auto first = store_meta::read_secret(*open());
  const auto again = store_meta::read_secret(*open());
  ASSERT_TRUE(first);
  ASSERT_TRUE(again);
  EXPECT_EQ(first->size(), store_meta::secret_bytes);
  EXPECT_EQ(*first, *again);
  const temporary_folder other;
  EXPECT_NE(*first, *store_meta::read_secret(*open_or_throw(options_for(other.path()), time_)));
}

TEST_F(store, keeps_what_was_written_when_it_is_opened_again) {
  put_one(*open(), {"P", "S"}, made_item{}.text("A", "1"));
  const auto found = open()->get({"P", "S"}, consistency::strong);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->find("A").text, "1");
}

TEST_F(store, opens_once_in_a_process) {
  const auto table = open();
  EXPECT_THAT(refusal_to_open(options_, time_), HasSubstr("open already"));
  EXPECT_TRUE(put_one(*table, {"P", "S"}, made_item{}.text("A", "1")));
}

TEST_F(store, sets_256_gib_aside_when_asked_for_no_other) {
  options_.map_bytes = map_bytes_default;
  const auto table = open();
  EXPECT_EQ(table->statistics()->map_bytes, std::uint64_t{256} << 30);
  EXPECT_LT(table->statistics()->disk_bytes, 1U << 20);
}

TEST_F(store, of_a_newer_format_is_refused) {
  {
    const auto table = open();
    record::item meta = *table->get({store_meta::pk, store_meta::sk}, consistency::strong).value();
    meta.set(store_meta::format_version, record::value::of(make_decimal(store_meta::format_version_now + 1, 0)));
    ASSERT_TRUE(put_one(*table, {std::string(store_meta::pk), std::string(store_meta::sk)}, meta));
  }
  EXPECT_THAT(refusal_to_open(options_, time_), HasSubstr("newer version"));
  options_.read_only = true;
  EXPECT_THAT(refusal_to_open(options_, time_), HasSubstr("newer version"));
}

TEST_F(store, that_is_none_is_refused) {
  std::ofstream(folder_.path() / "table.lmdb") << std::string(20'000, 'x');
  EXPECT_THAT(refusal_to_open(options_, time_), HasSubstr("not a store"));
}

TEST_F(store, is_not_made_by_a_reader) {
  options_.read_only = true;
  EXPECT_THAT(refusal_to_open(options_, time_), HasSubstr("no store"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(store, needs_a_folder_and_not_a_file) {
  std::ofstream(folder_.path() / "file") << "x";
  options_.folder = folder_.path() / "file";
  EXPECT_FALSE(refusal_to_open(options_, time_).empty());
}

TEST_F(store, on_a_network_file_system_is_refused) {
  EXPECT_EQ(lmdb::network_file_system(0x6969), "NFS");
  EXPECT_EQ(lmdb::network_file_system(0xFF534D42), "CIFS");
  EXPECT_EQ(lmdb::network_file_system(0xFFFFFFFFFF534D42), "CIFS") << "f_type is a signed word";
  EXPECT_FALSE(lmdb::network_file_system(0xEF53)) << "ext4";
  EXPECT_FALSE(lmdb::network_file_system(0x01021994)) << "tmpfs";
  pretended_file_system = 0x6969;
  for (const std::filesystem::path& place : {folder_.path(), folder_.path() / "new" / "folder"}) {
    options_.folder = place;
    EXPECT_THAT(refusal_to_open(options_, time_), HasSubstr(place.string() + " is on a network file system (NFS)"));
  }
  pretended_file_system = 0;
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path())) << "nothing is made there";
  EXPECT_EQ(refusal_to_open(options_, time_), "");
}

TEST_F(store, takes_half_of_a_small_address_space) {
  EXPECT_EQ(lmdb::map_bytes_within(map_bytes_default, std::nullopt), map_bytes_default);
  EXPECT_EQ(lmdb::map_bytes_within(map_bytes_default, std::uint64_t{1} << 50), map_bytes_default);
  EXPECT_EQ(lmdb::map_bytes_within(map_bytes_default, (std::uint64_t{4} << 30) + 4097), std::size_t{2} << 30);
}

TEST_F(store, errors_are_what_a_caller_can_do) {
  EXPECT_EQ(lmdb::failure_of(ENOSPC, "x").kind, error_kind::storage_full);
  EXPECT_EQ(lmdb::failure_of(EFBIG, "x").kind, error_kind::storage_full);
  EXPECT_EQ(lmdb::failure_of(EDQUOT, "x").kind, error_kind::storage_full);
  EXPECT_EQ(lmdb::failure_of(MDB_MAP_FULL, "x").kind, error_kind::storage_full);
  EXPECT_EQ(lmdb::failure_of(MDB_PANIC, "x").kind, error_kind::unavailable);
  EXPECT_EQ(lmdb::failure_of(MDB_READERS_FULL, "x").kind, error_kind::unavailable);
  EXPECT_EQ(lmdb::failure_of(MDB_MAP_RESIZED, "x").kind, error_kind::unavailable);
  EXPECT_EQ(lmdb::failure_of(MDB_CORRUPTED, "x").kind, error_kind::internal);
}

TEST_F(store, full_to_its_map_answers_storage_full_and_goes_on_reading) {
  options_.map_bytes = std::size_t{64} << 20;
  options_.sync = false;
  const auto table = open();
  int written = 0;
  std::optional<error> failure;
  while (!failure && written < 1000) {
    std::vector<operation> operations;
    operations.emplace_back(put{{"P", std::to_string(written)}, made_item{}.text("T", std::string(300'000, 't')), {}});
    const auto done = table->write(std::move(operations));
    if (done) ++written;
    if (!done) failure = done.error();
  }
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, error_kind::storage_full);
  EXPECT_GT(written, 150);
  for (int i = 0; i < written; ++i)
    EXPECT_TRUE(*table->read({"P", std::to_string(i)}, consistency::strong, [](record::item_view) {}));
  EXPECT_FALSE(*table->read({"P", std::to_string(written)}, consistency::strong, [](record::item_view) {}));
}

TEST_F(store, groups_concurrent_writes) {
  const auto table = open();
  std::vector<std::thread> writers;
  writers.reserve(32);
  for (int t = 0; t < 32; ++t) {
    writers.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i)
        EXPECT_TRUE(put_one(*table, {"P" + std::to_string(t), std::to_string(i)}, made_item{}.text("A", "1")));
    });
  }
  for (std::thread& each : writers) each.join();
  const write_counts counts = table->counts();
  EXPECT_EQ(counts.writes, 320U);
  EXPECT_LT(counts.commits, counts.writes / 2);
}

TEST_F(store, later_writes_of_a_group_see_the_earlier_ones) {
  const auto table = open();
  std::vector<std::thread> writers;
  writers.reserve(64);
  std::atomic<int> first = 0;
  for (int t = 0; t < 64; ++t) {
    writers.emplace_back([&] {
      std::vector<operation> operations;
      operations.emplace_back(put{{"P", "S"}, made_item{}.text("A", "1"), {absent{}}});
      operations.emplace_back(add{{"P", "writes"}, "n", 1, {}, {}});
      const auto done = table->write(std::move(operations));
      ASSERT_TRUE(done);
      if (!*done) ++first;
    });
  }
  for (std::thread& each : writers) each.join();
  EXPECT_EQ(first, 1);
  EXPECT_EQ((*table->get({"P", "writes"}, consistency::strong))->find("n").number, make_decimal(1, 0));
}

TEST_F(store, an_add_refuses_a_sum_that_does_not_fit) {
  const auto table = open();
  ASSERT_TRUE(put_one(*table, {"P", "S"}, made_item{}.number("n", 999'999'999'999'999'999)));
  std::vector<operation> operations;
  operations.emplace_back(add{{"P", "S"}, "n", 1, {}, {}});
  const auto done = table->write(std::move(operations));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, error_kind::internal);
  EXPECT_EQ((*table->get({"P", "S"}, consistency::strong))->find("n").number, make_decimal(999'999'999'999'999'999, 0));
}

TEST_F(store, sweeps_what_has_expired) {
  options_.housekeeping_interval = std::chrono::milliseconds{5};
  options_.sync = false;
  const auto table = open();
  constexpr int dying = 700;  // more than one step of the sweep
  for (int i = 0; i < dying; ++i) {
    ASSERT_TRUE(put_one(*table, {"P", std::to_string(i)},
                        made_item{}.number("TTL", time_.seconds() + 10).in(1, "I", "1").bytes("Card", "c")));
  }
  ASSERT_TRUE(put_one(*table, {"P", "stays"}, made_item{}.number("TTL", time_.seconds() + 1000).in(1, "I", "1")));
  auto before = table->statistics();
  ASSERT_TRUE(before);
  EXPECT_EQ(before->expiry_marks, dying + 1U);
  EXPECT_EQ(before->index_rows[0], dying + 1U);
  time_.move(std::chrono::seconds{10});
  EXPECT_TRUE(test::comes_true([&] { return table->counts().swept == static_cast<std::uint64_t>(dying); }));
  const auto after = table->statistics();
  ASSERT_TRUE(after);
  EXPECT_EQ(after->expiry_marks, 1U);
  EXPECT_EQ(after->index_rows[0], 1U);
  EXPECT_EQ(after->by_entity_type.at("").items, 1U);
  EXPECT_EQ(after->expired_items, 0U);
}

TEST_F(store, statistics_count_what_is_there) {
  const auto table = open();
  for (int i = 0; i < 10; ++i) {
    record::item item =
        made_item{}.text("EntityType", "Thing").in(1, "I", std::to_string(i)).in(5, "I", "x").bytes("Card", "c");
    if (i < 3) item.set(name::ttl, record::value::of(make_decimal(time_.seconds() + 10, 0)));
    ASSERT_TRUE(put_one(*table, {"P", std::to_string(i)}, item));
  }
  time_.move(std::chrono::seconds{10});
  const auto found = table->statistics();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->by_entity_type.at("Thing").items, 10U);
  EXPECT_GT(found->by_entity_type.at("Thing").bytes, 500U);
  EXPECT_EQ(found->by_entity_type.at("Store").items, 1U);
  EXPECT_EQ(found->expired_items, 3U);
  EXPECT_THAT(found->index_rows, testing::ElementsAre(10, 0, 0, 0, 10));
  EXPECT_EQ(found->expiry_marks, 3U);
  EXPECT_EQ(found->file_bytes, std::filesystem::file_size(folder_.path() / "table.lmdb"));
  EXPECT_GE(found->pages * found->page_bytes, found->file_bytes);
  EXPECT_LT(found->free_pages, found->pages);
  EXPECT_GE(found->readers, 1U);
  EXPECT_EQ(found->last_transaction, table->table_version());
}

TEST_F(store, a_reader_cannot_write) {
  put_one(*open(), {"P", "S"}, made_item{}.text("A", "1"));
  options_.read_only = true;
  const auto table = open();
  EXPECT_TRUE(*table->read({"P", "S"}, consistency::strong, [](record::item_view) {}));
  EXPECT_FALSE(put_one(*table, {"P", "S"}, made_item{}.text("A", "2")));
}

TEST_F(store, a_visitor_may_read_and_write) {
  const auto table = open();
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(put_one(*table, {"P", std::to_string(i)}, made_item{}.in(1, "I", std::to_string(i))));
  int visited = 0;
  const auto done = table->walk({}, [&](key_view where, record::item_view) {
    const key copy{std::string(where.pk), std::string(where.sk)};
    EXPECT_TRUE(*table->read(where, consistency::strong, [](record::item_view) {}));
    if (copy.pk == "P") {
      EXPECT_TRUE(put_one(*table, {"Q", copy.sk}, made_item{}.text("A", "1")));
    }
    ++visited;
    return true;
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(visited, 21) << "the snapshot does not see what is written meanwhile";
}

TEST_F(store, is_backed_up_while_it_is_written) {
  const temporary_folder target;
  const std::filesystem::path copy = target.path() / "copy";
  {
    const auto table = open();
    for (int i = 0; i < 200; ++i)
      ASSERT_TRUE(
          put_one(*table, {"P", std::to_string(i)}, made_item{}.text("T", std::string(9000, 't')).in(1, "I", "1")));
    std::atomic<bool> stop = false;
    std::thread writer([&] {
      for (int i = 200; !stop; ++i)
        put_one(*table, {"P", std::to_string(i)}, made_item{}.text("T", std::string(9000, 't')).in(1, "I", "1"));
    });
    std::uint64_t last = 0;
    std::uint64_t in_all = 1;
    const auto done = table->backup(copy, [&](std::uint64_t bytes, std::uint64_t all) {
      last = bytes;
      in_all = all;
    });
    stop = true;
    writer.join();
    ASSERT_TRUE(done) << done.error().public_text;
    EXPECT_EQ(last, in_all);
    const auto again = table->backup(copy);
    ASSERT_FALSE(again);
    EXPECT_THAT(again.error().public_text, HasSubstr("not empty"));
  }
  EXPECT_TRUE(check_store(copy, {})->clean());
  const auto table = open_or_throw(options_for(copy), time_);
  for (int i = 0; i < 200; ++i)
    EXPECT_TRUE(*table->read({"P", std::to_string(i)}, consistency::strong, [](record::item_view) {}));
  EXPECT_TRUE(put_one(*table, {"P", "new"}, made_item{}.text("A", "1")));
}

}  // namespace
}  // namespace spaces::table
