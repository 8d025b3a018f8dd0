#include "scenario/inquiring.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace spaces::test {
namespace {

using namespace std::chrono_literals;

TEST(inquiring, makes_an_inquiry_that_both_sides_read) {
  scenario s{"a buyer inquires, the seller reads"};
  with_people(s)
      .when(post(all_inquiries, about("loft", "Is the pear tree old?\\nMay I see it?")).as("ben"))
      .then(201, keep("q", "/id"), field("Location", "/api/v1/inquiries/{q}"), field("ETag", "\"v1\""),
            shows("/propertyId", "\"{loft}\""), shows("/propertyTitle", "\"Light-filled loft\""),
            shows("/message", R"("Is the pear tree old?\nMay I see it?")"), shows("/status", "\"new\""),
            shows("/response", "null"), shows("/createdAt", "\"2026-11-22T08:00:01.000Z\""), shows("/version", "1"),
            shows("/inquirerEmail", ""))
      .when(get(one_inquiry).as("ben"))
      .then(200, field("ETag", "\"v1\""), shows("/status", "\"new\""), shows("/inquirerEmail", ""))
      .when(get(one_inquiry).as("ann"))
      .then(200, shows("/message", R"("Is the pear tree old?\nMay I see it?")"), shows("/inquirerEmail", "null"));
}

TEST(inquiring, is_for_others_listings_that_one_can_still_buy) {
  scenario s{"which listings take inquiries"};
  with_people(s)
      .given(listing("pending", by("ann"), status::pending), listing("sold", by("ann"), status::sold),
             listing("draft", by("ann"), status::draft), listing("gone", by("ann"), status::withdrawn))
      .when(post(all_inquiries, about("pending")).as("ben"))
      .then(201)
      .when(post(all_inquiries, about("sold")).as("ben"))
      .then(409, problem("listing-closed"))
      .when(post(all_inquiries, about("draft")).as("ben"))
      .then(404, problem("not-found"))
      .when(post(all_inquiries, about("gone")).as("ben"))
      .then(404, problem("not-found"))
      .when(post(all_inquiries, R"({"propertyId":"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071","message":"Hm?"})").as("ben"))
      .then(404, problem("not-found"))
      .when(post(all_inquiries, about("loft")).as("ann"))
      .then(403, problem("forbidden"), shows("/detail", "\"You cannot inquire about your own listing\""))
      .when(post(all_inquiries, about("loft")).as("dan"))
      .then(201)
      .when(post(all_inquiries, about("loft")))
      .then(401, problem("unauthenticated"));
}

TEST(inquiring, needs_a_confirmed_address_in_production) {
  scenario s{"unverified people read, and do not inquire", {.production = true}};
  s.given(seller("ann"), unverified(buyer("ben")), buyer("cid"), listing("loft", by("ann")))
      .when(post(all_inquiries, about("loft")).as("ben"))
      .then(403, problem("email-unverified"))
      .when(get(all_inquiries).as("ben"))
      .then(200)
      .when(post(all_inquiries, about("loft")).as("cid"))
      .then(201);
}

TEST(inquiring, is_once_until_it_is_closed) {
  scenario s{"one open inquiry for each person and listing"};
  with_question(s)
      .when(post(all_inquiries, about("loft", "And Sunday?")).as("ben"))
      .then(409, problem("already-asked"),
            shows("/detail", R"("You have an open inquiry about this property: )"
                             R"(/api/v1/inquiries/{q}")"))
      .when(put(one_inquiry, R"({"response":"Yes"})").as("ann"))
      .then(200)
      .when(post(all_inquiries, about("loft", "And Sunday?")).as("ben"))
      .then(409, problem("already-asked"))
      .when(post(all_inquiries, about("loft")).as("cid"))
      .then(201)
      .when(put(one_inquiry, R"({"status":"closed"})").as("ben"))
      .then(200)
      .when(post(all_inquiries, about("loft", "And Sunday?")).as("ben"))
      .then(201);
}

TEST(inquiring, with_one_key_gives_one_answer) {
  scenario s{"the same key and body, the same inquiry, whatever happened since"};
  const auto again = [] { return post(all_inquiries, about("loft")).as("ben").with("Idempotency-Key", "k"); };
  with_people(s)
      .when(again())
      .then(201, keep("q", "/id"))
      .when(again())
      .then(201, shows("/id", "\"{q}\""), field("Location", "/api/v1/inquiries/{q}"))
      .when(post(all_inquiries, about("loft", "Another")).as("ben").with("Idempotency-Key", "k"))
      .then(422, errors({{"Idempotency-Key", "used-otherwise"}}))
      .when(patch("/api/v1/properties/{loft}", R"({"status":"sold"})").as("ann"))
      .then(200)
      .when(again())
      .then(201, shows("/id", "\"{q}\""))
      .when(remove("/api/v1/properties/{loft}").as("ann"))
      .then(204)
      .when(again())
      .then(201, shows("/id", "\"{q}\""));
}

TEST(inquiring, keeps_texts_to_their_rules) {
  scenario s{"what a message may hold"};
  with_people(s)
      .when(post(all_inquiries, R"({"propertyId":"{loft}"})").as("ben"))
      .then(422, errors({{"/message", "required"}}))
      .when(post(all_inquiries, R"({"message":"Hello"})").as("ben"))
      .then(422, errors({{"/propertyId", "required"}}))
      .when(post(all_inquiries, about("loft", "a\\u0007b")).as("ben"))
      .then(422, errors({{"/message", "control-character"}}))
      .when(post(all_inquiries, about("loft", "a\\ud800b")).as("ben"))
      .then(400, problem("malformed"))
      .when(post(all_inquiries, about("loft", std::string(5001, 'x'))).as("ben"))
      .then(422, errors({{"/message", "too-long"}}))
      .when(post(all_inquiries, about("loft", "http://a.example https://b.example www.c.example ftp://d.example"))
                .as("ben"))
      .then(422, errors({{"/message", "too-many-links"}}))
      .when(post(all_inquiries, R"({"propertyId":"{loft}","message":"Hi","status":"closed","response":"x"})").as("ben"))
      .then(422, errors({{"/status", "fixed"}, {"/response", "fixed"}}))
      .when(post(all_inquiries, about("loft", "http://a.example https://www.b.example www.c.example")).as("ben"))
      .then(201);
}

/// Listings house1 … houseN of ann's.
void publish(scenario& s, int count) {
  for (int i = 1; i <= count; ++i) s.given(listing("house" + std::to_string(i), by("ann")));
}

std::string house(int number) { return "house" + std::to_string(number); }

TEST(inquiring, is_limited_by_the_hour_and_the_day) {
  scenario s{"5 an hour and 20 a day"};
  with_people(s);
  publish(s, 26);
  int next = 1;
  const auto send = [&](const std::string& who = "ben") {
    const std::string text = "Question " + std::to_string(next);
    return post(all_inquiries, about(house(next++), text)).as(who);
  };
  for (int hour = 0; hour < 4; ++hour) {
    for (int i = 0; i < 5; ++i) s.when(send()).then(201);
    s.after(90s).when(send()).then(429, problem("limited"), field("Retry-After", "3510"));
    --next;
    s.after(3510s);
  }
  s.when(send()).then(429, problem("limited"), field("Retry-After", "72000"));
  --next;
  s.when(send("cid")).then(201).after(20h).when(send()).then(201);
}

TEST(inquiring, is_limited_in_every_hour_wherever_it_begins) {
  scenario s{"5 within any 60 minutes, not 10 around the end of one"};
  with_people(s);
  publish(s, 11);
  int next = 1;
  const auto send = [&] {
    return post(all_inquiries, about(house(next), "Question " + std::to_string(next))).as("ben");
  };
  s.when(send()).then(201);
  s.after(59min);
  for (next = 2; next <= 5; ++next) s.when(send()).then(201);
  s.when(send()).then(429, problem("limited"), field("Retry-After", "60"));
  s.after(60s).when(send()).then(201);  // the first is an hour ago
  next = 7;
  s.when(send()).then(429, field("Retry-After", "3540"));
  s.after(3540s);
  for (; next <= 10; ++next) s.when(send()).then(201);
  s.when(send()).then(429, field("Retry-After", "60"));
}

TEST(inquiring, tells_of_a_limit_last) {
  scenario s{"a retry, a block and an open question are told first"};
  with_people(s).given(seller("eve"), listing("nook", by("eve")));
  publish(s, 5);
  open_account(s, {"ben"});
  s.when(post("/api/v1/users/me/blocks", R"({"userId":")" + to_text(id_of("ben")) + "\"}").as("eve")).then(201);
  const auto keyed = [] { return post(all_inquiries, about("loft")).as("ben").with("Idempotency-Key", "k"); };
  s.when(keyed()).then(201, keep("q", "/id"));
  for (int i = 1; i <= 4; ++i) s.when(post(all_inquiries, about(house(i))).as("ben")).then(201);
  s.when(post(all_inquiries, about(house(5), "New")).as("ben"))
      .then(429, problem("limited"))
      .when(keyed())
      .then(201, shows("/id", "\"{q}\""))
      .when(post(all_inquiries, about(house(5))).as("ben").with("Idempotency-Key", "k"))
      .then(422, errors({{"Idempotency-Key", "used-otherwise"}}))
      .when(post(all_inquiries, about("nook")).as("ben"))
      .then(409, problem("listing-closed"))
      .when(post(all_inquiries, about("loft")).as("ben"))
      .then(409, problem("already-asked"))
      .when(post(all_inquiries, about(house(5))).as("ben"))
      .then(422, errors({{"/message", "repeated"}}));
}

