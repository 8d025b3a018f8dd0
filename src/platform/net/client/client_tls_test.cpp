#include "platform/net/client/client.hpp"

#include "platform/net/client/tls.hpp"
#include "waiting/waiting.hpp"
#include "wire/certificates.hpp"
#include "wire/scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace spaces::net {
namespace {

using testing::HasSubstr;

/// A client that trusts one authority, made for the test, and nobody else.
class client_tls : public testing::Test {
 public:
  ~client_tls() override { std::remove(roots_.c_str()); }

 protected:
  client_tls() : roots_(testing::TempDir() + "spaces_roots_" + std::to_string(::getpid()) + ".pem") {
    std::ofstream(roots_) << authority_.pem();
    client_options options;
    options.roots_file = roots_;
    web_ = *make_client(options);
  }

  std::string answer_of(const std::string& origin) { return answer_of(*web_, origin); }
  static std::string answer_of(client& web, const std::string& origin) {
    http::client_request outgoing;
    outgoing.origin = origin;
    outgoing.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    const auto answer = web.send(outgoing);
    return answer ? answer->body : answer.error().text;
  }

  const test_authority authority_;
  const std::string roots_;
  std::unique_ptr<client> web_;
};

void count(peer& one, int) { one.count(); }

TEST_F(client_tls, a_certificate_for_the_name_by_an_authority_that_is_trusted) {
  const server_identity identity(authority_, {.names = "DNS:localhost,IP:127.0.0.1"});
  scripted_server server(count, identity.context());
  EXPECT_EQ(answer_of(server.origin()), "1");
  EXPECT_EQ(answer_of(server.origin()), "2");
  EXPECT_EQ(answer_of("https://127.0.0.1:" + std::to_string(server.port())), "1");
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(client_tls, the_server_is_told_which_name_is_asked_for) {
  const server_identity identity(authority_, {.names = "DNS:localhost"});
  scripted_server server(
      [](peer& one, int) {
        one.read();
        const char* const name = SSL_get_servername(one.tls(), TLSEXT_NAMETYPE_host_name);
        one.answer(name == nullptr ? "none" : name);
      },
      identity.context());
  EXPECT_EQ(answer_of(server.origin()), "localhost");
}

TEST_F(client_tls, certificates_that_prove_nothing_are_refused) {
  const test_authority stranger("a stranger");
  const server_identity other_name(authority_, {.names = "DNS:example.com"});
  const server_identity other_address(authority_, {.names = "IP:127.0.0.2"});
  const server_identity unknown_root(stranger, {.names = "DNS:localhost"});
  const server_identity expired(authority_, {.names = "DNS:localhost", .from_days = -20, .until_days = -10});
  const server_identity not_yet(authority_, {.names = "DNS:localhost", .from_days = 10, .until_days = 20});
  const std::pair<const server_identity*, std::string_view> cases[] = {
      {&other_name, "ostname mismatch"},
      {&other_address, "ostname mismatch"},
      {&unknown_root, "unable to get local issuer certificate"},
      {&expired, "certificate has expired"},
      {&not_yet, "certificate is not yet valid"},
  };
  for (const auto& [identity, why] : cases) {
    scripted_server server(count, identity->context());
    EXPECT_THAT(answer_of(server.origin()), HasSubstr("its certificate is refused: ")) << why;
    EXPECT_THAT(answer_of(server.origin()), HasSubstr(std::string(why)));
  }
  scripted_server by_address(count, other_address.context());
  EXPECT_THAT(answer_of("https://127.0.0.1:" + std::to_string(by_address.port())), HasSubstr("address mismatch"));
}

TEST_F(client_tls, amazons_roots_are_trusted_unless_others_are_named) {
  const server_identity identity(authority_, {.names = "DNS:localhost"});
  scripted_server server(count, identity.context());
  const auto web = *make_client();
  EXPECT_THAT(answer_of(*web, server.origin()), HasSubstr("its certificate is refused"));
}

/// As OpenSSL reads them: what we read of a certificate ourselves is its subject alone.
TEST(amazon_roots, all_five_are_there) {
  ASSERT_TRUE(tls_context::trusting(amazon_roots));
  BIO* const text = BIO_new_mem_buf(amazon_roots.data(), static_cast<int>(amazon_roots.size()));
  std::vector<std::string> names;
  while (X509* const one = PEM_read_bio_X509(text, nullptr, nullptr, nullptr)) {
    char name[100] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(one), NID_commonName, name, sizeof name);
    EXPECT_GT(X509_cmp_current_time(X509_get0_notAfter(one)), 0) << name;
    names.emplace_back(name);
    X509_free(one);
  }
  ERR_clear_error();
  BIO_free(text);
  EXPECT_THAT(names, testing::ElementsAre("Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3",
                                          "Amazon Root CA 4", "Starfield Services Root Certificate Authority - G2"));
}

/// The one of many is found, wherever it stands.
TEST_F(client_tls, the_root_that_signed_is_found_among_others) {
  const server_identity identity(authority_, {.names = "DNS:localhost"});
  scripted_server server(count, identity.context());
  std::ifstream file(roots_);
  const std::string ours{std::istreambuf_iterator<char>(file), {}};
  for (const std::string& all : {std::string(amazon_roots) + ours, "a comment\n" + ours + std::string(amazon_roots)}) {
    std::ofstream(roots_) << all;
    client_options options;
    options.roots_file = roots_;
    EXPECT_EQ(answer_of(**make_client(options), server.origin()), "1");
  }
}

TEST_F(client_tls, old_versions_of_tls_are_refused) {
  const server_identity identity(authority_, {.names = "DNS:localhost"});
  SSL_CTX_set_max_proto_version(identity.context(), TLS1_1_VERSION);
  scripted_server server(count, identity.context());
  EXPECT_THAT(answer_of(server.origin()), HasSubstr("TLS failed"));
}

TEST_F(client_tls, the_next_connection_resumes_the_session) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const server_identity identity(authority_, {.names = "DNS:localhost"});
    SSL_CTX_set_max_proto_version(identity.context(), version);
    scripted_server server(
        [](peer& one, int) {
          one.read();
          one.answer(SSL_session_reused(one.tls()) == 1 ? "resumed" : "new", "Connection: close\r\n");
        },
        identity.context());
    EXPECT_EQ(answer_of(server.origin()), "new");
    EXPECT_EQ(answer_of(server.origin()), "resumed");
    EXPECT_EQ(answer_of(server.origin()), "resumed");
  }
}

