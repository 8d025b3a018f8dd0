/// Damage, done for real: flipped bytes, rows taken away, overwritten pages, a disk without room.
#include "platform/table/lmdb/environment.hpp"
#include "platform/table/lmdb/layout.hpp"
#include "platform/table/lmdb/store_check.hpp"
#include "platform/table/lmdb/store_under_test.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <random>
#include <sstream>
#include <thread>

#ifdef __SANITIZE_ADDRESS__
/// What a transaction that met a damaged page had in memory is lost (group_writer.hpp).
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:liblmdb\n"; }
#endif

namespace spaces::table {
namespace {

using testing::HasSubstr;

class damage : public testing::Test {
 protected:
  void fill(int items, const std::string& prefix = "P") {
    const auto table = open_or_throw(options_, time_);
    for (int i = 0; i < items; ++i) {
      std::vector<operation> operations;
      const std::string number = std::to_string(i);
      operations.emplace_back(put{{prefix + number, "S"},
                                  made_item{}
                                      .text("Title", "title of " + number + ".")
                                      .in(1, "I", number)
                                      .bytes("Card", "card of " + number + ".")
                                      .number("TTL", time_.seconds() + 1000),
                                  {}});
      ASSERT_TRUE(table->write(std::move(operations)));
    }
  }

  std::string file_bytes() const {
    std::ifstream in(folder_.path() / "table.lmdb", std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
  }
  void write_file(const std::string& bytes) const {
    std::ofstream(folder_.path() / "table.lmdb", std::ios::binary | std::ios::trunc) << bytes;
  }

  /// In place, under the map that everybody reads through.
  void overwrite(std::size_t at, const std::string& with) const {
    std::fstream file(folder_.path() / "table.lmdb", std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(at)) << with;
  }

  /// Turns one bit in each place where this text stands in the file.
  int flip(const std::string& text) const {
    std::string bytes = file_bytes();
    int places = 0;
    for (std::size_t at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1)) {
      bytes[at + text.size() / 2] = static_cast<char>(bytes[at + text.size() / 2] ^ 4);
      ++places;
    }
    write_file(bytes);
    return places;
  }

  std::vector<finding> findings() const {
    std::vector<finding> all;
    check_listener listener;
    listener.found = [&](const finding& each) { all.push_back(each); };
    const auto report = check_store(folder_.path(), listener);
    EXPECT_TRUE(report) << (report ? "" : report.error().public_text);
    EXPECT_EQ(report ? report->findings : 0, all.size());
    return all;
  }

  /// Changes the tree behind the engine's back.
  void tamper(const std::function<int(MDB_txn*)>& change) const {
    lmdb::environment env(options_);
    ASSERT_TRUE(env.open_unchecked());
    MDB_txn* txn = nullptr;
    ASSERT_EQ(mdb_txn_begin(env.get(), nullptr, 0, &txn), MDB_SUCCESS);
    ASSERT_EQ(change(txn), MDB_SUCCESS);
    ASSERT_EQ(mdb_txn_commit(txn), MDB_SUCCESS);
  }

  static int put_raw(MDB_txn* txn, std::string_view place, std::string_view content, std::int64_t expires) {
    std::string value(lmdb::header_bytes, '\0');
    value.append(content);
    lmdb::seal_record(place, value.data(), value.size(), expires);
    MDB_val at = lmdb::as_val(place);
    MDB_val data = lmdb::as_val(value);
    return mdb_put(txn, lmdb::tree, &at, &data, 0);
  }
  static int remove_raw(MDB_txn* txn, std::string_view place) {
    MDB_val at = lmdb::as_val(place);
    return mdb_del(txn, lmdb::tree, &at, nullptr);
  }

