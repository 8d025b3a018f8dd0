/// Certificates for tests, made at run time: an authority, and servers that it vouches for.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace spaces::net {

struct certificate_terms {
  const char* names = "DNS:localhost";  ///< subject alternative names, as OpenSSL's configuration spells them
  int from_days = -1;
  int until_days = 1;
};

namespace certificates_detail {

template <auto free>
struct freed {
  template <class T>
  void operator()(T* held) const {
    free(held);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed<X509_free>>;

inline void extend(X509* made, X509* issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, made, nullptr, nullptr, 0);
  X509_EXTENSION* const one = X509V3_EXT_conf_nid(nullptr, &context, id, value);
  if (one == nullptr) throw std::runtime_error("a certificate's extension");
  X509_add_ext(made, one, -1);
  X509_EXTENSION_free(one);
}

inline certificate_ptr make(const char* subject, EVP_PKEY* key, X509* issuer, EVP_PKEY* signing,
                            const certificate_terms& terms) {
  static long serial = 1;
  certificate_ptr made(X509_new());
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), terms.from_days * 86400L);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), terms.until_days * 86400L);
  X509_set_pubkey(made.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(subject), -1, -1, 0);
  X509* const by = issuer == nullptr ? made.get() : issuer;
  X509_set_issuer_name(made.get(), X509_get_subject_name(by));
  if (issuer == nullptr)
    extend(made.get(), by, NID_basic_constraints, "critical,CA:TRUE");
  else
    extend(made.get(), by, NID_subject_alt_name, terms.names);
  if (X509_sign(made.get(), signing, EVP_sha256()) == 0) throw std::runtime_error("signing a certificate");
  return made;
}

}  // namespace certificates_detail

class test_authority {
 public:
  explicit test_authority(const char* name = "test authority")
      : key_(EVP_EC_gen("P-256")), certificate_(certificates_detail::make(name, key_.get(), nullptr, key_.get(), {})) {}

  X509* certificate() const { return certificate_.get(); }
  EVP_PKEY* key() const { return key_.get(); }
  std::string pem() const {
    const std::unique_ptr<BIO, certificates_detail::freed<BIO_free>> out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), certificate_.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

 private:
  certificates_detail::key_ptr key_;
  certificates_detail::certificate_ptr certificate_;
};

/// What a server proves itself with.
class server_identity {
 public:
  server_identity(const test_authority& by, const certificate_terms& terms)
      : context_(SSL_CTX_new(TLS_server_method())) {
    const certificates_detail::key_ptr key(EVP_EC_gen("P-256"));
    const auto certificate = certificates_detail::make("test server", key.get(), by.certificate(), by.key(), terms);
    SSL_CTX_use_certificate(context_.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), key.get());
    static constexpr unsigned char id[] = "test";
    SSL_CTX_set_session_id_context(context_.get(), id, sizeof id);
  }

  SSL_CTX* context() const { return context_.get(); }

 private:
  std::unique_ptr<SSL_CTX, certificates_detail::freed<SSL_CTX_free>> context_;
};

}  // namespace spaces::net
