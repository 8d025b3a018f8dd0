#include "platform/identity/local/key_folder.hpp"

#include "platform/identity/local/secret_file.hpp"
#include "platform/identity/local/test_keys.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace spaces::identity {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr instant noon{std::chrono::milliseconds{1'795'348'800'000}};  // 2026-11-22T12:00:00Z

class key_folder : public ::testing::Test {
 public:
  ~key_folder() override { fs::remove_all(above_); }

 protected:
  key_folder() {
    std::string name = (fs::temp_directory_path() / "key_folder_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder");
    above_ = name;
  }

  /// One of two keys, made once for all tests: making one takes a moment.
  kept_key make(instant signs_from) {
    static const std::string texts[] = {test::private_pem(test::shared_rsa()), generate_rsa_text()};
    const std::string& text = texts[made_++ % 2];
    fs::create_directory(folder());
    const auto key = std::make_shared<const signing_key>(signing_key::from_text(text).value());
    const fs::path file = folder() / (signs_from == noon ? "20261122T120000Z." + key->kid() + ".pem"
                                                         : "20261122T130000Z." + key->kid() + ".pem");
    EXPECT_TRUE(write_secret_file(file, text));
    return {signs_from, key, file};
  }
  fs::path folder() const { return above_ / "keys"; }
  std::string signing_at(instant now) {
    const auto keys = keys_at(*read_key_folder(folder()), now);
    return keys.empty() ? "" : keys.front()->kid();
  }

  fs::path above_;

 private:
  std::size_t made_ = 0;
};

mode_t mode_of(const fs::path& file) {
  struct stat about{};
  EXPECT_EQ(::stat(file.c_str(), &about), 0);
  return about.st_mode & 07777;
}

TEST_F(key_folder, holds_files_for_their_owner_alone) {
  const mode_t before = ::umask(0);
  const auto generated = generate_kept_key(folder(), noon);
  ::umask(before);
  ASSERT_TRUE(generated) << generated.error().public_text;
  const kept_key& made = *generated;
  EXPECT_EQ(mode_of(folder()), 0700u);
  EXPECT_EQ(mode_of(made.file), 0600u);
  EXPECT_EQ(made.file.filename().string(), "20261122T120000.000Z." + made.key->kid() + ".pem");
  const auto kept = read_key_folder(folder());
  ASSERT_TRUE(kept) << kept.error().public_text;
  ASSERT_EQ(kept->size(), 1u);
  EXPECT_EQ(kept->front().key->kid(), made.key->kid());
  EXPECT_EQ(kept->front().signs_from, noon);
  EXPECT_EQ(kept->front().key->origin(), key_origin::given);
}

TEST_F(key_folder, that_is_not_there_or_has_other_files_holds_none) {
  EXPECT_TRUE(read_key_folder(folder())->empty());
  fs::create_directory(folder());
  std::ofstream(folder() / "README") << "not a key";
  std::ofstream(folder() / "20261122T120000Z.half.pem.0123.new") << "half a key";
  EXPECT_TRUE(read_key_folder(folder())->empty());
}

TEST_F(key_folder, the_latest_that_may_signs_and_all_are_accepted) {
  const std::string first = make(noon).key->kid();
  const std::string second = make(noon + 1h).key->kid();
  EXPECT_EQ(signing_at(noon - 1s), first) << "somebody has to";
  EXPECT_EQ(signing_at(noon), first);
  EXPECT_EQ(signing_at(noon + 1h - 1s), first);
  EXPECT_EQ(signing_at(noon + 1h), second);
  EXPECT_EQ(keys_at(*read_key_folder(folder()), noon).size(), 2u);
}

TEST_F(key_folder, of_those_made_for_the_same_time_the_last_signs) {
  make(noon);  // of a name without milliseconds
  for (int i = 0; i < 3; ++i) {
    const auto made = generate_kept_key(folder(), noon);
    ASSERT_TRUE(made) << made.error().public_text;
    EXPECT_EQ(signing_at(noon + 1s), made->key->kid());
  }
  EXPECT_EQ(read_key_folder(folder())->size(), 4u);
}