  temporary_folder folder_;
  held_clock time_;
  lmdb_options options_ = options_for(folder_.path());
};

TEST_F(damage, a_sound_store_is_clean) {
  fill(50);
  const auto report = check_store(folder_.path(), {});
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->clean());
  EXPECT_EQ(report->items, 51U);
  EXPECT_EQ(report->rows, 50U);
  EXPECT_EQ(report->marks, 50U);
}

TEST_F(damage, a_flipped_byte_of_an_item_is_never_served) {
  fill(20);
  ASSERT_GE(flip("title of 7."), 1);
  const auto all = findings();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].kind, finding_kind::damaged_item);
  EXPECT_THAT(all[0].where, HasSubstr("P7"));

  const auto table = open_or_throw(options_, time_);
  const auto read =
      table->read({"P7", "S"}, consistency::eventual, [](record::item_view) { FAIL() << "damaged, and served"; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, error_kind::internal);
  EXPECT_THAT(read.error().private_text, HasSubstr("P7"));
  EXPECT_THAT(read.error().public_text, testing::Not(HasSubstr("P7")));
  EXPECT_FALSE(table->read_batch({{"P6", "S"}, {"P7", "S"}}, consistency::eventual));
  std::vector<operation> operations;
  operations.emplace_back(put{{"P7", "S"}, made_item{}.text("A", "1"), {exists{}}});
  EXPECT_FALSE(table->write(std::move(operations)));
  int walked = 0;
  const auto walk = table->walk({}, [&](key_view where, record::item_view) {
    EXPECT_NE(where.pk, "P7");
    return ++walked > 0;
  });
  EXPECT_FALSE(walk) << "a walk says at its end that it left something out";
  EXPECT_EQ(walked, 20);
  EXPECT_EQ(table->statistics()->damaged_items, 1U);
  EXPECT_TRUE(*table->read({"P8", "S"}, consistency::eventual, [](record::item_view) {}));
}

TEST_F(damage, a_flipped_byte_of_a_row_is_never_served) {
  fill(3);
  {
    // The card stands in the item too: found in the row alone by the key before it.
    std::string bytes = file_bytes();
    const std::string row_key("1\0P1\0S", 6);
    int flipped = 0;
    for (std::size_t at = bytes.find(row_key); at != std::string::npos; at = bytes.find(row_key, at + 1)) {
      const std::size_t card = bytes.find("card of 1.", at);
      if (card == std::string::npos || card > at + row_key.size() + 2 + lmdb::header_bytes) continue;
      bytes[card] = 'C';
      ++flipped;
    }
    ASSERT_GE(flipped, 1);
    write_file(bytes);
  }
  const auto all = findings();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].kind, finding_kind::damaged_row);
  const auto table = open_or_throw(options_, time_);
  const auto visited = table->visit_index({.index = index::gsi1, .partition = "I"}, [](const row& each) {
    EXPECT_NE(each.key.pk, "P1");
    return true;
  });
  ASSERT_FALSE(visited);
  EXPECT_EQ(visited.error().kind, error_kind::internal);
  EXPECT_THAT(visited.error().private_text, HasSubstr("P1"));
}

TEST_F(damage, a_record_under_anothers_key_is_damaged) {
  fill(2);
  tamper([](MDB_txn* txn) {
    lmdb::tree_key from;
    lmdb::tree_key to;
    lmdb::make_item_key(from, {"P0", "S"});
    lmdb::make_item_key(to, {"P1", "S"});
    MDB_val at = lmdb::as_val(from.view());
    MDB_val value{};
    const int code = mdb_get(txn, lmdb::tree, &at, &value);
    if (code != MDB_SUCCESS) return code;
    std::string copy(lmdb::as_view(value));
    at = lmdb::as_val(to.view());
    value = lmdb::as_val(copy);
    return mdb_put(txn, lmdb::tree, &at, &value, 0);
  });
  const auto table = open_or_throw(options_, time_);
  EXPECT_FALSE(table->read({"P1", "S"}, consistency::eventual, [](record::item_view) {}));
}

/// One way in which rows, marks and items can disagree, and what the check calls it.
struct disagreement {
  const char* what;
  finding_kind kind;
  std::function<int(MDB_txn*, std::int64_t now)> make;
};

