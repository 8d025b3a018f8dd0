#include "marketplace/inquiries/block.hpp"
#include "marketplace/inquiries/report.hpp"
#include "scenario/inquiring.hpp"
#include "scenario/login.hpp"

#include <gtest/gtest.h>

namespace spaces::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* blocks = "/api/v1/users/me/blocks";

std::string id_text(std::string_view name) { return to_text(id_of(name)); }
std::string block_of(std::string_view name) { return R"({"userId":")" + id_text(name) + "\"}"; }

TEST(owners, are_in_no_answer_to_others) {
  scenario s{"an owner's address and telephone are shown to nobody", {.public_listings = true}};
  call made = register_user("ann@mail.example");
  made.body = R"({"email":"ann@mail.example","password":"Correct-Horse-7","name":"Ann","userType":"seller",)"
              R"("phoneNumber":"+12065550123"})";
  s.when(made).then(201).when(log_in("ann@mail.example")).then(200, keep("ann", "/access_token"));
  s.when(holding(post("/api/v1/properties", listing("", by("")).body()), "{ann}")).then(201, keep("loft", "/id"));
  s.given(buyer("ben")).when(post(all_inquiries, about("loft")).as("ben")).then(201, keep("q", "/id"));
  s.when(holding(put(one_inquiry, R"({"response":"At ten"})"), "{ann}")).then(200);
  for (const char* target :
       {"/api/v1/properties", "/api/v1/properties/{loft}", "/api/v1/inquiries/{q}", "/api/v1/inquiries?box=sent"}) {
    for (const char* who : {"", "ben"}) {
      const answer seen = s.place().send(get(s.filled(target)).as(who));
      EXPECT_EQ(seen.status, *who || std::string_view(target).starts_with("/api/v1/prop") ? 200 : 401) << target;
      EXPECT_EQ(seen.body.find("mail.example"), std::string::npos) << target << ": " << seen.body;
      EXPECT_EQ(seen.body.find("2065550123"), std::string::npos) << target << ": " << seen.body;
    }
  }
}

TEST(blocking, refuses_as_a_closed_listing_does) {
  scenario s{"who is blocked does not learn of it"};
  with_accounts(with_people(s), {"ann", "ben", "cid"})
      .given(listing("barn", by("ann")), listing("shed", by("dan")), listing("sold", by("ann"), status::sold))
      .when(post(all_inquiries, about("loft")).as("ben"))
      .then(201, keep("q", "/id"))
      .when(post(blocks, block_of("ben")).as("ann"))
      .then(201, shows("/userId", '"' + id_text("ben") + '"'), field("Location", blocks + ('/' + id_text("ben"))))
      .when(post(all_inquiries, about("barn")).as("ben"))
      .then(409, problem("listing-closed"), keep("detail", "/detail"))
      .when(post(all_inquiries, about("loft")).as("ben"))
      .then(409, problem("listing-closed"))
      .when(post(all_inquiries, about("sold")).as("cid"))
      .then(409, problem("listing-closed"), shows("/detail", "\"{detail}\""))
      .when(put(one_inquiry, R"({"message":"Why?"})").as("ben"))
      .then(409, problem("listing-closed"))
      .when(get(one_inquiry).as("ben"))
      .then(200)
      .when(post(all_inquiries, about("shed")).as("ben"))
      .then(201)
      .when(post(all_inquiries, about("barn")).as("cid"))
      .then(201)
      .when(put(one_inquiry, R"({"status":"closed"})").as("ben"))
      .then(200)
      .when(remove(blocks + ('/' + id_text("ben"))).as("ann"))
      .then(204)
      .when(post(all_inquiries, about("barn")).as("ben"))
      .then(201);
}

TEST(blocking, is_a_list_of_ones_own) {
  scenario s{"blocks are listed and removed by who made them"};
  with_accounts(with_people(s), {"ann", "ben", "cid"})
      .when(post(blocks, block_of("ben")).as("ann"))
      .then(201, shows("/createdAt", "\"2026-11-22T08:00:01.000Z\""))
      .after(1s)
      .when(post(blocks, block_of("cid")).as("ann"))
      .then(201)
      .when(post(blocks, block_of("ben")).as("ann"))
      .then(201, shows("/createdAt", "\"2026-11-22T08:00:01.000Z\""))
      .when(get(blocks).as("ann"))
      .then(200, shows("/items/0/userId", '"' + id_text("cid") + '"'),
            shows("/items/1/userId", '"' + id_text("ben") + '"'), shows("/items/2", ""), last_page())
      .when(get("/api/v1/users/me/blocks?limit=1").as("ann"))
      .then(200, more_follows(), keep("next", "/nextCursor"))
      .when(get("/api/v1/users/me/blocks?limit=1&cursor={next}").as("ann"))
      .then(200, shows("/items/0/userId", '"' + id_text("ben") + '"'), last_page())
      .when(get("/api/v1/users/me/blocks?cursor={next}").as("dan"))
      .then(422, errors({{"cursor", "bad-cursor"}}))
      .when(get(blocks).as("dan"))
      .then(200, shows("/items", "[]"))
      .when(remove(blocks + ('/' + id_text("ben"))).as("dan"))
      .then(404)
      .when(remove(blocks + ('/' + id_text("ben"))).as("ann"))
      .then(204)
      .when(remove(blocks + ('/' + id_text("ben"))).as("ann"))
      .then(404)
      .when(get("/api/v1/properties?owner=me").as("ann"))
      .then(200, lists({"loft"}))
      .when(post(blocks, block_of("ann")).as("ann"))
      .then(422, errors({{"/userId", "not-a-choice"}}))
      .when(post(blocks, "{}").as("ann"))
      .then(422, errors({{"/userId", "required"}}))
      .when(get(blocks))
      .then(401);
}