TEST(inquiring, in_one_text_is_for_five_listings_a_day) {
  scenario s{"the same text by the same person"};
  with_people(s);
  publish(s, 7);
  for (int i = 1; i <= 5; ++i)
    s.when(post(all_inquiries, about(house(i), i % 2 == 0 ? "Is it  FREE?" : "is it free?")).as("ben")).then(201);
  s.after(2h)
      .when(post(all_inquiries, about(house(6), "Is it free?")).as("ben"))
      .then(422, problem("invalid"), errors({{"/message", "repeated"}}))
      .when(post(all_inquiries, about(house(6), "Is it free?")).as("cid"))
      .then(201)
      .when(post(all_inquiries, about(house(6), "Is it sold?")).as("ben"))
      .then(201, keep("q", "/id"))
      .when(put(one_inquiry, R"({"message":"is it free?"})").as("ben"))
      .then(422, errors({{"/message", "repeated"}}))
      .after(23h)
      .when(put(one_inquiry, R"({"message":"is it free?"})").as("ben"))
      .then(200);
}

TEST(inquiring, again_about_one_listing_is_no_further_listing) {
  scenario s{"the same text about the same listing"};
  with_question(s);
  publish(s, 5);
  for (int round = 0; round < 3; ++round)
    s.when(put(one_inquiry, R"({"status":"closed"})").as("ben"))
        .then(200)
        .when(post(all_inquiries, about("loft")).as("ben"))
        .then(201, keep("q", "/id"));
  s.when(post(all_inquiries, about(house(1))).as("ben"))
      .then(201)
      .after(2h)
      .when(put(one_inquiry, R"({"message":"Or on Sunday?"})").as("ben"))
      .then(200)
      .when(put(one_inquiry, R"({"message":"May I see it on Saturday?"})").as("ben"))
      .then(200);
  for (int i = 2; i <= 4; ++i) s.when(post(all_inquiries, about(house(i))).as("ben")).then(201);
  s.when(post(all_inquiries, about(house(5))).as("ben")).then(422, errors({{"/message", "repeated"}}));
}

