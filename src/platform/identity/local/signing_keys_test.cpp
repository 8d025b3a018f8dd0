#include "platform/identity/local/signing_keys.hpp"

#include "platform/base/digest.hpp"
#include "platform/identity/local/test_keys.hpp"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <vector>

namespace spaces::identity {
namespace {

using test::private_pem;
using test::public_pem;

std::string error_of(std::string_view text) {
  const auto key = signing_key::from_text(text);
  if (key) return "";
  EXPECT_EQ(key.error().kind, error_kind::malformed);
  return key.error().public_text;
}

std::string traditional_pem(EVP_PKEY* key) {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey_traditional(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  return test::text_of(out);
}

std::string encrypted_pem(EVP_PKEY* key) {
  BIO* out = BIO_new(BIO_s_mem());
  unsigned char password[] = "password";
  PEM_write_bio_PrivateKey(out, key, EVP_aes_128_cbc(), password, 8, nullptr, nullptr);
  return test::text_of(out);
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// RFC 7515, appendix A.1: the key's 64 bytes, the signing input with its odd line ends, the signature.
TEST(signing_key, hs256_gives_rfc_7515_s_example) {
  const auto bytes =
      from_base64url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  ASSERT_TRUE(bytes);
  const auto key = signing_key::from_text(*bytes);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->algorithm(), signature_algorithm::hs256);
  const std::string_view input =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  EXPECT_EQ(to_base64url(key->sign(input)), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  EXPECT_TRUE(key->verifies(input, *from_base64url("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")));
}

TEST(signing_key, rs256_is_pkcs_1_version_1_5_with_sha_256) {
  const signing_key key = test::rsa_signing_key();
  EXPECT_EQ(key.algorithm(), signature_algorithm::rs256);
  const std::string signature = key.sign("input");
  ASSERT_EQ(signature.size(), 384u);
  EXPECT_EQ(key.sign("input"), signature);

  // Opened with the public key, the signature holds RFC 8017's EMSA-PKCS1-v1_5 encoding (section 9.2).
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> raw(EVP_PKEY_CTX_new(test::shared_rsa(), nullptr),
                                                                        &EVP_PKEY_CTX_free);
  ASSERT_EQ(EVP_PKEY_verify_recover_init(raw.get()), 1);
  ASSERT_EQ(EVP_PKEY_CTX_set_rsa_padding(raw.get(), RSA_NO_PADDING), 1);
  std::vector<unsigned char> opened(384);
  std::size_t size = opened.size();
  ASSERT_EQ(EVP_PKEY_verify_recover(raw.get(), opened.data(), &size,
                                    reinterpret_cast<const unsigned char*>(signature.data()), signature.size()),
            1);
  const std::string expected = "0001" + replace_all(std::string(330, 'x'), "x", "ff") + "00" +
                               "3031300d060960864801650304020105000420" + to_hex(sha256("input"));
  EXPECT_EQ(to_hex(opened), expected);
}

TEST(signing_key, a_signature_fits_its_input_and_key_alone) {
  for (const bool rsa : {false, true}) {
    const signing_key key = rsa ? test::rsa_signing_key() : test::hmac_signing_key();
    const signing_key other = test::hmac_signing_key("another secret of at least 32 bytes");
    const std::string good = key.sign("input");
    EXPECT_TRUE(key.verifies("input", good));
    EXPECT_FALSE(key.verifies("inpuT", good));
    EXPECT_FALSE(key.verifies("", good));
    EXPECT_FALSE(key.verifies("input", ""));
    EXPECT_FALSE(key.verifies("input", good.substr(1)));
    EXPECT_FALSE(key.verifies("input", good.substr(0, good.size() - 1)));
    EXPECT_FALSE(key.verifies("input", good + '\0'));
    EXPECT_FALSE(key.verifies("input", '\0' + good));
    EXPECT_FALSE(key.verifies("input", std::string(good.size(), '\0')));
    EXPECT_FALSE(other.verifies("input", good));
    EXPECT_FALSE(key.verifies("input", other.sign("input")));
    for (std::size_t at = 0; at < good.size(); at += 13) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      EXPECT_FALSE(key.verifies("input", bad)) << at;
    }
  }
}

TEST(signing_key, its_name_is_its_own_and_the_same_everywhere) {
  const signing_key rsa = test::rsa_signing_key();
  const signing_key hmac = test::hmac_signing_key();
  for (const std::string& kid : {rsa.kid(), hmac.kid()}) {
    EXPECT_EQ(kid.size(), 16u);
    EXPECT_TRUE(from_base64url(kid)) << kid;
  }
  EXPECT_EQ(rsa.kid(), test::rsa_signing_key().kid());
  EXPECT_EQ(hmac.kid(), test::hmac_signing_key().kid());
  EXPECT_NE(hmac.kid(), test::hmac_signing_key("another secret of at least 32 bytes").kid());
  EXPECT_NE(hmac.kid(), rsa.kid());
}

TEST(signing_key, pem_comes_in_the_forms_that_people_have) {
  EVP_PKEY* const key = test::shared_rsa();
  const std::string kid = test::rsa_signing_key().kid();
  const std::string pkcs8 = private_pem(key);
  for (const std::string& text : {pkcs8, traditional_pem(key), "\n  " + pkcs8 + "\n\n", replace_all(pkcs8, "\n", "\\n"),
                                  replace_all(pkcs8, "\n", "\r\n"), public_pem(key) + pkcs8, "a comment\n" + pkcs8}) {
    const auto read = signing_key::from_text(text);
    ASSERT_TRUE(read) << read.error().public_text;
    EXPECT_EQ(read->kid(), kid);
    EXPECT_EQ(read->algorithm(), signature_algorithm::rs256);
    EXPECT_EQ(read->origin(), key_origin::given);
  }
}

TEST(signing_key, what_cannot_sign_safely_is_refused_in_a_sentence) {
  EVP_PKEY* const key = test::shared_rsa();
  const test::evp_key small = test::make_rsa(2048);
  const test::evp_key elliptic(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const std::string pem = private_pem(key);
  const struct {
    std::string text;
    std::string_view sentence;
  } rows[] = {
      {"", "neither an RSA private key in PEM nor a secret of at least 32 bytes (it has 0)"},
      {std::string(31, 'x'), "at least 32 bytes (it has 31)"},
      {" " + std::string(31, 'x') + "\n", "at least 32 bytes (it has 31)"},
      {std::string(key_text_bytes_max + 1, 'x'), "more than 16384 bytes"},
      {private_pem(small.get()), "an RSA key of 2048 bits; 3072 to 8192 are allowed"},
      {public_pem(key), "no private key can be read from it"},
      {private_pem(elliptic.get()), "not an RSA one"},
      {encrypted_pem(key), "encrypted"},
      {pem.substr(0, pem.size() / 2), "no private key can be read from it"},
      {replace_all(pem, "A", "!"), "no private key can be read from it"},
      {"-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n", "no private key can be read from it"},
  };
  for (const auto& row : rows) {
    const std::string flaw = error_of(row.text);
    EXPECT_NE(flaw.find(row.sentence), std::string::npos) << flaw;
    if (row.text.size() > 31) {
      EXPECT_EQ(flaw.find(row.text.substr(row.text.size() / 2, 20)), std::string::npos) << "shows the key";
    }
  }
}

// A PEM text may join numbers of two keys; what such a key signed, nobody could verify.
TEST(signing_key, numbers_of_another_key_are_refused) {
  EVP_PKEY* const key = test::shared_rsa();
  const test::evp_key other = test::make_rsa(3072);
  const char* const names[] = {OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
                               OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
                               OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
                               OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
  const auto joined = [&](std::size_t foreign) {
    const std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)> numbers(OSSL_PARAM_BLD_new(),
                                                                                  &OSSL_PARAM_BLD_free);
    std::vector<std::unique_ptr<BIGNUM, decltype(&BN_free)>> held;
    for (std::size_t i = 0; i < std::size(names); ++i) {
      BIGNUM* number = nullptr;
      EVP_PKEY_get_bn_param(i == foreign ? other.get() : key, names[i], &number);
      if (i == foreign && i == 1) BN_add_word(number, 2);  // the exponent is the same in both
      held.emplace_back(number, &BN_free);
      OSSL_PARAM_BLD_push_BN(numbers.get(), names[i], number);
    }
    const std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> params(OSSL_PARAM_BLD_to_param(numbers.get()),
                                                                         &OSSL_PARAM_free);
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> maker(EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nullptr),
                                                                            &EVP_PKEY_CTX_free);
    EVP_PKEY* made = nullptr;
    EVP_PKEY_fromdata_init(maker.get());
    EVP_PKEY_fromdata(maker.get(), &made, EVP_PKEY_KEYPAIR, params.get());
    return private_pem(test::evp_key(made, &EVP_PKEY_free).get());
  };
  EXPECT_EQ(error_of(joined(std::size(names))), "");
  for (std::size_t i = 0; i < std::size(names); ++i)
    EXPECT_EQ(error_of(joined(i)), "The signing key's private and public parts do not match") << names[i];
}

TEST(signing_key, is_named_by_its_subject_public_key_info) {
  for (const unsigned bits : {3072u, 4096u}) {
    const test::evp_key made = test::make_rsa(bits);
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(made.get(), &der);
    ASSERT_GT(size, 0);
    const sha256_digest digest = sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    const auto key = signing_key::from_text(private_pem(made.get()));
    ASSERT_TRUE(key);
    EXPECT_EQ(key->kid(), to_base64url({reinterpret_cast<const char*>(digest.data()), 12}));
  }
}

TEST(signing_key, a_small_public_exponent_is_refused) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> maker(EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nullptr),
                                                                          &EVP_PKEY_CTX_free);
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> three(BN_new(), &BN_free);
  BN_set_word(three.get(), 3);
  EVP_PKEY* made = nullptr;
  ASSERT_EQ(EVP_PKEY_keygen_init(maker.get()), 1);
  ASSERT_EQ(EVP_PKEY_CTX_set_rsa_keygen_bits(maker.get(), 3072), 1);
  ASSERT_EQ(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(maker.get(), three.get()), 1);
  ASSERT_EQ(EVP_PKEY_generate(maker.get(), &made), 1);
  const test::evp_key key(made, &EVP_PKEY_free);
  EXPECT_NE(error_of(private_pem(key.get())).find("exponent below 65537"), std::string::npos);
}

TEST(signing_key, generated_texts_are_keys_and_differ) {
  const std::string text = generate_key_text();
  EXPECT_EQ(text.size(), 43u);
  EXPECT_NE(text, generate_key_text());
  const auto key = signing_key::from_text(text + "\n", key_origin::generated);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->origin(), key_origin::generated);
  EXPECT_EQ(key->algorithm(), signature_algorithm::hs256);
  EXPECT_EQ(key->kid(), signing_key::from_text(text)->kid());
}