/// Session tickets that have come meanwhile are no sign of a dead connection; close_notify is.
TEST_F(client_tls, a_connection_made_ahead_of_use_and_one_that_was_closed_since) {
  const server_identity identity(authority_, {.names = "DNS:localhost"});
  std::atomic<bool> greeted = false;
  scripted_server server(
      [&](peer& one, int) {
        one.deliver();
        greeted = true;
        one.read();
        one.answer("a");
      },
      identity.context());
  web_->warm(server.origin());
  EXPECT_TRUE(test::comes_true([&] { return greeted.load(); }));
  EXPECT_EQ(answer_of(server.origin()), "a");
  EXPECT_EQ(server.connections(), 1);
  EXPECT_TRUE(test::comes_true([&] { return server.ended() == 1; }));
  EXPECT_EQ(answer_of(server.origin()), "a");
  EXPECT_EQ(server.connections(), 2);
}

/// Without TLS's close_notify the end of a body that ends with its connection may be an attacker's cut.
TEST_F(client_tls, a_cut_is_not_taken_for_the_end) {
  const server_identity identity(authority_, {.names = "DNS:localhost"});
  scripted_server server(
      [](peer& one, int) {
        one.read();
        one.send("HTTP/1.1 200 OK\r\n\r\nall of it?");
        SSL_set_quiet_shutdown(one.tls(), 1);
      },
      identity.context());
  EXPECT_THAT(answer_of(server.origin()), HasSubstr("the connection was closed"));
}

TEST_F(client_tls, a_server_without_tls) {
  scripted_server server([](peer& one, int) {
    one.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    one.hold();
  });
  EXPECT_THAT(answer_of("https://127.0.0.1:" + std::to_string(server.port())), HasSubstr("TLS failed"));
}

TEST_F(client_tls, a_file_of_roots_that_cannot_be_used) {
  client_options options;
  options.roots_file = "/nowhere/roots.pem";
  EXPECT_THAT(make_client(options).error().public_text, HasSubstr("\"/nowhere/roots.pem\" cannot be read"));
  std::ofstream(roots_) << "no certificate";
  options.roots_file = roots_;
  EXPECT_THAT(make_client(options).error().public_text, HasSubstr("it holds no certificate in PEM"));
  std::ofstream(roots_) << "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";
  EXPECT_THAT(make_client(options).error().public_text, HasSubstr("it holds a certificate that cannot be read"));
}

}  // namespace
}  // namespace spaces::net