TEST(inquiring, edits_as_often_as_one_inquires) {
  scenario s{"20 edited messages a day"};
  with_question(s);
  const auto edit = [](int number) { return put(one_inquiry, R"({"message":"No )" + std::to_string(number) + "\"}"); };
  for (int i = 0; i < 20; ++i) s.when(edit(i).as("ben")).then(200);
  s.when(edit(20).as("ben"))
      .then(429, problem("limited"), field("Retry-After", "86400"))
      .when(edit(19).as("ben"))
      .then(200)  // as it was
      .after(24h)
      .when(edit(20).as("ben"))
      .then(200);
}

TEST(inquiring, what_is_refused_counts_for_nothing) {
  scenario s{"refused inquiries use nothing up"};
  with_question(s).given(listing("sold", by("ann"), status::sold));
  publish(s, 5);
  for (int i = 0; i < 9; ++i) {
    s.when(post(all_inquiries, about("loft", "Again")).as("ben")).then(409);
    s.when(post(all_inquiries, about("sold", "Again")).as("ben")).then(409);
  }
  for (int i = 1; i <= 4; ++i) s.when(post(all_inquiries, about(house(i), "Again")).as("ben")).then(201);
  s.when(post(all_inquiries, about(house(5), "Else")).as("ben")).then(429);
}

