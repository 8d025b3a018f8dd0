#include "platform/mail/log/log_mailer.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace spaces::mail {
namespace {

class log_mailer_test : public testing::Test {
 public:
  log_mailer_test() {
    std::string name = (std::filesystem::temp_directory_path() / "spaces-emails-XXXXXX").string();
    EXPECT_TRUE(mkdtemp(name.data()));
    folder_ = name;
  }
  ~log_mailer_test() override {
    std::filesystem::remove_all(folder_);
    close(nowhere_);
  }

  email an_email(std::string text) {
    email made;
    made.to = "ann@example.com";
    made.subject = "Hello";
    made.text = std::move(text);
    made.message_id = "1@example.org";
    return made;
  }
  static std::string read(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 protected:
  std::filesystem::path folder_;
  int nowhere_ = open("/dev/null", O_WRONLY | O_CLOEXEC);
  system_clock clock_;
  telemetry::log log_{clock_, nowhere_};
};

TEST_F(log_mailer_test, keeps_each_email_in_a_file_that_is_ours_alone) {
  log_mailer mailer(folder_ / "outbox", {"", "hello@example.org"}, clock_, log_);
  ASSERT_TRUE(mailer.send(an_email("first\n")));
  ASSERT_TRUE(mailer.send(an_email("again\n"))) << "the same e-mail once more";
  const std::filesystem::path file = folder_ / "outbox" / "1@example.org.eml";
  EXPECT_NE(read(file).find("again"), std::string::npos);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "outbox"), {}), 1);
  struct stat about{};
  ASSERT_EQ(stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777u, 0600u);
  ASSERT_EQ(stat((folder_ / "outbox").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777u, 0700u);
}

TEST_F(log_mailer_test, what_cannot_be_written_is_for_later_and_what_leads_elsewhere_is_refused) {
  log_mailer nowhere(folder_ / "no" / "folder", {"", "hello@example.org"}, clock_, log_);
  EXPECT_EQ(nowhere.send(an_email("x")).error().kind, error_kind::unavailable);
  log_mailer mailer(folder_, {"", "hello@example.org"}, clock_, log_);
  email outside = an_email("x");
  outside.message_id = "../1@example.org";
  EXPECT_EQ(mailer.send(outside).error().kind, error_kind::invalid);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

}  // namespace
}  // namespace spaces::mail
