#include "net/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>

#include <algorithm>
#include <climits>
#include <stdexcept>

namespace spaces::net {
namespace {

/// Where an SSL finds the slot that its sessions go to.
int slot_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int keep_session(SSL* stream, SSL_SESSION* session) {
  if (auto* slot = static_cast<tls_session_slot*>(SSL_get_ex_data(stream, slot_index()))) {
    slot->keep(session);
    return 1;  // it is ours now
  }
  return 0;
}

bool is_address(const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)];
  return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

/// How many certificates of the text are trusted now.
int trust(X509_STORE* store, std::string_view pem) {
  const std::unique_ptr<BIO, void (*)(BIO*)> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                  [](BIO* held) { BIO_free(held); });
  int count = 0;
  while (X509* certificate = PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)) {
    count += X509_STORE_add_cert(store, certificate);
    X509_free(certificate);
  }
  ERR_clear_error();  // the end of the text is reported as an error
  return count;
}

}  // namespace

void tls_session_slot::keep(SSL_SESSION* session) {
  std::unique_ptr<SSL_SESSION, ssl_deleter> held(session);
  const std::lock_guard lock(mutex_);
  session_.swap(held);
}

void tls_session_slot::offer(SSL* stream) {
  const std::lock_guard lock(mutex_);
  if (session_ && SSL_SESSION_is_resumable(session_.get()) == 1) SSL_set_session(stream, session_.get());
}

result<tls_context> tls_context::trusting(std::string_view pem) {
  tls_context made;
  made.context_.reset(SSL_CTX_new(TLS_client_method()));
  if (!made.context_) throw std::runtime_error("OpenSSL gives no TLS context");
  SSL_CTX* context = made.context_.get();
  if (trust(SSL_CTX_get_cert_store(context), pem) == 0) return malformed("it holds no certificate in PEM");
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_AUTO_RETRY);
  // One system call for an answer's records instead of two for each.
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, keep_session);
  static constexpr unsigned char protocols[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(context, protocols, sizeof protocols);
  return made;
}

int tls_stream::read_socket(BIO* bio, char* into, int room) {
  auto& self = *static_cast<tls_stream*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  std::size_t got = 0;
  const auto size = static_cast<std::size_t>(room);
  self.last_ = self.now_ ? self.socket_.receive_now(into, size, got) : self.socket_.receive(into, size, got);
  if (self.last_ == moved::bytes) return static_cast<int>(got);
  if (self.last_ == moved::nothing) BIO_set_retry_read(bio);
  return self.last_ == moved::ended ? 0 : -1;
}

int tls_stream::write_socket(BIO* bio, const char* bytes, int size) {
  auto& self = *static_cast<tls_stream*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const moved how = self.socket_.send({bytes, static_cast<std::size_t>(size)});
  if (how == moved::bytes) return size;  // how a read ended stands: it may be why an alert is sent
  self.last_ = how;
  return -1;
}

long tls_stream::control_socket(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return static_cast<tls_stream*>(BIO_get_data(bio))->last_ == moved::ended ? 1 : 0;
  return 0;
}

BIO_METHOD* tls_stream::socket_method() {
  // OpenSSL's own socket BIO raises SIGPIPE and knows no deadline. Never freed: it outlives every thread.
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "client_socket");
    BIO_meth_set_read(made, read_socket);
    BIO_meth_set_write(made, write_socket);
    BIO_meth_set_ctrl(made, control_socket);
    return made;
  }();
  return method;
}

tls_stream::tls_stream(const tls_context& context, client_socket& socket, const std::string& host,
                       tls_session_slot& session)
    : socket_(socket), stream_(SSL_new(context.get())) {
  BIO* bio = BIO_new(socket_method());
  if (!stream_ || bio == nullptr) throw std::runtime_error("OpenSSL gives no TLS stream");
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL* stream = stream_.get();
  SSL_set_bio(stream, bio, bio);
  SSL_set_ex_data(stream, slot_index(), &session);
  if (is_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(stream), host.c_str());
  } else {
    SSL_set1_host(stream, host.c_str());
    SSL_set_hostflags(stream, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set_tlsext_host_name(stream, host.c_str());
  }
  session.offer(stream);
  SSL_set_connect_state(stream);
}

tls_stream::~tls_stream() {
  // Otherwise OpenSSL takes the end for a bad one and the session for spoilt.
  SSL_set_shutdown(stream_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

moved tls_stream::failed(int outcome) {
  const int error = SSL_get_error(stream_.get(), outcome);
  if (error == SSL_ERROR_WANT_READ) return moved::nothing;
  if (error == SSL_ERROR_ZERO_RETURN) {
    why_ = "the connection was closed";
    return moved::ended;
  }
  if (last_ != moved::bytes && last_ != moved::nothing) {
    // The end of a connection without TLS's own farewell may be an attacker's cut.
    why_ = socket_.why();
    return last_ == moved::ended ? moved::broken : last_;
  }
  const long verified = SSL_get_verify_result(stream_.get());
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  if (verified != X509_V_OK)
    why_ = std::string("its certificate is refused: ") + X509_verify_cert_error_string(verified);
  else
    why_ = std::string("TLS failed: ") + (reason != nullptr ? reason : "unknown");
  return moved::broken;
}

moved tls_stream::handshake() {
  ERR_clear_error();
  const int outcome = SSL_do_handshake(stream_.get());
  return outcome == 1 ? moved::bytes : failed(outcome);
}

moved tls_stream::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ERR_clear_error();
    const int size = static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX));
    const int outcome = SSL_write(stream_.get(), bytes.data(), size);
    if (outcome <= 0) return failed(outcome);
    bytes.remove_prefix(static_cast<std::size_t>(outcome));
  }
  return moved::bytes;
}

moved tls_stream::receive(char* into, std::size_t room, std::size_t& got) {
  ERR_clear_error();
  const int outcome = SSL_read(stream_.get(), into, static_cast<int>(std::min<std::size_t>(room, INT_MAX)));
  if (outcome <= 0) return failed(outcome);
  got = static_cast<std::size_t>(outcome);
  return moved::bytes;
}

bool tls_stream::quiet() {
  if (socket_.quiet() && SSL_has_pending(stream_.get()) == 0) return true;
  now_ = true;
  ERR_clear_error();
  char byte;
  const int outcome = SSL_peek(stream_.get(), &byte, 1);
  const bool nothing = outcome <= 0 && failed(outcome) == moved::nothing;
  now_ = false;
  return nothing;
}

}  // namespace spaces::net
