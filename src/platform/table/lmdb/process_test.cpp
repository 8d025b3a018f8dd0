/// The store and the processes around it: two together, one killed, one without room.
#include "platform/table/lmdb/child_process.hpp"
#include "platform/table/lmdb/store_check.hpp"
#include "platform/table/lmdb/store_under_test.hpp"
#include "waiting/waiting.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <cstring>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <thread>

namespace spaces::table {
namespace {

using testing::HasSubstr;

std::vector<operation> one(operation what) {
  std::vector<operation> operations;
  operations.push_back(std::move(what));
  return operations;
}

bool done(const result<outcome>& answer) { return answer && !*answer; }

result<outcome> put_item(lmdb_table& table, const std::string& pk, const std::string& sk, std::size_t bytes = 100) {
  return table.write(one(put{
      {pk, sk}, made_item{}.text("T", std::string(bytes, 't')).in(1, "I", sk).in(2, pk, "x").bytes("Card", sk), {}}));
}

bool is_there(lmdb_table& table, const std::string& pk, const std::string& sk) {
  const auto found = table.read({pk, sk}, consistency::strong, [](record::item_view) {});
  return found && *found;
}

std::string findings_of(const std::filesystem::path& folder) {
  std::string all;
  check_listener listener;
  listener.found = [&](const finding& each) {
    all += std::string(to_text(each.kind)) + " " + each.where + ": " + each.detail + "\n";
  };
  const auto report = check_store(folder, listener);
  return report ? all : report.error().public_text;
}

lmdb_options childs_options() { return options_for(variable("SPACES_STORE")); }

class processes : public testing::Test {
 protected:
  std::map<std::string, std::string> variables() const { return {{"SPACES_STORE", folder_.path()}}; }

