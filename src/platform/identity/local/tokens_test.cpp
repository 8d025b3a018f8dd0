#include "platform/identity/local/tokens.hpp"

#include "platform/base/digest.hpp"
#include "platform/identity/local/test_keys.hpp"

#include <gtest/gtest.h>

namespace spaces::identity {
namespace {

using namespace std::chrono_literals;

constexpr instant now{1'790'000'000s};
constexpr std::string_view good = "";
constexpr std::string_view refused = "The access token is not valid";
constexpr std::string_view expired = "The access token has expired";
constexpr std::string_view too_early = "The access token is not valid yet; is the clock right?";

const uuid ann = *parse_uuid("01890a5d-ac96-774b-bcce-b302099a8057");
const uuid session = *parse_uuid("01890a5d-ac96-774b-bcce-b302099a8058");
constexpr std::string_view roles[] = {"reader", "editor", "owner"};
constexpr user_role editor{1};
const token_scope scope{"https://spaces.test", "spaces", {"role", roles}};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " in " << text;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

/// Makes tokens of any kind with a deployment's key, as a forger with luck would.
struct workshop {
  explicit workshop(signing_key key) : keys(std::move(key)), tokens(keys, scope) {}

  std::string header() const {
    return "{\"alg\":\"" + std::string(to_text(keys.current()->algorithm())) + "\",\"kid\":\"" + keys.current()->kid() +
           "\",\"typ\":\"at+jwt\"}";
  }
  static std::string claims() {
    return R"({"iss":"https://spaces.test","aud":"spaces","sub":"01890a5d-ac96-774b-bcce-b302099a8057",)"
           R"("sid":"01890a5d-ac96-774b-bcce-b302099a8058","iat":1790000000,"exp":1790001800,)"
           R"("role":"editor","verified":true})";
  }
  std::string sign_segments(std::string_view segments) const {
    return std::string(segments) + "." + to_base64url(keys.current()->sign(segments));
  }
  std::string sign(std::string_view head, std::string_view body) const {
    return sign_segments(to_base64url(head) + "." + to_base64url(body));
  }
  std::string valid() const { return sign(header(), claims()); }

  /// The public text of the refusal; empty when the token is good.
  std::string outcome(std::string_view token, instant when = now) const {
    const auto said = tokens.read(token, when);
    if (said) return "";
    EXPECT_EQ(said.error().kind, error_kind::unauthenticated);
    if (said.error().public_text == refused) {
      EXPECT_NE(said.error().private_text, "");
    }
    return said.error().public_text;
  }

  signing_keys keys;
  access_tokens tokens;
};

class tokens : public ::testing::TestWithParam<signature_algorithm> {
 protected:
  workshop shop_{GetParam() == signature_algorithm::rs256 ? test::rsa_signing_key() : test::hmac_signing_key()};
};

INSTANTIATE_TEST_SUITE_P(both, tokens, ::testing::Values(signature_algorithm::rs256, signature_algorithm::hs256),
                         [](const auto& one) { return std::string(to_text(one.param)); });

TEST_P(tokens, what_was_minted_is_read_back) {
  for (const user_role role : {user_role{0}, editor, user_role{2}}) {
    for (const bool verified : {false, true}) {
      const std::string token = shop_.tokens.mint({ann, role, verified}, session, access_token_lifetime, now + 1ms);
      EXPECT_LT(token.size(), access_token_bytes_max / 4);
      const auto said = shop_.tokens.read(token, now + 1ms);
      ASSERT_TRUE(said) << said.error().private_text;
      EXPECT_EQ(said->who.id, ann);
      EXPECT_EQ(said->who.role, role);
      EXPECT_EQ(said->who.verified, verified);
      EXPECT_EQ(said->session, session);
      EXPECT_EQ(said->valid_from, now - clock_leeway);
      EXPECT_EQ(said->expires_at, now + access_token_lifetime);
      EXPECT_EQ(shop_.tokens.verify(token, now)->id, ann);
      EXPECT_EQ(shop_.tokens.mint({ann, role, verified}, session, access_token_lifetime, now + 1ms), token);
    }
  }
}

TEST_P(tokens, the_workshop_makes_what_mint_makes) {
  EXPECT_EQ(shop_.valid(), shop_.tokens.mint({ann, editor, true}, session, access_token_lifetime, now));
}

/// As API Gateway writes an event's requestContext.authorizer.jwt.claims: every claim a text.
TEST(vouched_claims, are_held_against_what_ours_have) {
  const workshop shop{test::rsa_signing_key()};
  const std::string ours =
      R"({"iss":"https://spaces.test","aud":"spaces","sub":"01890a5d-ac96-774b-bcce-b302099a8057",)"
      R"("sid":"01890a5d-ac96-774b-bcce-b302099a8058","iat":"1790000000","exp":"1790001800",)"
      R"("role":"editor","verified":"true"})";
  const auto outcome = [&](const std::string& claims, instant when = now) {
    const auto said = shop.tokens.read_vouched(*record::parse_json(claims), when);
    return said ? std::string() : said.error().public_text;
  };
  const auto said = shop.tokens.read_vouched(*record::parse_json(ours), now);
  ASSERT_TRUE(said) << said.error().private_text;
  EXPECT_EQ(said->who.id, ann);
  EXPECT_EQ(said->who.role, editor);
  EXPECT_TRUE(said->who.verified);
  EXPECT_EQ(said->who.session, session);
  EXPECT_FALSE(shop.tokens.read_vouched(*record::parse_json(replaced(ours, "true", "false")), now)->who.verified);
  EXPECT_EQ(outcome(ours, now + access_token_lifetime), expired);
  EXPECT_EQ(outcome(ours, now - 1h), too_early);
  const std::pair<std::string_view, std::string_view> changes[] = {
      {R"("aud":"spaces")", R"("aud":"https://spaces.test")"},  // a refresh token's
      {R"("aud":"spaces")", R"("aud":"[spaces other]")"},
      {R"("iss":"https://spaces.test")", R"("iss":"https://spaces.test/")"},
      {R"(,"verified":"true")", ""},
      {R"("true")", R"("yes")"},
      {R"("editor")", R"("admin")"},
      {R"("1790001800")", R"("")"},
      {R"("1790001800")", R"("1790001800.5")"},
      {R"("sub":"01890a5d-ac96-774b-bcce-b302099a8057",)", ""},
      {R"("sid":"01890a5d-ac96-774b-bcce-b302099a8058",)", ""},
  };
  for (const auto& [from, to] : changes) EXPECT_EQ(outcome(replaced(ours, from, to)), refused) << to;
}

TEST_P(tokens, time_is_kept_to_the_millisecond_at_the_end_and_with_leeway_at_the_beginning) {
  const std::string token = shop_.valid();
  EXPECT_EQ(shop_.outcome(token, now - clock_leeway - 1ms), too_early);
  EXPECT_EQ(shop_.outcome(token, now - clock_leeway), good);
  EXPECT_EQ(shop_.outcome(token, now + access_token_lifetime - 1ms), good);
  EXPECT_EQ(shop_.outcome(token, now + access_token_lifetime), expired);
  EXPECT_EQ(shop_.outcome(token, now + 24h * 365), expired);
}

TEST_P(tokens, only_our_own_header_is_taken) {
  const std::string h = shop_.header();
  const std::string kid = shop_.keys.current()->kid();
  const std::string other = GetParam() == signature_algorithm::rs256 ? "HS256" : "RS256";
  const std::string own(to_text(GetParam()));
  const auto alg = [&](std::string_view text) { return replaced(h, "\"" + own + "\"", text); };
  const auto name = [&](std::string_view text) { return replaced(h, "\"" + kid + "\"", text); };
  const auto plus = [&](std::string_view member) { return replaced(h, "}", "," + std::string(member) + "}"); };
  const struct {
    std::string_view sentence;
    std::string header;
    std::string_view outcome;
  } rows[] = {
      {"its own", h, good},
      {"members in another order, with spaces",
       R"({ "typ" : "at+jwt", "kid": ")" + kid + R"(", "alg": ")" + own + "\" }", good},
      {"alg none", alg("\"none\""), refused},
      {"alg None", alg("\"None\""), refused},
      {"alg of the other kind", alg("\"" + other + "\""), refused},
      {"alg of another size", alg("\"" + own.substr(0, 2) + "512\""), refused},
      {"alg in lower case", alg(own == "RS256" ? "\"rs256\"" : "\"hs256\""), refused},
      {"alg empty", alg("\"\""), refused},
      {"alg null", alg("null"), refused},
      {"alg a list", alg("[\"" + own + "\"]"), refused},
      {"alg absent", replaced(h, "\"alg\":\"" + own + "\",", ""), refused},
      {"alg twice", plus("\"alg\":\"none\""), refused},
      {"alg twice by an escape", plus("\"\\u0061lg\":\"none\""), refused},
      {"kid unknown", name("\"AAAAAAAAAAAAAAAA\""), refused},
      {"kid a path", name("\"../../../../dev/null\""), refused},
      {"kid with a statement", name("\"' UNION SELECT 'x\""), refused},
      {"kid longer than ours", name("\"" + kid + "A\""), refused},
      {"kid a prefix of ours", name("\"" + kid.substr(0, 15) + "\""), refused},
      {"kid empty", name("\"\""), refused},
      {"kid a number", name("0"), refused},
      {"kid absent", replaced(h, "\"kid\":\"" + kid + "\",", ""), refused},
      {"kid twice", plus("\"kid\":\"" + kid + "\""), refused},
      {"typ JWT", replaced(h, "at+jwt", "JWT"), refused},
      {"typ of a refresh token", replaced(h, "at+jwt", "rt+jwt"), refused},
      {"typ with its media type", replaced(h, "at+jwt", "application/at+jwt"), refused},
      {"typ absent", replaced(h, ",\"typ\":\"at+jwt\"", ""), refused},
      {"crit", plus("\"crit\":[\"exp\"]"), refused},
      {"crit empty", plus("\"crit\":[]"), refused},
      {"b64", plus("\"b64\":false"), refused},
      {"jwk", plus(R"("jwk":{"kty":"oct","k":"AA"})"), refused},
      {"jku", plus("\"jku\":\"https://evil.test/keys\""), refused},
      {"x5u", plus("\"x5u\":\"https://evil.test/cert\""), refused},
      {"zip", plus("\"zip\":\"DEF\""), refused},
      {"cty", plus("\"cty\":\"JWT\""), refused},
      {"no object", "[]", refused},
      {"no JSON", "alg=none", refused},
      {"more behind it", h + "{}", refused},
      {"not UTF-8", plus("\"cty\":\"\xFF\""), refused},
      {"too deep", plus("\"cty\":[[[[[[0]]]]]]"), refused},
      {"empty", "", refused},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(shop_.outcome(shop_.sign(row.header, shop_.claims())), row.outcome) << row.sentence;
  }
}

TEST_P(tokens, only_our_own_claims_are_taken) {
  const std::string c = shop_.claims();
  const auto with = [&](std::string_view from, std::string_view to) { return replaced(c, from, to); };
  const auto plus = [&](std::string_view member) { return replaced(c, "}", "," + std::string(member) + "}"); };
  const struct {
    std::string_view sentence;
    std::string claims;
    std::string_view outcome;
  } rows[] = {
      {"its own", c, good},
      {"a claim of a later version", plus("\"scope\":[\"a\",{\"b\":1}]"), good},
      {"another issuer", with("https://spaces.test", "https://spaces.test/"), refused},
      {"issuer in capitals", with("https://spaces.test", "https://SPACES.test"), refused},
      {"no issuer", with("\"iss\":\"https://spaces.test\",", ""), refused},
      {"another audience", with("\"spaces\"", "\"space\""), refused},
      {"a list of audiences", with("\"spaces\"", "[\"spaces\"]"), refused},
      {"no audience", with("\"aud\":\"spaces\",", ""), refused},
      {"iss twice", plus("\"iss\":\"https://spaces.test\""), refused},
      {"role twice", plus("\"role\":\"owner\""), refused},
      {"role twice by an escape", plus("\"r\\u006fle\":\"owner\""), refused},
      {"a member twice, far inside", plus("\"x\":{\"a\":1,\"a\":2}"), refused},
      {"sub no UUID", with("01890a5d-ac96-774b-bcce-b302099a8057", "ann"), refused},
      {"sub nil", with("01890a5d-ac96-774b-bcce-b302099a8057", "00000000-0000-0000-0000-000000000000"), refused},
      {"no sub", with("\"sub\":\"01890a5d-ac96-774b-bcce-b302099a8057\",", ""), refused},
      {"no sid", with("\"sid\":\"01890a5d-ac96-774b-bcce-b302099a8058\",", ""), refused},
      {"role unknown", with("editor", "admin"), refused},
      {"role in capitals", with("editor", "Editor"), refused},
      {"no role", with("\"role\":\"editor\",", ""), refused},
      {"verified a text", with("true", "\"true\""), refused},
      {"verified a number", with("true", "1"), refused},
      {"no verified", with(",\"verified\":true", ""), refused},
      {"no object", "[]", refused},
      {"a text", "\"x\"", refused},
      {"no JSON", "{\"iss\":", refused},
      {"too deep", plus("\"x\":[[[[[[0]]]]]]"), refused},
      {"empty", "", refused},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(shop_.outcome(shop_.sign(shop_.header(), row.claims)), row.outcome) << row.sentence;
  }
}

TEST_P(tokens, dates_are_whole_seconds_within_reason) {
  const std::string c = shop_.claims();
  const auto with = [&](std::string_view from, std::string_view to) { return replaced(c, from, to); };
  const auto exp = [&](std::string_view text) { return with("1790001800", text); };
  const auto iat = [&](std::string_view text) { return with("1790000000", text); };
  const auto plus = [&](std::string_view member) { return replaced(c, "}", "," + std::string(member) + "}"); };
  const struct {
    std::string_view sentence;
    std::string claims;
    std::string_view outcome;
  } rows[] = {
      {"expired", exp("1790000000").replace(c.find("1790000000"), 10, "1789990000"), expired},
      {"expires in a second", exp("1790000001"), good},
      {"no exp", with("\"exp\":1790001800,", ""), refused},
      {"exp null", exp("null"), refused},
      {"exp a text", exp("\"1790001800\""), refused},
      {"exp negative", exp("-1790001800"), refused},
      {"exp minus zero", exp("-0"), refused},
      {"exp with a fraction", exp("1790001800.0"), refused},
      {"exp with an exponent", exp("179e8"), refused},
      {"exp the last second of the year 9999", exp("253402300799"), good},
      {"exp in the year 10000", exp("253402300800"), refused},
      {"exp 2^63", exp("9223372036854775808"), refused},
      {"exp 2^64 more than it should be", exp("18446744075499553416"), refused},
      {"exp infinite", exp("1e400"), refused},
      {"exp twice", plus("\"exp\":9999999999"), refused},
      {"exp before iat", exp("1789999999"), refused},
      {"exp at iat", exp("1790000000"), refused},
      {"no iat", with("\"iat\":1790000000,", ""), refused},
      {"iat a text", iat("\"1790000000\""), refused},
      {"iat with a fraction", iat("1790000000.5"), refused},
      {"iat negative", iat("-1"), refused},
      {"iat within the leeway", iat("1790000005"), good},
      {"iat in the future", iat("1790000006"), too_early},
      {"iat long ago", iat("0"), good},
      {"nbf past", plus("\"nbf\":1789999999"), good},
      {"nbf within the leeway", plus("\"nbf\":1790000005"), good},
      {"nbf in the future", plus("\"nbf\":1790000006"), too_early},
      {"nbf a text", plus("\"nbf\":\"0\""), refused},
      {"nbf null", plus("\"nbf\":null"), refused},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(shop_.outcome(shop_.sign(shop_.header(), row.claims)), row.outcome) << row.sentence;
  }
}

TEST_P(tokens, only_the_strict_compact_form_is_taken) {
  const std::string token = shop_.valid();
  const std::string head = token.substr(0, token.find('.'));
  const std::string body = token.substr(head.size() + 1, token.rfind('.') - head.size() - 1);
  const std::string signature = token.substr(token.rfind('.') + 1);
  const std::string long_claims = replaced(shop_.claims(), "}", ",\"x\":\"" + std::string(20'000, 'x') + "\"}");
  // The last character of a segment whose bytes are no multiple of three carries bits that must be zero.
  const std::string spaced = shop_.header() + (shop_.header().size() % 3 == 0 ? " " : "");
  std::string loose = to_base64url(spaced);
  loose.back() = static_cast<char>(loose.back() + 1);
  // A question mark as the third byte of three becomes '_', which plain base64 spells '/'.
  std::string plain = to_base64url(replaced(shop_.claims(), "}", ",\"x\":\"???\"}"));
  ASSERT_EQ(shop_.outcome(shop_.sign_segments(head + "." + plain)), good);
  plain = replaced(plain, "_", "/");
  const struct {
    std::string_view sentence;
    std::string token;
    std::string_view outcome;
  } rows[] = {
      {"as made", token, good},
      {"empty", "", refused},
      {"dots alone", "..", refused},
      {"no signature", head + "." + body + ".", refused},
      {"no signature, no dot", head + "." + body, refused},
      {"no header", "." + body + "." + signature, refused},
      {"no claims", head + ".." + signature, refused},
      {"a fourth segment", token + ".AAAA", refused},
      {"a dot at the end", token + ".", refused},
      {"a dot in front", "." + token, refused},
      {"padded header, signed so", shop_.sign_segments(head + "=." + body), refused},
      {"padded claims, signed so", shop_.sign_segments(head + "." + body + "="), refused},
      {"padded signature", token + "=", refused},
      {"header with spare bits, signed so", shop_.sign_segments(loose + "." + body), refused},
      {"a line end behind it", token + "\n", refused},
      {"a space in front", " " + token, refused},
      {"a line end inside the claims", shop_.sign_segments(head + ".\n" + body), refused},
      {"a zero byte behind it", token + std::string(1, '\0'), refused},
      {"the scheme in front", "Bearer " + token, refused},
      {"a quotation", "\"" + token + "\"", refused},
      {"20 kB, well signed", shop_.sign(shop_.header(), long_claims), refused},
      {"claims of another token",
       head + "." + to_base64url(replaced(shop_.claims(), "editor", "owner")) + "." + signature, refused},
      {"parts exchanged", body + "." + head + "." + signature, refused},
      {"the signature cut", token.substr(0, token.size() - 4), refused},
      {"the signature with more behind it", token + "AAAA", refused},
      {"the alphabet of plain base64, signed so", shop_.sign_segments(head + "." + plain), refused},
  };
  for (const auto& row : rows) EXPECT_EQ(shop_.outcome(row.token), row.outcome) << row.sentence;
}

TEST_P(tokens, the_size_is_bounded_to_the_byte) {
  const auto of_size = [&](std::size_t wanted) {
    const std::string start = to_base64url(shop_.header()) + ".";
    std::string claims = replaced(shop_.claims(), "}", ",\"x\":\"\"}");
    for (;; claims = replaced(claims, "\"x\":\"", "\"x\":\"y")) {
      const std::string token = shop_.sign_segments(start + to_base64url(claims));
      if (token.size() >= wanted) return token;
      const std::size_t missing = (wanted - token.size()) * 3 / 4;
      claims = replaced(claims, "\"x\":\"", "\"x\":\"" + std::string(missing > 4 ? missing - 4 : 0, 'y'));
    }
  };
  const std::string fits = of_size(access_token_bytes_max - 1);
  ASSERT_LE(fits.size(), access_token_bytes_max);
  EXPECT_EQ(shop_.outcome(fits), good);
  EXPECT_EQ(shop_.outcome(of_size(access_token_bytes_max + 1)), refused);
}

TEST_P(tokens, no_flipped_bit_passes) {
  const std::string token = shop_.valid();
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string bad = token;
    bad[at] = static_cast<char>(bad[at] ^ (at % 2 == 0 ? 1 : 4));
    ASSERT_EQ(shop_.outcome(bad), refused) << at;
  }
}

TEST_P(tokens, every_cut_is_refused) {
  const std::string token = shop_.valid();
  for (std::size_t size = 0; size < token.size(); ++size)
    ASSERT_EQ(shop_.outcome(token.substr(0, size)), refused) << size;
}

TEST_P(tokens, a_key_that_went_takes_its_tokens_along) {
  signing_keys both(test::hmac_signing_key("the key of the next half of the year"));
  const access_tokens newer(both, scope);
  const std::string old = shop_.valid();
  EXPECT_FALSE(newer.verify(old, now));
  both.also_accept(GetParam() == signature_algorithm::rs256 ? test::rsa_signing_key() : test::hmac_signing_key());
  EXPECT_TRUE(newer.verify(old, now));
  EXPECT_TRUE(newer.verify(newer.mint({ann, user_role{0}, true}, session, 1s, now), now));
  EXPECT_EQ(shop_.outcome(newer.mint({ann, user_role{0}, true}, session, 1s, now)), refused);
}

TEST_P(tokens, a_scope_without_names_lets_nobody_in) {
  const access_tokens empty(shop_.keys, token_scope{});
  const std::string nameless =
      replaced(replaced(shop_.claims(), "\"iss\":\"https://spaces.test\",", ""), "\"aud\":\"spaces\",", "");
  EXPECT_FALSE(empty.verify(shop_.sign(shop_.header(), nameless), now));
}

TEST_P(tokens, a_number_is_no_name_even_where_its_digits_are) {
  const access_tokens digits(shop_.keys, token_scope{"1", "2", scope.roles});
  const std::string named = replaced(replaced(shop_.claims(), "https://spaces.test", "1"), "\"spaces\"", "\"2\"");
  EXPECT_TRUE(digits.verify(shop_.sign(shop_.header(), named), now));
  EXPECT_FALSE(digits.verify(shop_.sign(shop_.header(), replaced(named, "\"1\"", "1")), now));
  EXPECT_FALSE(digits.verify(shop_.sign(shop_.header(), replaced(named, "\"2\"", "2")), now));
}

// The classic: an RSA public key is no secret, and a careless verifier takes it for one.
TEST(access_tokens, an_hmac_with_the_public_key_as_its_secret_is_refused) {
  const workshop shop(test::rsa_signing_key());
  const std::string pem = test::public_pem(test::shared_rsa());
  for (const std::string& secret : {pem, pem.substr(0, pem.size() - 1), test::private_pem(test::shared_rsa())}) {
    for (const std::string& header : {shop.header(), replaced(shop.header(), "RS256", "HS256")}) {
      const std::string segments = to_base64url(header) + "." + to_base64url(shop.claims());
      const sha256_digest tag = hmac_sha256(secret, segments);
      const std::string token = segments + "." + to_base64url({reinterpret_cast<const char*>(tag.data()), tag.size()});
      EXPECT_EQ(shop.outcome(token), refused);
    }
  }
}

// Made by another implementation (Python's json, hmac and base64) from the same secret and claims.
TEST(access_tokens, a_token_of_another_implementation_is_ours_to_the_letter) {
  const workshop shop(test::hmac_signing_key());
  EXPECT_EQ(shop.tokens.mint({ann, editor, true}, session, access_token_lifetime, now),
            "eyJhbGciOiJIUzI1NiIsImtpZCI6IkZkNWZkVlRLTEhqQmtTbkQiLCJ0eXAiOiJhdCtqd3QifQ.eyJpc3MiOiJodHRwczovL3N"
            "wYWNlcy50ZXN0IiwiYXVkIjoic3BhY2VzIiwic3ViIjoiMDE4OTBhNWQtYWM5Ni03NzRiLWJjY2UtYjMwMjA5OWE4MDU3Iiwic"
            "2lkIjoiMDE4OTBhNWQtYWM5Ni03NzRiLWJjY2UtYjMwMjA5OWE4MDU4IiwiaWF0IjoxNzkwMDAwMDAwLCJleHAiOjE3OTAwMDE"
            "4MDAsInJvbGUiOiJlZGl0b3IiLCJ2ZXJpZmllZCI6dHJ1ZX0.9ydDD6v538Y0gis9vG0MuizGRusi2xhpRDUpn4D7Kfc");
}

}  // namespace
}  // namespace spaces::identity
