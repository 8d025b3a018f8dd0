#include "platform/record/json.hpp"
#include "scenario/scenario.hpp"

#include <gmock/gmock.h>

#include <set>
#include <thread>

namespace spaces::test {
namespace {

using namespace properties;
using namespace std::chrono_literals;

constexpr const char* all = "/api/v1/properties";
constexpr const char* key_name = "Idempotency-Key";

const std::string everything =
    R"({"title":"Sunny craftsman, \"the\" pear tree 🍐","description":"Two lines\nand a\ttab","price":549500.25,)"
    R"("status":"pending","propertyType":"Single Family Residence","bedrooms":3,"bathrooms":2.25,"squareFeet":1840,)"
    R"("lotSquareFeet":5200,"yearBuilt":1924,"address":"1208 N 42nd St","city":"São Paulo","state":"WA",)"
    R"("zipCode":"98103","latitude":47.6592123456789012,"longitude":-122.3418,"features":["garden","Garage"]})";

std::string body_with(const std::string& name, const std::string& json) {
  return listing("", by(""), with(name, json)).body();
}

/// That every member of `sent` stands in the answer, numbers digit by digit.
expectation shows_all_of(std::string sent) {
  return [sent = std::move(sent)](scenario&, const answer& seen) {
    const auto members = record::parse_json(sent);
    ASSERT_TRUE(members) << sent;
    const answer as_sent{0, {}, sent};
    for (const record::json_member& member : members->members)
      EXPECT_EQ(seen.at('/' + member.name), as_sent.at('/' + member.name)) << member.name;
  };
}

TEST(Publishing, EverythingComesBackAsItWasSent) {
  scenario s{"a listing with every field comes back from create and from read"};
  s.given(seller("ann"), buyer("ben"))
      .when(post(all, everything).as("ann"))
      .then(201, shows_all_of(everything), keep("house", "/id"), field("ETag", "\"v1\""), shows("/version", "1"),
            shows("/images", "[]"), shows("/userId", '"' + to_text(id_of("ann")) + '"'),
            shows("/createdAt", "\"2026-11-22T08:00:00.000Z\""), shows("/updatedAt", "\"2026-11-22T08:00:00.000Z\""))
      .then(201, field("Location", "/api/v1/properties/{house}"))
      .when(get("/api/v1/properties/{house}").as("ben"))
      .then(200, shows_all_of(everything), field("ETag", "\"v1\""), field("Content-Type", "application/json"))
      .when(get("/api/v1/properties/{house}/").as("ann"))
      .then(200, shows("/id", "\"{house}\""));
}

TEST(Publishing, RequiredFieldsAreEnough) {
  scenario s{"a listing without optional fields shows none, and is active"};
  s.given(agent("amy"))
      .when(post(all, listing("", by("")).body()).as("amy"))
      .then(201, shows("/status", "\"active\""), shows("/features", "[]"), shows("/description", "null"));
}

TEST(Publishing, NumbersKeepTheirDigits) {
  scenario s{"money and degrees never pass through a double"};
  s.given(seller("ann"));
  const std::vector<std::tuple<std::string, std::string, std::string>> rows = {
      {"price", "0.01", "0.01"},
      {"price", "999999999999.99", "999999999999.99"},
      {"price", "4.5e5", "450000"},
      {"price", "450000.10", "450000.1"},
      {"price", "1234567.89", "1234567.89"},
      {"bathrooms", "0.75", "0.75"},
      {"lotSquareFeet", "100000000000", "100000000000"},
  };
  for (const auto& [name, sent, shown] : rows)
    s.when(post(all, body_with(name, sent)).as("ann")).then(201, shows('/' + name, shown));
  for (const auto& [sent, shown] : {std::pair{"-0.00000000000000000001", "-0.00000000000000000001"}, {"90", "90"}})
    s.when(post(all, listing("", by(""), with("latitude", sent), with("longitude", "0")).body()).as("ann"))
        .then(201, shows("/latitude", shown), shows("/longitude", "0"));
  for (const auto& [sent, shown] : {std::pair{"-179.999999999999999", "-179.999999999999999"}, {"0.1", "0.1"}})
    s.when(post(all, listing("", by(""), with("latitude", "0"), with("longitude", sent)).body()).as("ann"))
        .then(201, shows("/latitude", "0"), shows("/longitude", shown));
}

TEST(Publishing, TextsAreTrimmedAndOtherwiseKept) {
  scenario s{"white space at the ends goes, NFC is not forced"};
  s.given(seller("ann"))
      .when(post(all, body_with("title", R"("  Cafe\u0301\u00A0corner \u3000")")).as("ann"))
      .then(201, shows("/title", "\"Cafe\u0301\u00A0corner\""))
      .when(post(all, body_with("features", R"([" garden ","pool"])")).as("ann"))
      .then(201, shows("/features", R"(["garden","pool"])"));
}

struct refused_row {
  std::string name;
  std::string json;
  std::string pointer;
  std::string code;
};

TEST(Publishing, EachRuleRefuses) {
  scenario s{"a broken rule is named with its field and a code"};
  s.given(seller("ann"));
  const auto text = [](std::size_t size) { return '"' + std::string(size, 'x') + '"'; };
  const std::vector<refused_row> rows = {
      {"title", text(2), "/title", "too-short"},
      {"title", "\"  a  \"", "/title", "too-short"},
      {"title", text(121), "/title", "too-long"},
      {"title", "\"a\\u0000bc\"", "/title", "control-character"},
      {"title", "\"one\\ntwo\"", "/title", "control-character"},
      {"title", "7", "/title", "wrong-type"},
      {"title", "null", "/title", "required"},
      {"description", text(20001), "/description", "too-long"},
      {"description", "\"bell \\u0007\"", "/description", "control-character"},
      {"price", "0", "/price", "too-small"},
      {"price", "-1", "/price", "too-small"},
      {"price", "0.001", "/price", "too-precise"},
      {"price", "1000000000000", "/price", "too-large"},
      {"price", "\"450000\"", "/price", "wrong-type"},
      {"price", "1e400", "/price", "out-of-range"},
      {"price", "null", "/price", "required"},
      {"status", "\"gone\"", "/status", "not-a-choice"},
      {"status", "1", "/status", "wrong-type"},
      {"bedrooms", "1.5", "/bedrooms", "not-whole"},
      {"bedrooms", "-1", "/bedrooms", "too-small"},
      {"bathrooms", "1.1", "/bathrooms", "not-a-step"},
      {"yearBuilt", "999", "/yearBuilt", "too-small"},
      {"latitude", "90.1", "/latitude", "too-large"},
      {"longitude", "-180.5", "/longitude", "too-small"},
      {"longitude", "18446744073709551616", "/longitude", "out-of-range"},
      {"city", "\" \"", "/city", "too-short"},
      {"zipCode", text(17), "/zipCode", "too-long"},
      {"features", "\"garden\"", "/features", "wrong-type"},
      {"features", "[1]", "/features", "wrong-type"},
      {"features", R"(["garden",""])", "/features/1", "too-short"},
      {"title", R"("\u200b\u200b\u200b")", "/title", "not-legible"},
      {"city", R"("\u202eelttaeS")", "/city", "not-legible"},
      {"address", R"("\u2066\u2069 1")", "/address", "not-legible"},
      {"state", R"("\u3164")", "/state", "not-legible"},
      {"zipCode", R"("\u00ad")", "/zipCode", "not-legible"},
      {"propertyType", R"("\uffff")", "/propertyType", "not-legible"},
      {"features", R"(["pool","\u200d"])", "/features/1", "not-legible"},
      {"status", "\"taken-down\"", "/status", "not-a-choice"},
      {"takedownReason", "\"none\"", "/takedownReason", "fixed"},
      {"id", "\"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071\"", "/id", "fixed"},
      {"version", "9", "/version", "fixed"},
      {"userId", "\"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071\"", "/userId", "fixed"},
      {"images", "[]", "/images", "fixed"},
      {"colour", "1", "/colour", "unknown"},
      {"a/b~c", "1", "/a~1b~0c", "unknown"},
  };
  for (const refused_row& row : rows)
    s.when(post(all, body_with(row.name, row.json)).as("ann"))
        .then(422, problem("invalid"), errors({{row.pointer, row.code}}), no_field("ETag"));
  s.when(get("/api/v1/properties?owner=me").as("ann")).then(200, lists({}), last_page());
}

TEST(Publishing, LengthsCountCodePoints) {
  scenario s{"120 letters of four bytes are a title, 121 are not"};
  s.given(seller("ann"));
  std::string pears;
  for (int i = 0; i < 120; ++i) pears += "🍐";
  s.when(post(all, body_with("title", '"' + pears + '"')).as("ann"))
      .then(201, shows("/title", '"' + pears + '"'))
      .when(post(all, body_with("title", '"' + pears + "🍐\"")).as("ann"))
      .then(422, errors({{"/title", "too-long"}}));
}

TEST(Publishing, AllProblemsAreToldAtOnce) {
  scenario s{"one answer names every broken rule"};
  s.given(seller("ann"))
      .when(post(all, R"({"title":"x","price":-1,"bathrooms":1.1,"colour":"red","id":"y"})").as("ann"))
      .then(422, errors({{"/title", "too-short"},
                         {"/price", "too-small"},
                         {"/bathrooms", "not-a-step"},
                         {"/colour", "unknown"},
                         {"/id", "fixed"},
                         {"/city", "required"},
                         {"/state", "required"},
                         {"/zipCode", "required"}}));
}

TEST(Publishing, WhatIsNoJsonObjectIsRefused) {
  scenario s{"bodies that cannot be read are 400, other media types 415"};
  s.given(seller("ann"));
  for (const char* body : {"{", "{\"title\":}", "{\"title\":\"a\",\"title\":\"b\"}", "nonsense", "{} {}", "\"\xff\""})
    s.when(post(all, body).as("ann")).then(400, problem("malformed"));
  s.when(post(all, "").as("ann").with("Content-Type", "application/json")).then(400, problem("malformed"));
  for (const char* body : {"[]", "1", "null", "\"text\""})
    s.when(post(all, body).as("ann")).then(422, problem("invalid"), errors({{"", "wrong-type"}}));
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"})
    s.when(post(all, listing("", by("")).body()).as("ann").with("Content-Type", type))
        .then(415, problem("unsupported-media-type"));
  s.when(post(all, listing("", by("")).body()).as("ann").with("Content-Type", "application/JSON; charset=\"UTF-8\""))
      .then(201);
}

// ---- Idempotency-Key

TEST(Idempotency, TheSameRequestTwiceMakesOneListing) {
  scenario s{"the second request makes nothing and shows what the first one made"};
  const std::string body = listing("", by("")).body();
  s.given(seller("ann"))
      .when(post(all, body).as("ann").with(key_name, "k-1"))
      .then(201, keep("house", "/id"), keep("time", "/createdAt"))
      .after(1h)
      .when(post(all, body).as("ann").with(key_name, "k-1"))
      .then(201, shows("/id", "\"{house}\""), shows("/createdAt", "\"{time}\""), field("ETag", "\"v1\""),
            field("Location", "/api/v1/properties/{house}"))
      .when(patch("/api/v1/properties/{house}", R"({"price":1})").as("ann"))
      .then(200)
      .when(post(all, body).as("ann").with(key_name, "k-1"))
      .then(201, shows("/id", "\"{house}\""), shows("/price", "1"), field("ETag", "\"v2\""))
      .when(get("/api/v1/properties?owner=me").as("ann"))
      .then(200, lists({"house"}))
      .when(remove("/api/v1/properties/{house}").as("ann"))
      .then(204)
      .when(post(all, body).as("ann").with(key_name, "k-1"))
      .then(409, problem("conflict"))
      .when(get("/api/v1/properties?owner=me").as("ann"))
      .then(200, lists({}));
}

TEST(Idempotency, ARequestIsTheSameHoweverItIsWritten) {
  scenario s{"a key belongs to what a request means, not to its bytes"};
  const auto repeats = [&](const char* body) {
    s.when(post("/api/v1/properties/", body).as("ann").with(key_name, "k-1")).then(201, shows("/id", "\"{house}\""));
  };
  s.given(seller("ann"))
      .when(post(all, R"({"title":"Loft","price":450000,"city":"Seattle","state":"WA","zipCode":"98101"})")
                .as("ann")
                .with(key_name, "k-1"))
      .then(201, keep("house", "/id"));
  repeats(R"({"city":"Seattle", "price":450000.00, "state":"WA", "title":"Loft", "zipCode":"98101"})");
  repeats(R"({"title":" Loft ","price":45e4,"city":"Seattle","state":"WA","zipCode":"98101","bedrooms":null})");
  repeats(R"({"title":"\u004coft","price":450000,"city":"Seattle","state":"WA","zipCode":"98101","status":"active"})");
  s.when(get("/api/v1/properties?owner=me").as("ann")).then(200, lists({"house"}));
}

TEST(Idempotency, AnotherBodyIsRefused) {
  scenario s{"a key belongs to one request"};
  s.given(seller("ann"))
      .when(post(all, body_with("price", "1")).as("ann").with(key_name, "k-1"))
      .then(201, keep("house", "/id"))
      .when(post(all, body_with("price", "2")).as("ann").with(key_name, "k-1"))
      .then(422, problem("invalid"), errors({{"Idempotency-Key", "used-otherwise"}}))
      .when(get("/api/v1/properties?owner=me").as("ann"))
      .then(200, lists({"house"}));
}

TEST(Publishing, WhoMayNotPublishHearsSoBeforeWhatIsWrongWithTheBody) {
  scenario s{"authorization comes before the body"};
  s.given(seller("ann"), buyer("ben"));
  for (const std::string& body : {body_with("price", "-1"), std::string("{"), std::string("[]"), std::string()}) {
    s.when(post(all, body).as("ben")).then(403, problem("forbidden"));
    s.when(post(all, body)).then(401);
  }
  s.when(post(all, body_with("price", "-1")).as("ann")).then(422);
}

TEST(Idempotency, KeysOfOthersAndRefusedRequestsDoNotCount) {
  scenario s{"a key is one person's, and used only by what was made"};
  const std::string body = listing("", by("")).body();
  s.given(seller("ann"), seller("sue"), buyer("ben"))
      .when(post(all, body_with("price", "-1")).as("ann").with(key_name, "k-1"))
      .then(422)
      .when(post(all, body).as("ben").with(key_name, "k-1"))
      .then(403)
      .when(post(all, body).as("ann").with(key_name, "k-1"))
      .then(201, keep("anns", "/id"))
      .when(post(all, body).as("sue").with(key_name, "k-1"))
      .then(201, keep("sues", "/id"))
      .when(post(all, body).as("ann").with(key_name, "k-2"))
      .then(201, keep("second", "/id"))
      .when(get("/api/v1/properties?owner=me").as("ann"))
      .then(200, lists({"second", "anns"}))
      .when(get("/api/v1/properties?owner=me").as("sue"))
      .then(200, lists({"sues"}));
}

TEST(Idempotency, AKeyIsFreeAgainAfterADay) {
  scenario s{"24 hours, then the same request makes another listing"};
  const std::string body = listing("", by("")).body();
  s.given(seller("ann"))
      .when(post(all, body).as("ann").with(key_name, "k-1"))
      .then(201, keep("first", "/id"))
      .after(24h - 1s)
      .when(post(all, body).as("ann").with(key_name, "k-1"))
      .then(201, shows("/id", "\"{first}\""))
      .after(1s)
      .when(post(all, body_with("price", "7")).as("ann").with(key_name, "k-1"))
      .then(201, keep("next", "/id"), shows("/price", "7"))
      .when(get("/api/v1/properties?owner=me").as("ann"))
      .then(200, lists({"next", "first"}));
}

TEST(Idempotency, KeysHave1To255PrintableCharacters) {
  scenario s{"a bad key is 400, and nothing is made"};
  const std::string body = listing("", by("")).body();
  s.given(seller("ann"));
  for (const std::string& key : {std::string(), std::string(256, 'k'), std::string("a b"), std::string("caf\xc3\xa9")})
    s.when(post(all, body).as("ann").with(key_name, key)).then(400, problem("malformed"));
  s.when(post(all, body).as("ann").with(key_name, "a").with(key_name, "b")).then(400, problem("malformed"));
  s.when(get("/api/v1/properties?owner=me").as("ann")).then(200, lists({}));
  s.when(post(all, body).as("ann").with(key_name, std::string(255, 'k'))).then(201);
}

TEST(Idempotency, ManyAtOnceMakeOneListing) {
  market place;
  place.add(seller("ann"));
  const call request = post(all, listing("", by("")).body()).as("ann").with(key_name, "k-1");
  constexpr std::size_t clients = 32;
  std::vector<answer> answers(clients);
  std::vector<std::thread> threads;
  threads.reserve(clients);
  for (answer& mine : answers) threads.emplace_back([&] { mine = place.send(request); });
  for (std::thread& one : threads) one.join();
  std::set<std::string> ids;
  for (const answer& one : answers) {
    EXPECT_EQ(one.status, 201) << one.body;
    ids.insert(one.text_at("/id"));
  }
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_EQ(place.send(get("/api/v1/properties?owner=me").as("ann")).column("id").size(), 1U);
}

}  // namespace
}  // namespace spaces::test