TEST_F(damage, items_and_rows_are_held_against_each_other_both_ways) {
  using lmdb::tree_key;
  const auto row_key = [](tree_key& out, const char* sort_key, const char* pk) {
    lmdb::make_row_key(out, 1, "I", sort_key, {pk, "S"});
  };
  const std::vector<disagreement> all_kinds{
      {"row gone", finding_kind::missing_row,
       [&](MDB_txn* txn, std::int64_t) {
         tree_key at;
         row_key(at, "1", "P1");
         return remove_raw(txn, at.view());
       }},
      {"row elsewhere", finding_kind::stray_row,
       [&](MDB_txn* txn, std::int64_t now) {
         tree_key at;
         row_key(at, "99", "P1");
         return put_raw(txn, at.view(), "card of 1.", now + 1000);
       }},
      {"row of nothing", finding_kind::stray_row,
       [&](MDB_txn* txn, std::int64_t now) {
         tree_key at;
         row_key(at, "1", "nothing");
         return put_raw(txn, at.view(), "card", now);
       }},
      {"another card", finding_kind::wrong_row,
       [&](MDB_txn* txn, std::int64_t now) {
         tree_key at;
         row_key(at, "1", "P1");
         return put_raw(txn, at.view(), "another card", now + 1000);
       }},
      {"mark gone", finding_kind::missing_mark,
       [&](MDB_txn* txn, std::int64_t now) {
         tree_key at;
         lmdb::make_expiry_key(at, now + 1000, {"P1", "S"});
         return remove_raw(txn, at.view());
       }},
      {"mark too many", finding_kind::stray_mark,
       [&](MDB_txn* txn, std::int64_t now) {
         tree_key at;
         lmdb::make_expiry_key(at, now + 5, {"P1", "S"});
         MDB_val place = lmdb::as_val(at.view());
         MDB_val nothing{};
         return mdb_put(txn, lmdb::tree, &place, &nothing, 0);
       }},
      {"unknown", finding_kind::unknown_record,
       [&](MDB_txn* txn, std::int64_t now) { return put_raw(txn, "\x7Fwhat", "?", now); }},
      {"no item inside", finding_kind::malformed_item,
       [&](MDB_txn* txn, std::int64_t) {
         tree_key at;
         lmdb::make_item_key(at, {"Q", "S"});
         return put_raw(txn, at.view(), "no attributes", lmdb::never);
       }},
  };
  for (const disagreement& each : all_kinds) {
    SCOPED_TRACE(each.what);
    std::filesystem::remove(folder_.path() / "table.lmdb");
    std::filesystem::remove(folder_.path() / "table.lmdb-lock");
    fill(3);
    tamper([&](MDB_txn* txn) { return each.make(txn, time_.seconds()); });
    const auto found = findings();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(to_text(found[0].kind), to_text(each.kind));
    EXPECT_FALSE(found[0].detail.empty());
  }
}

TEST_F(damage, a_damaged_store_item_is_refused_at_the_start_and_named_by_the_check) {
  fill(1);
  ASSERT_GE(flip("FormatVersion"), 1);
  const auto opened = open_lmdb(options_, time_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().public_text, HasSubstr("damaged"));
  const auto found = findings();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].where, HasSubstr("META"));
}

TEST_F(damage, overwritten_pages_end_the_childs_walk_and_not_ours) {
  fill(300);
  const std::string sound = file_bytes();
  for (const char filler : {'\xFF', '\x00', '\x41'}) {
    std::string bytes = sound;
    std::fill(bytes.begin() + 2 * 4096, bytes.end(), filler);  // all but the two roots' pages
    write_file(bytes);
    EXPECT_FALSE(findings().empty());
  }
}