  temporary_folder folder_;
  system_clock time_;
};

// ---- two together

constexpr int shared_increments = 150;

void increment_and_put(lmdb_table& table, const std::string& who) {
  for (int i = 0; i < shared_increments; ++i) {
    std::vector<operation> operations = one(add{{"SHARED", "counter"}, "n", 1, {}, {}});
    operations.emplace_back(
        put{{who, std::to_string(i)}, made_item{}.text("A", who).in(1, "ALL", who + std::to_string(i)), {absent{}}});
    ASSERT_TRUE(done(table.write(std::move(operations))));
  }
}

TEST(child, DISABLED_second_writer) {
  const system_clock time;
  const auto table = open_or_throw(childs_options(), time);
  const auto table_version = table->table_version();
  increment_and_put(*table, "child");
  EXPECT_NE(table->table_version(), table_version);
}

TEST_F(processes, two_write_and_read_the_same_store) {
  {
    const auto table = open_or_throw(options_for(folder_.path()), time_);
    ASSERT_TRUE(done(put_item(*table, "P", "S")));
    const auto before = table->table_version();
    child_process child("second_writer", variables());
    increment_and_put(*table, "parent");
    EXPECT_EQ(child.wait(), 0);
    EXPECT_GE(*table->table_version(), *before + shared_increments);
    EXPECT_EQ((*table->get({"SHARED", "counter"}, consistency::strong))->find("n").number,
              make_decimal(2 * shared_increments, 0));
    std::size_t rows = 0;
    EXPECT_TRUE(table->visit_index({.index = index::gsi1, .partition = "ALL"}, [&](const row&) { return ++rows > 0; }));
    EXPECT_EQ(rows, 2U * shared_increments);
  }
  EXPECT_EQ(findings_of(folder_.path()), "");
}

TEST(child, DISABLED_one_more_write) {
  const system_clock time;
  EXPECT_TRUE(done(put_item(*open_or_throw(childs_options(), time), "FROM", "child")));
}

TEST_F(processes, the_version_tells_of_anothers_write) {
  const auto table = open_or_throw(options_for(folder_.path()), time_);
  const auto before = table->table_version();
  EXPECT_EQ(child_process("one_more_write", variables()).wait(), 0);
  EXPECT_NE(table->table_version(), before);
  EXPECT_TRUE(is_there(*table, "FROM", "child"));
}

// ---- killed

TEST(child, DISABLED_writes_until_killed) {
  const system_clock time;
  const auto table = open_or_throw(childs_options(), time);
  const std::string cycle = variable("SPACES_CYCLE");
  std::vector<std::thread> writers;
  writers.reserve(6);
  for (int t = 0; t < 6; ++t) {
    writers.emplace_back([&, t] {
      const std::string pk = "KILL#" + cycle + "#" + std::to_string(t);
      for (int i = 0;; ++i) {
        std::vector<operation> operations = one(add{{"KILL", "counter"}, "n", 1, {}, {}});
        for (const char* part : {"a", "b"}) {
          operations.emplace_back(put{{pk, std::to_string(i) + part},
                                      made_item{}.number("i", i).in(1, "I", pk).in(3, pk, part).bytes("Card", part),
                                      {}});
        }
        if (i > 2) operations.emplace_back(remove{{pk, std::to_string(i - 3) + "b"}, {exists{}}});
        if (done(table->write(std::move(operations)))) send_to_parent(pk + " " + std::to_string(i));
      }
    });
  }
  for (std::thread& each : writers) each.join();
}

TEST_F(processes, killed_while_writing_loses_nothing_acknowledged) {
  const std::string wanted = variable("SPACES_KILL_CYCLES");
  const int cycles = wanted.empty() ? 30 : std::atoi(wanted.c_str());
  std::mt19937 random(std::random_device{}());
  std::map<std::string, int> last_of;  // by partition: the last write acknowledged
  std::int64_t acknowledged = 0;
  for (int cycle = 0; cycle < cycles && !HasFailure(); ++cycle) {
    SCOPED_TRACE("cycle " + std::to_string(cycle));
    auto variables_of_cycle = variables();
    variables_of_cycle["SPACES_CYCLE"] = std::to_string(cycle);
    child_process child("writes_until_killed", variables_of_cycle);
    const std::size_t enough = 1 + random() % 60;
    std::string line;
    for (std::size_t lines = 0; child.take_line(line); ++lines) {
      if (lines == enough) child.kill();
      const std::size_t space = line.find(' ');
      last_of[line.substr(0, space)] = std::stoi(line.substr(space + 1));
      ++acknowledged;
    }
    EXPECT_EQ(child.wait(), 128 + SIGKILL);

    EXPECT_EQ(findings_of(folder_.path()), "");
    lmdb_options options = options_for(folder_.path());
    options.read_only = cycle % 2 == 0;  // to the first after a crash, all is there
    const auto table = open_or_throw(options, time_);
    for (const auto& [pk, last] : last_of) {
      for (int i = 0; i <= last; ++i) EXPECT_TRUE(is_there(*table, pk, std::to_string(i) + "a")) << pk << " " << i;
      EXPECT_TRUE(is_there(*table, pk, std::to_string(last) + "b"));
    }
    EXPECT_GE((*table->get({"KILL", "counter"}, consistency::strong))->find("n").number, make_decimal(acknowledged, 0));
  }
  EXPECT_GT(acknowledged, cycles);
}

TEST(child, DISABLED_holds_a_snapshot) {
  const system_clock time;
  const auto table = open_or_throw(childs_options(), time);
  table
      ->walk({},
             [](key_view, record::item_view) {
               send_to_parent("holding");
               pause();
               return false;
             })
      .value();
}

TEST_F(processes, a_reader_that_died_is_cleared) {
  lmdb_options options = options_for(folder_.path());
  options.housekeeping_interval = std::chrono::milliseconds{5};
  const auto table = open_or_throw(options, time_);
  child_process child("holds_a_snapshot", variables());
  std::string line;
  ASSERT_TRUE(child.take_line(line));
  EXPECT_EQ(table->statistics()->readers, 2U);
  child.kill();
  child.wait();
  EXPECT_TRUE(test::comes_true([&] { return table->statistics()->readers == 1; })) << "only this very count's own";
}

/// The other process keeps the lock file as it is: what the writer's thread held in it is taken over, not made anew.
TEST_F(processes, a_writer_that_met_a_damaged_page_goes_on_beside_others) {
  const auto table = open_or_throw(options_for(folder_.path()), time_);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(done(put_item(*table, "P", std::to_string(i))));
  child_process other("holds_a_snapshot", variables());
  std::string line;
  ASSERT_TRUE(other.take_line(line));
  const std::filesystem::path file = folder_.path() / "table.lmdb";
  const auto write_file = [&](const std::string& bytes) {
    std::fstream(file, std::ios::binary | std::ios::in | std::ios::out) << bytes;
  };
  std::stringstream sound;
  sound << std::ifstream(file, std::ios::binary).rdbuf();
  std::string damaged = sound.str();
  for (std::size_t page = 2 * 4096; page + 4096 <= damaged.size(); page += 4096)
    if (damaged[page + 10] == 1) damaged.replace(page + 12, 2, "\x10\0", 2);  // branches without a key: damage_test.cpp
  write_file(damaged);
  for (int again = 0; again < 3; ++again) EXPECT_FALSE(put_item(*table, "P", "7"));
  write_file(sound.str());
  EXPECT_TRUE(done(put_item(*table, "P", "7")));
  EXPECT_EQ(child_process("one_more_write", variables()).wait(), 0);
  EXPECT_TRUE(done(put_item(*table, "P", "8")));
  EXPECT_TRUE(is_there(*table, "FROM", "child"));
  EXPECT_EQ(table->counts().reopened, 3U);
  EXPECT_EQ(findings_of(folder_.path()), "");
}

TEST_F(processes, a_reader_beside_a_writer_is_backed_up_and_checked) {
  const temporary_folder target;
  const auto table = open_or_throw(options_for(folder_.path()), time_);
  ASSERT_TRUE(done(put_item(*table, "P", "S")));
  auto with_target = variables();
  with_target["SPACES_TARGET"] = target.path();
  EXPECT_EQ(child_process("backs_up", with_target).wait(), 0);
  EXPECT_TRUE(std::filesystem::exists(target.path() / "table.lmdb"));
}

TEST(child, DISABLED_backs_up) {
  const system_clock time;
  {
    lmdb_options options = childs_options();
    options.read_only = true;
    const auto table = open_or_throw(options, time);
    EXPECT_TRUE(table->backup(variable("SPACES_TARGET")));
  }
  EXPECT_EQ(findings_of(variable("SPACES_STORE")), "");
  EXPECT_EQ(findings_of(variable("SPACES_TARGET")), "");
}

// ---- no room

/// Writes until there is no room, makes some with `make_room`, and goes on: nothing acknowledged may
/// be missing, nothing refused may be there.
void fill_up_and_go_on(lmdb_table& table, const std::function<void()>& make_room) {
  std::set<std::string> written;
  std::set<std::string> refused;
  for (int i = 0; refused.size() < 40 && i < 5000; ++i) {
    const std::string sk = std::to_string(i);
    // Many sizes and some concurrent, so that the room ends at any place of a write.
    std::vector<std::thread> writers;
    writers.reserve(3);
    std::mutex mutex;
    for (int t = 0; t < 3; ++t) {
      writers.emplace_back([&, t] {
        const std::string pk = "P" + std::to_string(t);
        const auto answer = put_item(table, pk, sk, static_cast<std::size_t>(i % 7 * 3000));
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(answer || answer.error().kind == error_kind::storage_full) << answer.error().private_text;
        (done(answer) ? written : refused).insert(fmt::format("{}/{}", pk, sk));
      });
    }
    for (std::thread& each : writers) each.join();
  }
  EXPECT_GE(refused.size(), 40U);
  EXPECT_GT(written.size(), 10U);
  const auto look = [&](const std::string& name) { return is_there(table, name.substr(0, 2), name.substr(3)); };
  for (const std::string& each : written) EXPECT_TRUE(look(each)) << each;
  for (const std::string& each : refused) EXPECT_FALSE(look(each)) << each;
  make_room();
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(done(put_item(table, "Q", std::to_string(i), 20'000)));
  for (const std::string& each : written) EXPECT_TRUE(look(each)) << each;
}

TEST(child, DISABLED_meets_the_file_size_limit) {
  const system_clock time;
  const auto table = open_or_throw(childs_options(), time);
  ASSERT_TRUE(done(put_item(*table, "P", "S")));
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  rlimit small = limit;
  small.rlim_cur =
      std::filesystem::file_size(std::filesystem::path(variable("SPACES_STORE")) / "table.lmdb") + 1'000'001;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  fill_up_and_go_on(*table, [&] { ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0); });
}

TEST_F(processes, at_the_file_size_limit_lose_nothing_and_go_on) {
  EXPECT_EQ(child_process("meets_the_file_size_limit", variables()).wait(), 0);
  EXPECT_EQ(findings_of(folder_.path()), "");
  EXPECT_TRUE(is_there(*open_or_throw(options_for(folder_.path()), time_), "Q", "19"));
}

constexpr int cannot_mount = 42;

TEST(child, DISABLED_fills_a_file_system) {
  const std::string place = variable("SPACES_STORE");
  // In a namespace of its own: the file system goes when this process does.
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("tmpfs", place.c_str(), "tmpfs", 0, "size=2m") != 0) {
    _exit(cannot_mount);
  }
  const system_clock time;
  {
    const auto table = open_or_throw(childs_options(), time);
    fill_up_and_go_on(*table, [&] { ASSERT_EQ(mount("none", place.c_str(), nullptr, MS_REMOUNT, "size=64m"), 0); });
  }
  EXPECT_EQ(findings_of(place), "");
}

TEST_F(processes, on_a_full_file_system_lose_nothing_and_go_on) {
  const int status = child_process("fills_a_file_system", variables()).wait();
  if (status == cannot_mount) GTEST_SKIP() << "mounting a tmpfs needs privileges";
  EXPECT_EQ(status, 0);
}

TEST(child, DISABLED_has_little_address_space) {
  const rlimit limit{std::uint64_t{2} << 30, std::uint64_t{2} << 30};
  if (setrlimit(RLIMIT_AS, &limit) != 0) _exit(cannot_mount);
  const system_clock time;
  lmdb_options options = childs_options();
  options.map_bytes = map_bytes_default;
  std::string notes;
  options.note = [&](std::string_view note) { notes += note; };
  const auto table = open_or_throw(options, time);
  EXPECT_THAT(notes, HasSubstr("1024 MiB instead of 256 GiB"));
  EXPECT_TRUE(done(put_item(*table, "P", "S")));
}

TEST_F(processes, with_little_address_space_say_so_and_work) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers need more address space than this leaves";
#else
  EXPECT_EQ(child_process("has_little_address_space", variables()).wait(), 0);
#endif
}

}  // namespace
}  // namespace spaces::table
