#include "app/strangers_client.hpp"

#include "marketplace/images/fetching.hpp"
#include "wire/scripted_server.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spaces::app {
namespace {

TEST(strangers_client, reaches_no_address_of_somebodys_own) {
  int called = 0;
  net::scripted_server server([&](net::peer& one, int) {
    ++called;
    one.read();
    one.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret");
  });
  const auto web = make_strangers_client();
  ASSERT_TRUE(web) << web.error().public_text;
  const std::string port = server.origin().substr(server.origin().rfind(':'));
  for (const std::string host :
       {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254", "10.0.0.1"})
    for (const std::string& at : {port, std::string(":80"), std::string()}) {
      const auto bytes = images::fetch_bytes(**web, "http://" + host + at + "/latest/meta-data");
      ASSERT_FALSE(bytes) << host;
      EXPECT_NE(bytes.error().public_text.find("no address that may be called"), std::string::npos)
          << bytes.error().public_text;
    }
  EXPECT_EQ(called, 0);
}

}  // namespace
}  // namespace spaces::app