/// Where the branches of the tree lie, old ones too. lmdb.c, MDB_page: flags at 10 (1: a branch), the end of the list
/// of keys at 12; 16 says that it is empty.
std::vector<std::size_t> branches_of(const std::string& bytes) {
  std::vector<std::size_t> all;
  for (std::size_t page = 2 * 4096; page + 4096 <= bytes.size(); page += 4096)
    if (bytes[page + 10] == 1) all.push_back(page);
  return all;
}
constexpr std::size_t end_of_keys = 12;
const std::string no_keys("\x10\0", 2);

bool shows(lmdb_table& table, std::string_view pk) {
  const auto read = table.read({pk, "S"}, consistency::eventual, [](record::item_view) {});
  return read && *read;
}

TEST_F(damage, a_page_that_makes_no_sense_costs_the_read_and_not_the_process) {
  fill(300);
  const auto table = open_or_throw(options_, time_);
  ASSERT_TRUE(shows(*table, "P7"));
  const std::string sound = file_bytes();
  const std::vector<std::size_t> branches = branches_of(sound);
  ASSERT_FALSE(branches.empty());
  for (const std::size_t page : branches) overwrite(page + end_of_keys, no_keys);
  for (int again = 0; again < 3; ++again) {
    const auto read = table->read({"P7", "S"}, consistency::eventual, [](record::item_view) {});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().kind, error_kind::internal);
    EXPECT_THAT(read.error().private_text, HasSubstr("damaged"));
    EXPECT_FALSE(table->read_batch({{"P7", "S"}}, consistency::eventual));
    query rows;
    rows.partition = "I";
    EXPECT_FALSE(table->visit_index(rows, [](const row&) { return true; }));
    EXPECT_FALSE(table->walk({}, [](key_view, record::item_view) { return true; }));
  }
  overwrite(0, sound);
  EXPECT_TRUE(shows(*table, "P7")) << "and goes on behind it";
}

/// A tree of three levels (long keys make it high), so that items, rows and marks lie below branches of their own.
class damage_below_the_root : public damage {
 protected:
  const std::string prefix_ = std::string(80, 'p');
  damage_below_the_root() {
    options_.sync = false;
    fill(2000, prefix_);
  }

  /// Another title, place in the index and time to live: a change in all three parts of the tree.
  std::vector<operation> change_of(const std::string& pk, int number) const {
    const std::string text = std::to_string(number);
    std::vector<operation> operations;
    operations.emplace_back(put{{pk, "S"},
                                made_item{}
                                    .text("Title", text)
                                    .in(1, "I", text)
                                    .bytes("Card", text)
                                    .number("TTL", time_.seconds() + 2000 + number),
                                {exists{}}});
    return operations;
  }
};

TEST_F(damage_below_the_root, a_page_that_makes_no_sense_costs_the_write_and_not_the_process) {
  const std::string sound = file_bytes();
  int refused = 0;
  for (const std::size_t page : branches_of(sound)) {
    write_file(sound);
    {
      const auto table = open_or_throw(options_, time_);
      overwrite(page + end_of_keys, no_keys);
      const auto answer = table->write(change_of(prefix_ + "7", 1));
      if (answer) continue;  // it went by another way
      ++refused;
      EXPECT_EQ(answer.error().kind, error_kind::internal);
      overwrite(page + end_of_keys, sound.substr(page + end_of_keys, no_keys.size()));
      EXPECT_EQ((*table->get({prefix_ + "7", "S"}, consistency::strong))->find("Title").text, "title of 7.");
      EXPECT_TRUE(table->write(change_of(prefix_ + "7", 2))) << "and goes on behind it";
      EXPECT_EQ(table->counts().reopened, 1U);
    }
    EXPECT_TRUE(findings().empty()) << "nothing of it was written";
  }
  EXPECT_GE(refused, 4) << "at the root, and on the ways to items, rows and marks";
}

