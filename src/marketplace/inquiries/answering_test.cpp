#include "marketplace/inquiries/routes.hpp"
#include "scenario/inquiring.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace spaces::test {
namespace {

using namespace std::chrono_literals;

TEST(answering, is_the_owners) {
  scenario s{"the owner answers and edits the answer until it is closed"};
  with_question(s)
      .after(5s)
      .when(put(one_inquiry, R"({"response":"Saturday at ten"})").as("ann"))
      .then(200, shows("/status", "\"responded\""), shows("/response", "\"Saturday at ten\""), shows("/version", "2"),
            field("ETag", "\"v2\""), shows("/updatedAt", "\"2026-11-22T08:00:06.000Z\""),
            shows("/createdAt", "\"2026-11-22T08:00:01.000Z\""))
      .when(get(one_inquiry).as("ben"))
      .then(200, shows("/status", "\"responded\""), shows("/response", "\"Saturday at ten\""))
      .when(put(one_inquiry, R"({"response":"Sunday at ten","status":"responded"})").as("ann"))
      .then(200, shows("/response", "\"Sunday at ten\""), shows("/status", "\"responded\""))
      .when(put(one_inquiry, R"({"response":"Sold","status":"closed"})").as("ann"))
      .then(200, shows("/response", "\"Sold\""), shows("/status", "\"closed\""))
      .when(put(one_inquiry, R"({"response":"Sorry"})").as("ann"))
      .then(409, problem("inquiry-closed"))
      .when(get(one_inquiry).as("ben"))
      .then(200, shows("/response", "\"Sold\""), shows("/version", "4"));
}

struct may_row {
  const char* sentence;
  const char* who;
  const char* body;
  int as_new;        ///< statuses of the answer while the inquiry is new,
  int as_responded;  ///< responded,
  int as_closed;     ///< and closed
};

constexpr may_row may_rows[] = {
    {"the owner answers", "ann", R"({"response":"Yes"})", 200, 200, 409},
    {"the owner answers in so many words", "ann", R"({"response":"Yes","status":"responded"})", 200, 200, 409},
    {"the owner answers and closes", "ann", R"({"response":"Yes","status":"closed"})", 200, 200, 409},
    {"the owner closes", "ann", R"({"status":"closed"})", 200, 200, 409},
    {"an answer needs words", "ann", R"({"status":"responded"})", 422, 200, 409},
    {"an answer is not taken back", "ann", R"({"response":null})", 422, 422, 409},
    {"nothing is made new again", "ann", R"({"status":"new"})", 200, 422, 409},
    {"nor by answering", "ann", R"({"response":"Yes","status":"new"})", 422, 422, 409},
    {"the owner's answer has few links, too", "ann", R"({"response":"www.a www.b www.c www.d"})", 422, 422, 422},
    {"and no control characters", "ann", R"({"response":"a\u0007b"})", 422, 422, 422},
    {"nor half a character", "ann", R"({"response":"a\ud800b"})", 400, 400, 400},
    {"the owner does not put words into mouths", "ann", R"({"message":"I love it"})", 403, 403, 409},
    {"the inquirer edits the question until it is answered", "ben", R"({"message":"And Sunday?"})", 200, 409, 409},
    {"the inquirer closes", "ben", R"({"status":"closed"})", 200, 200, 409},
    {"the inquirer does not answer", "ben", R"({"response":"Yes"})", 403, 403, 409},
    {"nor says that it is answered", "ben", R"({"status":"responded"})", 403, 200, 409},
    {"nor that it is not", "ben", R"({"status":"new"})", 200, 403, 409},
    {"an edited question has few links, too", "ben", R"({"message":"www.a www.b www.c www.d"})", 422, 422, 422},
    {"and no control characters", "ben", R"({"message":"a\u0007b"})", 422, 422, 422},
    {"nor half a character", "ben", R"({"message":"a\ud800b"})", 400, 400, 400},
    {"a question keeps words", "ben", R"({"message":null})", 422, 422, 422},
    {"a stranger knows nothing of it", "cid", R"({"status":"closed"})", 404, 404, 404},
    {"another seller neither", "dan", R"({"response":"Yes"})", 404, 404, 404},
    {"nobody changes what it is about", "ben", R"({"propertyId":"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071"})", 422, 422,
     422},
};

TEST(answering, each_side_may_what_is_its_own) {
  for (const may_row& row : may_rows) {
    for (const int stage : {0, 1, 2}) {
      scenario s{row.sentence};
      with_question(s);
      if (stage > 0) s.when(put(one_inquiry, R"({"response":"Perhaps"})").as("ann")).then(200);
      if (stage > 1) s.when(put(one_inquiry, R"({"status":"closed"})").as("ann")).then(200);
      const int expected[] = {row.as_new, row.as_responded, row.as_closed};
      s.when(put(one_inquiry, row.body).as(row.who)).then(expected[stage]);
      const bool changed = expected[stage] == 200;
      s.when(get(one_inquiry).as("ben")).then(200, shows("/version", std::to_string(stage + (changed ? 2 : 1))));
    }
  }
}

TEST(answering, is_read_by_both_sides_alone) {
  scenario s{"who reads an inquiry"};
  with_question(s)
      .when(get(one_inquiry).as("cid"))
      .then(404, problem("not-found"))
      .when(get(one_inquiry).as("dan"))
      .then(404, problem("not-found"))
      .when(get(one_inquiry))
      .then(401)
      .when(get("/api/v1/inquiries/019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071").as("ben"))
      .then(404, problem("not-found"))
      .when(get("/api/v1/inquiries/first").as("ben"))
      .then(404, problem("not-found"));
}

TEST(answering, keeps_to_the_version_it_is_meant_for) {
  scenario s{"If-Match and If-None-Match"};
  with_question(s)
      .when(put(one_inquiry, R"({"response":"Yes"})").as("ann").with("If-Match", "\"v2\""))
      .then(412, problem("precondition-failed"))
      .when(put(one_inquiry, R"({"response":"Yes"})").as("ann").with("If-Match", "\"v1\""))
      .then(200)
      .when(put(one_inquiry, R"({"message":"Else"})").as("ben").with("If-Match", "\"v1\""))
      .then(412)
      .when(put(one_inquiry, R"({"response":"No"})").as("cid").with("If-Match", "\"v1\""))
      .then(404)
      .when(get(one_inquiry).as("ben").with("If-None-Match", "\"v2\""))
      .then(200, field("Cache-Control", "no-store"))
      .when(get(one_inquiry).as("ben").with("If-None-Match", "\"v1\""))
      .then(200);
}

TEST(answering, outlives_the_listing) {
  scenario s{"an inquiry stays readable with the title the listing had"};
  with_question(s);
  for (const char* fate : {R"({"title":"Renamed"})", R"({"status":"sold"})", R"({"status":"withdrawn"})"}) {
    s.when(patch("/api/v1/properties/{loft}", fate).as("ann")).then(200);
    for (const char* who : {"ann", "ben"})
      s.when(get(one_inquiry).as(who)).then(200, shows("/propertyTitle", "\"Light-filled loft\""));
  }
  s.when(remove("/api/v1/properties/{loft}").as("ann")).then(204);
  for (const char* who : {"ann", "ben"})
    s.when(get(one_inquiry).as(who)).then(200, shows("/propertyTitle", "\"Light-filled loft\""));
}

// ---- Pages.

/// ben inquired about loft and barn, cid about loft and shed: q1 to q4 in this order, a minute apart.
scenario& with_four(scenario& s) {
  with_people(s).given(listing("barn", by("ann")), listing("shed", by("dan")));
  const std::pair<const char*, const char*> requests[] = {
      {"ben", "loft"}, {"cid", "loft"}, {"ben", "barn"}, {"cid", "shed"}};
  int number = 0;
  for (const auto& [who, where] : requests)
    s.after(60s)
        .when(post(all_inquiries, about(where, "About the " + std::string(where))).as(who))
        .then(201, keep("q" + std::to_string(++number), "/id"));
  return s;
}

TEST(inquiry_pages, are_boxes_by_date) {
  scenario s{"received and sent, both directions of date"};
  with_four(s)
      .when(get("/api/v1/inquiries").as("ann"))
      .then(200, lists({"q3", "q2", "q1"}), last_page(), shows("/items/0/excerpt", "\"About the barn\""),
            shows("/items/0/propertyTitle", "\"Light-filled loft\""), shows("/items/0/status", "\"new\""),
            shows("/items/0/inquirerEmail", "null"), shows("/items/0/message", ""))
      .when(get("/api/v1/inquiries?box=received&sort=createdAt").as("ann"))
      .then(200, lists({"q1", "q2", "q3"}))
      .when(get("/api/v1/inquiries").as("dan"))
      .then(200, lists({"q4"}))
      .when(get("/api/v1/inquiries").as("ben"))
      .then(200, lists({}), last_page())
      .when(get("/api/v1/inquiries?box=sent").as("ben"))
      .then(200, lists({"q3", "q1"}), shows("/items/0/inquirerEmail", ""))
      .when(get("/api/v1/inquiries?box=sent&sort=createdAt").as("cid"))
      .then(200, lists({"q2", "q4"}))
      .when(get("/api/v1/inquiries"))
      .then(401)
      .when(get("/api/v1/inquiries?box=trash").as("ben"))
      .then(422, errors({{"box", "not-a-choice"}}));
}

TEST(inquiry_pages, filter_by_listing_and_status) {
  scenario s{"propertyId and status"};
  with_four(s)
      .when(put("/api/v1/inquiries/{q1}", R"({"response":"Yes"})").as("ann"))
      .then(200)
      .when(put("/api/v1/inquiries/{q2}", R"({"status":"closed"})").as("cid"))
      .then(200)
      .when(get("/api/v1/inquiries?propertyId={loft}").as("ann"))
      .then(200, lists({"q2", "q1"}))
      .when(get("/api/v1/inquiries?status=new").as("ann"))
      .then(200, lists({"q3"}))
      .when(get("/api/v1/inquiries?status=responded&propertyId={loft}").as("ann"))
      .then(200, lists({"q1"}))
      .when(get("/api/v1/inquiries?box=sent&propertyId={shed}").as("cid"))
      .then(200, lists({"q4"}))
      .when(get("/api/v1/inquiries?box=sent&status=closed").as("cid"))
      .then(200, lists({"q2"}))
      .when(get("/api/v1/inquiries?propertyId={loft}").as("dan"))
      .then(200, lists({}), last_page())
      .when(get("/api/v1/inquiries?propertyId={loft}&status=new&limit=1").as("dan"))
      .then(200, lists({}), last_page());
}

/// Ids of all pages of so many.
std::vector<std::string> walked(scenario& s, const std::string& query, const char* who, int limit) {
  std::vector<std::string> ids;
  std::string cursor;
  do {
    const answer page =
        s.place().send(get(s.filled("/api/v1/inquiries?limit=" + std::to_string(limit) + query + cursor)).as(who));
    EXPECT_EQ(page.status, 200) << page.body;
    const std::vector<std::string> more = page.column("id");
    EXPECT_LE(more.size(), static_cast<std::size_t>(limit));
    ids.insert(ids.end(), more.begin(), more.end());
    const std::string next = page.text_at("/nextCursor");
    cursor = next.empty() ? "" : "&cursor=" + next;
  } while (!cursor.empty());
  return ids;
}

TEST(inquiry_pages, of_one_are_the_whole_in_either_direction) {
  struct row {
    const char* who;
    const char* query;
    std::vector<const char*> newest_first;
  };
  scenario s{"cursors of every box and filter"};
  with_four(s)
      .when(put("/api/v1/inquiries/{q2}", R"({"response":"Yes"})").as("ann"))
      .then(200)
      .when(post(all_inquiries, about("barn")).as("cid"))
      .then(201, keep("q5", "/id"));
  const row rows[] = {
      {"ann", "", {"{q5}", "{q3}", "{q2}", "{q1}"}},    {"ann", "&status=new", {"{q5}", "{q3}", "{q1}"}},
      {"ann", "&propertyId={loft}", {"{q2}", "{q1}"}},  {"ann", "&propertyId={barn}&status=new", {"{q5}", "{q3}"}},
      {"cid", "&box=sent", {"{q5}", "{q4}", "{q2}"}},   {"cid", "&box=sent&status=new", {"{q5}", "{q4}"}},
      {"cid", "&box=sent&propertyId={loft}", {"{q2}"}},
  };
  for (const row& each : rows)
    for (const int limit : {1, 2, 100}) {
      std::vector<std::string> wanted;
      wanted.reserve(each.newest_first.size());
      for (const char* id : each.newest_first) wanted.push_back(s.filled(id));
      EXPECT_EQ(walked(s, each.query, each.who, limit), wanted) << each.who << each.query << limit;
      std::reverse(wanted.begin(), wanted.end());
      EXPECT_EQ(walked(s, std::string(each.query) + "&sort=createdAt", each.who, limit), wanted)
          << each.who << each.query << limit;
    }
}

TEST(inquiry_pages, that_a_key_answers_need_no_thread) {
  http::request request;
  const auto runs_inline = [&](std::string_view query) {
    request.query = query;
    return inquiries::key_answers(request);
  };
  for (const std::string_view cheap : {"", "limit=100&cursor=abc", "box=sent&sort=createdAt"})
    EXPECT_TRUE(runs_inline(cheap)) << cheap;
  for (const std::string_view walk : {"status=new", "box=sent&propertyId=1", "limit=1&unknown"})
    EXPECT_FALSE(runs_inline(walk)) << walk;
}

TEST(inquiry_pages, go_on_where_they_stopped) {
  scenario s{"cursors keep their place and their question"};
  with_four(s)
      .when(get("/api/v1/inquiries?limit=2").as("ann"))
      .then(200, lists({"q3", "q2"}), more_follows(), keep("next", "/nextCursor"))
      .when(post(all_inquiries, about("barn")).as("dan"))
      .then(201, keep("q5", "/id"))
      .when(get("/api/v1/inquiries?limit=2&cursor={next}").as("ann"))
      .then(200, lists({"q1"}), last_page())
      .when(get("/api/v1/inquiries?limit=2&cursor={next}").as("dan"))
      .then(422, errors({{"cursor", "bad-cursor"}}))
      .when(get("/api/v1/inquiries?box=sent&cursor={next}").as("ann"))
      .then(422, errors({{"cursor", "bad-cursor"}}))
      .when(get("/api/v1/inquiries?sort=createdAt&limit=1").as("ann"))
      .then(200, lists({"q1"}), keep("next", "/nextCursor"))
      .when(get("/api/v1/inquiries?sort=createdAt&limit=9&cursor={next}").as("ann"))
      .then(200, lists({"q2", "q3", "q5"}));
}

}  // namespace
}  // namespace spaces::test