TEST(blocking, takes_idempotency_keys) {
  scenario s{"one key is one request"};
  with_accounts(with_people(s), {"ann", "ben", "cid"})
      .when(post(blocks, block_of("ben")).as("ann").with("Idempotency-Key", "k"))
      .then(201)
      .when(post(blocks, block_of("ben")).as("ann").with("Idempotency-Key", "k"))
      .then(201)
      .when(remove(blocks + ('/' + id_text("ben"))).as("ann"))
      .then(204)
      .when(post(blocks, block_of("ben")).as("ann").with("Idempotency-Key", "k"))
      .then(409, problem("conflict"))
      .when(get(blocks).as("ann"))
      .then(200, shows("/items", "[]"))
      .when(post(blocks, block_of("cid")).as("ann").with("Idempotency-Key", "k"))
      .then(422, errors({{"Idempotency-Key", "used-otherwise"}}));
}

TEST(blocking, is_of_people_who_exist) {
  scenario s{"a made-up id blocks nobody and leaves nothing behind"};
  with_people(s)
      .when(post(blocks, block_of("nobody")).as("ann"))
      .then(422, errors({{"/userId", "nobody"}}))
      .when(post(blocks, block_of("nobody")).as("ann").with("Idempotency-Key", "k"))
      .then(422, errors({{"/userId", "nobody"}}))
      .when(get(blocks).as("ann"))
      .then(200, shows("/items", "[]"));
  EXPECT_FALSE(*s.place().table().get(inquiries::block_count_key(id_of("ann")), table::consistency::strong));
}

TEST(blocking, has_a_bound_for_each_person) {
  scenario s{"as many as there may be, and one more when one is unblocked"};
  with_accounts(with_people(s), {"ben", "cid", "dan"});
  const auto full = s.place().table().write(
      {table::add{inquiries::block_count_key(id_of("ann")), "blocks", inquiries::blocks_max - 2, {}, {}}});
  ASSERT_TRUE(full && !*full);
  s.when(post(blocks, block_of("ben")).as("ann"))
      .then(201)
      .when(post(blocks, block_of("cid")).as("ann"))
      .then(201)
      .when(post(blocks, block_of("cid")).as("ann"))
      .then(201)  // is there already
      .when(post(blocks, block_of("dan")).as("ann"))
      .then(409, problem("conflict"),
            shows("/detail", "\"You block 1000 people, which is the most; unblock somebody first\""))
      .when(post(blocks, block_of("dan")).as("cid"))
      .then(201)
      .when(remove(blocks + ('/' + id_text("ben"))).as("ann"))
      .then(204)
      .when(remove(blocks + ('/' + id_text("ben"))).as("ann"))
      .then(404)
      .when(post(blocks, block_of("dan")).as("ann"))
      .then(201)
      .when(post(blocks, block_of("ben")).as("ann"))
      .then(409, problem("conflict"));
}

constexpr const char* report_path = "/api/v1/inquiries/{q}/report";

TEST(reporting, keeps_the_inquiry_as_it_was) {
  scenario s{"the operator sees what was reported, whatever became of it"};
  with_question(s)
      .when(post(report_path, R"({"reason":"Rude"})").as("cid"))
      .then(404, problem("not-found"))
      .when(post(report_path, R"({"reason":"Rude"})"))
      .then(401)
      .when(post(report_path, R"({"reason":""})").as("ann"))
      .then(422, errors({{"/reason", "too-short"}}))
      .when(post(report_path, R"({"reason":"Rude"})").as("ann"))
      .then(204)
      .when(put(one_inquiry, R"({"message":"Please"})").as("ben"))
      .then(200)
      .after(1s)
      .when(post(report_path, R"({"reason":"Ruder"})").as("ann"))
      .then(204)
      .when(post(report_path, "{}").as("ben"))
      .then(204);

  inquiries::reports reports(s.place().table(), s.place().clock());
  auto open = reports.list(inquiries::report_status::open);
  ASSERT_TRUE(open);
  ASSERT_EQ(open->size(), 2U);
  const inquiries::report& first = open->front();
  EXPECT_EQ(first.reason, "Rude");
  EXPECT_EQ(first.message, "May I see it on Saturday?");
  EXPECT_EQ(first.reported_by, id_of("ann"));
  EXPECT_EQ(first.user_id, id_of("ben"));
  EXPECT_EQ(open->back().message, "Please");

  const auto resolved = reports.resolve(first.id, "Talked to ben", {});
  ASSERT_TRUE(resolved);
  EXPECT_EQ(resolved->note, "Talked to ben");
  EXPECT_EQ(reports.list(inquiries::report_status::open)->size(), 1U);
  EXPECT_EQ(reports.list(inquiries::report_status::resolved)->front().id, first.id);
  EXPECT_EQ(reports.resolve(first.id, {}, {}).error().kind, error_kind::conflict);
  EXPECT_EQ(reports.resolve(id_of("nothing"), {}, {}).error().kind, error_kind::not_found);
}

}  // namespace
}  // namespace spaces::test
