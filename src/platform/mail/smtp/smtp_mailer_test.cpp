/// E-mails against real mail servers: test/system/test_mail.py.
#include "platform/mail/smtp/smtp_mailer.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace spaces::mail {
namespace {

TEST(smtp_mailer, an_address_of_a_server_is_a_scheme_a_host_and_a_port) {
  for (const char* url : {"smtp://mail.example.org:587", "smtps://mail.example.org", "smtp://127.0.0.1:25",
                          "smtp://[::1]:25", "smtp://mail.example.org:587/"})
    EXPECT_TRUE(validate({.url = url})) << url;
  for (const char* url : {"", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://user:word@example.org",
                          "smtp://example.org/path", "smtp://example.org:x"})
    EXPECT_FALSE(validate({.url = url})) << url;
}

TEST(smtp_mailer, a_server_that_says_nothing_is_left) {
  const int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(silent, 4), 0);
  ASSERT_EQ(getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const system_clock clock;
  smtp_settings settings{.url = "smtp://127.0.0.1:" + std::to_string(ntohs(address.sin_port))};
  settings.time_max = std::chrono::milliseconds{200};
  const auto mailer = make_smtp_mailer(settings, {"", "hello@example.org"}, clock);
  email what;
  what.to = "ann@example.com";
  what.message_id = "1@example.org";
  const auto sent = mailer->send(what);
  close(silent);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, error_kind::unavailable);
}

TEST(smtp_mailer, no_server_at_all_is_for_later_and_an_address_that_is_none_is_not) {
  const system_clock clock;
  const auto mailer = make_smtp_mailer({.url = "smtp://127.0.0.1:1"}, {"", "hello@example.org"}, clock);
  email what;
  what.to = "ann@example.com";
  what.message_id = "1@example.org";
  EXPECT_EQ(mailer->send(what).error().kind, error_kind::unavailable);
  what.to = "ann@example.com\r\nRCPT TO:<ben@example.com>";
  EXPECT_EQ(mailer->send(what).error().kind, error_kind::invalid);
  what.to = "ann@-.example";
  EXPECT_EQ(mailer->send(what).error().kind, error_kind::invalid);
}

}  // namespace
}  // namespace spaces::mail