TEST_F(damage_below_the_root, a_write_that_meets_it_takes_none_of_its_group_along) {
  const auto table = open_or_throw(options_, time_);
  for (const std::size_t page : branches_of(file_bytes())) {  // until one is on the way to P0 and not to P999
    const std::string sound = file_bytes().substr(page + end_of_keys, no_keys.size());
    overwrite(page + end_of_keys, no_keys);
    if (!shows(*table, prefix_ + "0") && shows(*table, prefix_ + "999")) break;
    overwrite(page + end_of_keys, sound);
  }
  ASSERT_FALSE(shows(*table, prefix_ + "0"));
  std::atomic<int> kept = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> writers;
  writers.reserve(8);
  for (int t = 0; t < 8; ++t)
    writers.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        std::vector<operation> operations;
        operations.emplace_back(
            put{{prefix_ + "999", std::to_string(t * 10 + i)}, made_item{}.text("A", "1"), {absent{}}});
        const auto answer = table->write(t == 0 ? change_of(prefix_ + "0", i) : std::move(operations));
        if (answer) ++kept;
        if (!answer && answer.error().kind == error_kind::internal) ++refused;
      }
    });
  for (std::thread& each : writers) each.join();
  EXPECT_EQ(kept, 70);
  EXPECT_EQ(refused, 10);
}

TEST_F(damage, random_damage_of_pages_never_takes_the_caller_down) {
  fill(300);
  const std::string sound = file_bytes();
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 25; ++round) {
    std::string bytes = sound;
    for (int i = 0; i < 12; ++i) {
      const std::size_t page = 2 + random() % (bytes.size() / 4096 - 2);
      bytes[page * 4096 + random() % 64] = static_cast<char>(random());  // headers and pointers
    }
    write_file(bytes);
    const auto report = check_store(folder_.path(), {});
    EXPECT_TRUE(report || !report.error().public_text.empty());
  }
  write_file(sound);
  EXPECT_TRUE(findings().empty());
}

/// LMDB's descriptor for roots, which it opens O_DSYNC.
int descriptor_of_roots(const std::filesystem::path& file) {
  for (int each = 3; each < 256; ++each) {
    std::error_code failed;
    const auto target = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(each), failed);
    const int flags = fcntl(each, F_GETFL);
    if (!failed && target == file && flags >= 0 && (flags & O_DSYNC)) return each;
  }
  return -1;
}

TEST_F(damage, a_root_that_cannot_be_written_reopens_the_store_under_its_readers) {
  std::atomic<int> notes = 0;
  options_.note = [&](std::string_view) { ++notes; };
  const auto table = open_or_throw(options_, time_);
  const auto write = [&](const std::string& sk) {
    std::vector<operation> operations;
    operations.emplace_back(put{{"P", sk}, made_item{}.text("A", sk).in(1, "I", sk), {}});
    return table->write(std::move(operations));
  };
  ASSERT_TRUE(write("before"));
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  readers.reserve(4);
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto found = table->read({"P", "before"}, consistency::strong, [](record::item_view) {});
        if (!found || !*found) ++wrong;
      }
    });
  }
  for (int round = 0; round < 5; ++round) {
    const int roots = descriptor_of_roots(std::filesystem::canonical(folder_.path() / "table.lmdb"));
    ASSERT_GE(roots, 0);
    const int full = ::open("/dev/full", O_WRONLY);
    ASSERT_GE(full, 0);
    ASSERT_EQ(dup2(full, roots), roots);  // from now on its writes fail with ENOSPC
    ::close(full);
    const auto failed = write("lost" + std::to_string(round));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, error_kind::storage_full);
    EXPECT_FALSE(*table->read({"P", "lost" + std::to_string(round)}, consistency::strong, [](record::item_view) {}));
    EXPECT_TRUE(write("after" + std::to_string(round)));
    EXPECT_EQ(table->counts().reopened, static_cast<std::uint64_t>(round) + 1);
  }
  stop = true;
  for (std::thread& each : readers) each.join();
  EXPECT_EQ(wrong, 0) << "readers wait for the reopened store";
  EXPECT_GE(notes, 5);
  EXPECT_TRUE(*table->read({"P", "after4"}, consistency::strong, [](record::item_view) {}));
}

}  // namespace
}  // namespace spaces::table