// ---- At the same time.

TEST(inquiring, twice_concurrently_is_one) {
  for (const bool keyed : {false, true}) {
    scenario s{"64 submissions of one question"};
    with_people(s);
    std::atomic<int> made = 0;
    std::atomic<int> refused = 0;
    std::vector<std::jthread> crowd;
    crowd.reserve(64);
    for (int i = 0; i < 64; ++i)
      crowd.emplace_back([&] {
        call request = post(all_inquiries, s.filled(about("loft"))).as("ben");
        if (keyed) request.fields.emplace_back("Idempotency-Key", "one");
        const answer got = s.place().send(request);
        (got.status == 201 ? made : refused) += 1;
        EXPECT_TRUE(got.status == 201 || (!keyed && got.status == 409)) << got.body;
      });
    crowd.clear();
    EXPECT_EQ(made, keyed ? 64 : 1);
    EXPECT_EQ(refused, keyed ? 0 : 63);
    s.when(get("/api/v1/inquiries?box=sent").as("ben")).then(200);
    EXPECT_EQ(s.place().send(get("/api/v1/inquiries").as("ann")).column("id").size(), 1U);
    s.when(get("/api/v1/properties/{loft}").as("ann"))
        .then(200, shows("/inquiryCount", "1"), shows("/openInquiryCount", "1"));
  }
}

TEST(inquiring, of_one_person_concurrently_keeps_to_the_limit) {
  scenario s{"a person inquires about 16 listings at the same time"};
  with_people(s);
  publish(s, 16);
  std::atomic<int> made = 0;
  std::vector<std::jthread> crowd;
  for (int i = 1; i <= 16; ++i)
    crowd.emplace_back([&, i] {
      const answer got = s.place().send(post(all_inquiries, s.filled(about(house(i), house(i)))).as("ben"));
      EXPECT_TRUE(got.status == 201 || got.status == 429) << got.body;
      if (got.status == 201) ++made;
    });
  crowd.clear();
  EXPECT_EQ(made, 5);
}

TEST(inquiring, while_the_owner_sells_is_before_or_not_at_all) {
  scenario s{"64 people inquire and the owner closes the listing"};
  with_people(s);
  for (int i = 0; i < 64; ++i) s.given(buyer("p" + std::to_string(i)));
  std::atomic<int> made = 0;
  std::vector<std::jthread> crowd;
  crowd.reserve(64);
  for (int i = 0; i < 64; ++i)
    crowd.emplace_back([&, i] {
      const answer got = s.place().send(post(all_inquiries, s.filled(about("loft"))).as("p" + std::to_string(i)));
      EXPECT_TRUE(got.status == 201 || (got.status == 409 && got.text_at("/type").ends_with("listing-closed")))
          << got.body;
      if (got.status == 201) ++made;
    });
  const answer sold = s.place().send(patch(s.filled("/api/v1/properties/{loft}"), R"({"status":"sold"})").as("ann"));
  EXPECT_EQ(sold.status, 200) << sold.body;
  crowd.clear();
  EXPECT_EQ(s.place().send(post(all_inquiries, s.filled(about("loft"))).as("ben")).status, 409);
  EXPECT_EQ(s.place().send(get("/api/v1/inquiries?limit=100").as("ann")).column("id").size(),
            static_cast<std::size_t>(made));
  const std::string count = std::to_string(made);
  s.when(get("/api/v1/properties/{loft}").as("ann"))
      .then(200, shows("/inquiryCount", count), shows("/openInquiryCount", count), shows("/version", "2"));
}

}  // namespace
}  // namespace spaces::test
