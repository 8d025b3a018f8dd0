/// TLS as a client, by OpenSSL: whom we trust, and one encrypted stream over a waiting socket.
#pragma once

#include "platform/base/error.hpp"
#include "platform/net/client/client_socket.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace spaces::net {

/// The roots that AWS's certificates go back to, in PEM: Amazon Root CA 1 to 4 and Starfield Services
/// Root G2. All that Debian trusts would cost 18 ms at each start.
extern const std::string_view amazon_roots;

struct ssl_deleter {
  void operator()(SSL_CTX* held) const { SSL_CTX_free(held); }
  void operator()(SSL* held) const { SSL_free(held); }
  void operator()(SSL_SESSION* held) const { SSL_SESSION_free(held); }
};

/// The last session with one server, so that the next connection saves the certificates. Thread-safe.
class tls_session_slot {
 public:
  void keep(SSL_SESSION* session);
  void offer(SSL* stream);

 private:
  std::mutex mutex_;
  std::unique_ptr<SSL_SESSION, ssl_deleter> session_;
};

class trusted_roots;

/// Thread-safe.
class tls_context {
 public:
  /// Trusts the certificates in `pem` and nothing else; TLS 1.2 and newer. `malformed` when it has none, or one that
  /// is none.
  static result<tls_context> trusting(std::string_view pem);
  tls_context(tls_context&&) noexcept;
  tls_context& operator=(tls_context&&) noexcept;
  ~tls_context();

  SSL_CTX* get() const { return context_.get(); }

 private:
  tls_context();

  std::unique_ptr<trusted_roots> roots_;  ///< before what uses it
  std::unique_ptr<SSL_CTX, ssl_deleter> context_;
};

/// One connection's encryption. The socket must outlive it and stay where it is.
class tls_stream {
 public:
  /// `host`: the name or address that the certificate must be for.
  tls_stream(const tls_context& context, client_socket& socket, const std::string& host, tls_session_slot& session);
  tls_stream(const tls_stream&) = delete;
  tls_stream& operator=(const tls_stream&) = delete;
  ~tls_stream();

  moved handshake();
  moved send(std::string_view bytes);
  moved receive(char* into, std::size_t size_max, std::size_t& got);
  /// Connected and no answer's byte to read. Takes what servers send on their own: session tickets.
  bool quiet();
  bool resumed() const { return SSL_session_reused(stream_.get()) == 1; }

  std::string_view why() const { return why_; }

 private:
  static int read_socket(BIO* bio, char* into, int size_max);
  static int write_socket(BIO* bio, const char* bytes, int size);
  static long control_socket(BIO* bio, int command, long, void*);
  static BIO_METHOD* socket_method();
  moved failed(int outcome);

  client_socket& socket_;
  std::unique_ptr<SSL, ssl_deleter> stream_;
  moved last_ = moved::bytes;  ///< how the socket's last call ended
  bool now_ = false;           ///< read only what has come
  std::string why_;
};

}  // namespace spaces::net
