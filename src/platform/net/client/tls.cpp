#include "platform/net/client/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>

#include <algorithm>
#include <climits>
#include <list>
#include <stdexcept>
#include <utility>

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

struct openssl_deleter {
  void operator()(BIO* held) const { BIO_free(held); }
  void operator()(X509* held) const { X509_free(held); }
  void operator()(X509_NAME* held) const { X509_NAME_free(held); }
  void operator()(void* held) const { OPENSSL_free(held); }
};

/// One element of DER at the front of `bytes`, which then begin behind it; empty when there is none.
std::string_view take_element(std::string_view& bytes, bool content_only) {
  const auto* const begin = reinterpret_cast<const unsigned char*>(bytes.data());
  const unsigned char* content = begin;
  long size = 0;
  int tag = 0;
  int kind = 0;
  // 0x80: an error. Of a length that is not told, DER has none.
  if ((ASN1_get_object(&content, &size, &tag, &kind, static_cast<long>(bytes.size())) & 0x81) != 0) return {};
  const auto head = static_cast<std::size_t>(content - begin);
  const std::size_t whole = head + static_cast<std::size_t>(size);
  const std::string_view found = content_only ? bytes.substr(head, whole - head) : bytes.substr(0, whole);
  bytes.remove_prefix(whole);
  return found;
}

/// The subject of a certificate (RFC 5280, 4.1); empty for what is none.
std::string_view subject_of(std::string_view certificate) {
  std::string_view signed_part = take_element(certificate, true);
  std::string_view fields = take_element(signed_part, true);
  constexpr char version_tag = '\xA0';
  if (fields.starts_with(version_tag)) take_element(fields, false);
  for (int behind = 0; behind < 4; ++behind) take_element(fields, false);  // number, algorithm, issuer, validity
  return take_element(fields, false);
}

}  // namespace

/// Certificates that are read when a server shows one that they may have signed: to read all five of Amazon's takes
/// a third of a function's start, most of it for keys that nobody needs.
class trusted_roots {
 public:
  /// False when a certificate of the text is none.
  bool add(std::string_view pem) {
    const std::unique_ptr<BIO, openssl_deleter> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    bool well = true;
    while (well && PEM_read_bio(text.get(), &name, &header, &data, &size) == 1) {
      const std::unique_ptr<void, openssl_deleter> held[] = {std::unique_ptr<void, openssl_deleter>(name),
                                                             std::unique_ptr<void, openssl_deleter>(header),
                                                             std::unique_ptr<void, openssl_deleter>(data)};
      const std::string_view called = name;
      if (called == PEM_STRING_X509 || called == PEM_STRING_X509_OLD)
        well = add_one({reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)});
    }
    ERR_clear_error();  // the end of the text is reported as an error
    return well;
  }

  bool empty() const { return all_.empty(); }

  /// What OpenSSL calls instead of its own check, which follows.
  static int verify(X509_STORE_CTX* shown, void* self) {
    static_cast<trusted_roots*>(self)->read_signers(shown);
    return X509_verify_cert(shown);
  }

 private:
  struct root {
    std::string der;
    std::unique_ptr<X509_NAME, openssl_deleter> subject;
    std::once_flag read;
  };

  bool add_one(std::string_view der) {
    const std::string_view name = subject_of(der);
    const auto* at = reinterpret_cast<const unsigned char*>(name.data());
    std::unique_ptr<X509_NAME, openssl_deleter> subject(d2i_X509_NAME(nullptr, &at, static_cast<long>(name.size())));
    if (!subject) return false;
    root& made = all_.emplace_back();
    made.der = der;
    made.subject = std::move(subject);
    return true;
  }

  void read_signers(X509_STORE_CTX* shown) {
    X509_STORE* const store = X509_STORE_CTX_get0_store(shown);
    const STACK_OF(X509)* const chain = X509_STORE_CTX_get0_untrusted(shown);
    for (int i = 0; i < sk_X509_num(chain); ++i)
      for (root& one : all_)
        if (X509_NAME_cmp(X509_get_issuer_name(sk_X509_value(chain, i)), one.subject.get()) == 0) read(one, store);
  }

  static void read(root& one, X509_STORE* store) {
    std::call_once(one.read, [&] {
      const auto* at = reinterpret_cast<const unsigned char*>(one.der.data());
      const std::unique_ptr<X509, openssl_deleter> certificate(
          d2i_X509(nullptr, &at, static_cast<long>(one.der.size())));
      if (certificate) X509_STORE_add_cert(store, certificate.get());
    });
  }

  std::list<root> all_;
};

tls_context::tls_context() : roots_(std::make_unique<trusted_roots>()) {}
tls_context::tls_context(tls_context&&) noexcept = default;
tls_context& tls_context::operator=(tls_context&&) noexcept = default;
tls_context::~tls_context() = default;

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
  if (!made.roots_->add(pem)) return malformed("it holds a certificate that cannot be read");
  if (made.roots_->empty()) return malformed("it holds no certificate in PEM");
  SSL_CTX_set_cert_verify_callback(context, trusted_roots::verify, made.roots_.get());
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

int tls_stream::read_socket(BIO* bio, char* into, int size_max) {
  auto& self = *static_cast<tls_stream*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  std::size_t got = 0;
  const auto size = static_cast<std::size_t>(size_max);
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
    // The end of a connection without TLS's own close_notify may be an attacker's cut.
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

moved tls_stream::receive(char* into, std::size_t size_max, std::size_t& got) {
  ERR_clear_error();
  const int outcome = SSL_read(stream_.get(), into, static_cast<int>(std::min<std::size_t>(size_max, INT_MAX)));
  if (outcome <= 0) return failed(outcome);
  got = static_cast<std::size_t>(outcome);
  return moved::bytes;
}

bool tls_stream::quiet() {
  if (socket_.quiet() && SSL_has_pending(stream_.get()) == 0) return true;
  now_ = true;
  ERR_clear_error();
  char byte = 0;
  const int outcome = SSL_peek(stream_.get(), &byte, 1);
  const bool nothing = outcome <= 0 && failed(outcome) == moved::nothing;
  now_ = false;
  return nothing;
}

}  // namespace spaces::net