TEST_F(key_folder, names_say_times_with_milliseconds_or_without) {
  const kept_key plain = make(noon);
  const std::string kid = plain.key->kid();
  const std::pair<std::string, std::optional<instant>> names[] = {
      {"20261122T120000.250Z.", noon + 250ms}, {"20261122T120000Z.", noon},
      {"20261122T120000.Z.", std::nullopt},    {"20261122T120000,250Z.", std::nullopt},
      {"20261322T120000Z.", std::nullopt},     {"20261122T120000.", std::nullopt},
  };
  fs::path at = plain.file;
  for (const auto& [time, read] : names) {
    const fs::path next = folder() / (time + kid + ".pem");
    fs::rename(at, next);
    at = next;
    const auto kept = read_key_folder(folder());
    ASSERT_EQ(kept->size(), read ? 1u : 0u) << time;
    if (read) {
      EXPECT_EQ(kept->front().signs_from, *read) << time;
    }
  }
}

TEST_F(key_folder, one_that_others_may_read_or_that_is_none_is_an_error) {
  const kept_key made = make(noon);
  ::chmod(made.file.c_str(), 0640);
  const auto open = read_key_folder(folder());
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().public_text.find(made.file.string()), std::string::npos);
  ::chmod(made.file.c_str(), 0600);
  const fs::path secret = folder() / "20261122T130000Z.secret.pem";
  std::ofstream(secret) << "a shared secret of more than 32 bytes";
  ::chmod(secret.c_str(), 0600);
  EXPECT_FALSE(read_key_folder(folder())) << "production signs with RS256 alone";
}

TEST_F(key_folder, a_key_is_retired_by_its_name_but_not_the_last) {
  const kept_key first = make(noon);
  EXPECT_EQ(retire_kept_key(folder(), first.key->kid()).error().kind, error_kind::conflict);
  const kept_key second = make(noon + 1h);
  EXPECT_EQ(retire_kept_key(folder(), "../" + first.key->kid()).error().kind, error_kind::not_found);
  EXPECT_TRUE(retire_kept_key(folder(), first.key->kid()));
  EXPECT_FALSE(fs::exists(first.file));
  EXPECT_EQ(signing_at(noon), second.key->kid());
}

TEST_F(key_folder, a_watch_sees_what_came_went_and_whose_turn_it_is) {
  key_folder_watch watch(folder());
  ASSERT_TRUE(*watch.changed(noon)) << "the first look";
  EXPECT_FALSE(*watch.changed(noon));
  const std::string first = make(noon).key->kid();
  const std::string second = make(noon + 1h).key->kid();
  const auto came = *watch.changed(noon);
  ASSERT_TRUE(came);
  EXPECT_EQ(came->front()->kid(), first);
  EXPECT_EQ(came->size(), 2u);
  EXPECT_FALSE(*watch.changed(noon));
  const auto turn = *watch.changed(noon + 1h);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->front()->kid(), second);
  ASSERT_TRUE(retire_kept_key(folder(), second));
  const auto went = *watch.changed(noon + 1h);
  ASSERT_TRUE(went);
  EXPECT_EQ(went->size(), 1u);
  EXPECT_EQ(went->front()->kid(), first);
}

TEST_F(key_folder, a_watch_looks_again_while_a_change_is_young) {
  make(noon);
  const system_clock clock;
  key_folder_watch watch(folder());
  ASSERT_TRUE(*watch.changed(clock.now()));
  // A second change in the same tick of the file system's clock would look like none.
  EXPECT_TRUE(*watch.changed(clock.now()));
  EXPECT_FALSE(*watch.changed(clock.now() + 1h));
}

}  // namespace
}  // namespace spaces::identity
