#include "platform/identity/local/key_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <thread>
#include <vector>

namespace spaces::identity {
namespace {

namespace fs = std::filesystem;

class key_file : public ::testing::Test {
 public:
  ~key_file() override { fs::remove_all(folder_); }

 protected:
  key_file() {
    std::string name = (fs::temp_directory_path() / "key_file_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder");
    folder_ = name;
    file_ = folder_ / key_file_name;
  }

  void put(std::string_view text, mode_t mode = 0600) const {
    std::ofstream(file_) << text;
    ::chmod(file_.c_str(), mode);
  }
  std::string flaw() const {
    const auto key = load_or_create_key(folder_);
    if (key) return "";
    EXPECT_EQ(key.error().kind, error_kind::malformed);
    EXPECT_NE(key.error().public_text.find(file_.string()), std::string::npos) << key.error().public_text;
    return key.error().public_text;
  }
  std::set<std::string> names() const {
    std::set<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder_)) all.insert(entry.path().filename().string());
    return all;
  }

  fs::path folder_;
  fs::path file_;
};

TEST_F(key_file, is_made_once_for_its_owner_alone_and_read_again) {
  const mode_t before = ::umask(0);
  const auto made = load_or_create_key(folder_);
  ::umask(before);
  ASSERT_TRUE(made) << made.error().public_text;
  EXPECT_EQ(made->origin(), key_origin::generated);
  EXPECT_EQ(made->algorithm(), signature_algorithm::hs256);
  struct stat about{};
  ASSERT_EQ(::stat(file_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600u);
  EXPECT_EQ(about.st_nlink, 1u);

  const auto again = load_or_create_key(folder_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->kid(), made->kid());
  EXPECT_EQ(names(), std::set<std::string>{std::string(key_file_name)});

  // Its text is what JWT_SECRET_KEY takes.
  std::string line;
  std::getline(std::ifstream(file_), line);
  EXPECT_EQ(signing_key::from_text(line)->kid(), made->kid());
}

TEST_F(key_file, processes_and_threads_that_begin_together_agree_on_one_key) {
  constexpr int processes = 6;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  for (int count = 0; count < processes; ++count) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto key = load_or_create_key(folder_);
      const std::string line = key ? key->kid() : std::string(16, '!');
      const bool wrote = ::write(ends[1], line.data(), 16) == 16;
      ::_exit(wrote ? 0 : 1);
    }
  }
  std::set<std::string> kids;
  {
    std::vector<std::string> mine(4);
    {
      std::vector<std::jthread> threads;
      threads.reserve(mine.size());
      for (std::string& kid : mine)
        threads.emplace_back([&kid, this] { kid = load_or_create_key(folder_).value().kid(); });
    }
    kids.insert(mine.begin(), mine.end());
  }
  for (int count = 0; count < processes; ++count) {
    char kid[16];
    ASSERT_EQ(::read(ends[0], kid, sizeof kid), 16);
    kids.emplace(kid, sizeof kid);
    int status = 0;
    ::wait(&status);
    EXPECT_EQ(status, 0);
  }
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_EQ(kids.size(), 1u);
  EXPECT_EQ(names(), std::set<std::string>{std::string(key_file_name)});
}

TEST_F(key_file, one_that_others_may_touch_is_refused) {
  for (const mode_t mode : {0640u, 0604u, 0620u, 0666u}) {
    put(generate_key_text(), mode);
    EXPECT_NE(flaw().find("set its mode to 0600"), std::string::npos);
  }
  put(generate_key_text(), 0400);
  EXPECT_EQ(flaw(), "");
}

TEST_F(key_file, one_that_belongs_to_another_is_refused) {
  put(generate_key_text());
  if (::chown(file_.c_str(), 65534, static_cast<gid_t>(-1)) != 0) GTEST_SKIP() << "only root may give files away";
  EXPECT_NE(flaw().find("belongs to another user"), std::string::npos);
}

TEST_F(key_file, what_is_no_key_is_never_replaced) {
  for (const std::string_view text : {"", "\n", "short", "-----BEGIN PRIVATE KEY-----\n"}) {
    put(text);
    EXPECT_NE(flaw(), "") << text;
    EXPECT_EQ(fs::file_size(file_), text.size());
  }
  put(std::string(key_text_bytes_max + 1, 'x'));
  EXPECT_NE(flaw().find("too large"), std::string::npos);
}

TEST_F(key_file, links_folders_and_pipes_are_refused_without_waiting) {
  const fs::path elsewhere = folder_ / "elsewhere";
  std::ofstream(elsewhere) << generate_key_text();
  ::chmod(elsewhere.c_str(), 0600);
  fs::create_symlink(elsewhere, file_);
  EXPECT_NE(flaw().find("symbolic link"), std::string::npos);
  fs::remove(file_);

  fs::create_directory(file_);
  EXPECT_NE(flaw().find("no plain file"), std::string::npos);
  fs::remove(file_);

  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  EXPECT_NE(flaw().find("no plain file"), std::string::npos);
}

TEST_F(key_file, a_folder_that_is_not_there_is_named) {
  fs::remove_all(folder_);
  EXPECT_NE(flaw().find("No such file or directory"), std::string::npos);
}

}  // namespace
}  // namespace spaces::identity