TEST(signing_keys, the_first_signs_and_all_are_found) {
  signing_keys keys(test::hmac_signing_key());
  const std::string current = keys.current()->kid();
  keys.also_accept(test::hmac_signing_key("another secret of at least 32 bytes"));
  keys.also_accept(test::rsa_signing_key());
  keys.also_accept(test::hmac_signing_key());
  EXPECT_EQ(keys.current()->kid(), current);
  EXPECT_EQ(keys.find(current), keys.current());
  EXPECT_EQ(keys.all().size(), 3u);
  ASSERT_NE(keys.find(test::rsa_signing_key().kid()), nullptr);
  EXPECT_EQ(keys.find(test::rsa_signing_key().kid())->algorithm(), signature_algorithm::rs256);
  EXPECT_EQ(keys.find(""), nullptr);
  EXPECT_EQ(keys.find("../../../dev/null"), nullptr);
}

shared_key shared(signing_key key) { return std::make_shared<const signing_key>(std::move(key)); }

TEST(signing_keys, are_replaced_while_somebody_holds_one) {
  const shared_key first = shared(test::hmac_signing_key());
  const shared_key second = shared(test::hmac_signing_key("another secret of at least 32 bytes"));
  signing_keys keys({first});
  const shared_key held = keys.current();
  EXPECT_FALSE(keys.replace({second, first})) << "none went";
  EXPECT_EQ(keys.current(), second);
  EXPECT_FALSE(keys.replace({first, second}));
  EXPECT_TRUE(keys.replace({second}));
  EXPECT_EQ(keys.find(first->kid()), nullptr);
  EXPECT_FALSE(held->sign("still whole").empty());
}

TEST(signing_keys, a_made_rsa_key_is_one_that_we_take) {
  const std::string text = generate_rsa_text();
  const auto key = signing_key::from_text(text);
  ASSERT_TRUE(key) << key.error().public_text;
  EXPECT_EQ(key->algorithm(), signature_algorithm::rs256);
}

TEST(signing_keys, only_a_public_half_is_shown) {
  EXPECT_EQ(test::hmac_signing_key().public_jwk(), "");
  const std::string jwk = test::rsa_signing_key().public_jwk();
  EXPECT_EQ(jwk.find("\"d\""), std::string::npos);
  EXPECT_NE(jwk.find("\"kid\":\"" + test::rsa_signing_key().kid() + '"'), std::string::npos);
  EXPECT_NE(jwk.find("\"e\":\"AQAB\""), std::string::npos);
}

}  // namespace
}  // namespace spaces::identity
