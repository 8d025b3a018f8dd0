#include "marketplace/properties/properties.hpp"
#include "marketplace/properties/routes.hpp"
#include "platform/table/page.hpp"
#include "scenario/scenario.hpp"

#include <gmock/gmock.h>

namespace spaces::test {
namespace {

using namespace properties;

struct found_row {
  const char* query;
  std::vector<std::string> names;
};

/// Six public listings from oldest to newest, apart in every field that a filter asks for.
void furnish(scenario& s) {
  s.given(
      seller("ann"), seller("sue"),
      listing("loft", by("ann"), with("title", "\"Light-filled loft\""), with("price", "450000.5"),
              with("bedrooms", "1"), with("bathrooms", "1"), with("squareFeet", "800"),
              with("address", "\"12 Pike Street\""), with("features", R"(["Garden","elevator"])")),
      listing("barn", by("sue"), with("title", "\"Old barn\""), with("price", "120000"), with("city", "\"São Paulo\""),
              with("state", "\"SP\""), with("zipCode", "\"01000\""), with("bedrooms", "5")),
      listing("villa", by("ann"), with("title", "\"Villa by the lake\""), with("price", "2000000"),
              with("bedrooms", "6"), with("bathrooms", "4.25"), with("squareFeet", "5200"),
              with("features", R"(["garden","pool","view"])")),
      listing("hut", by("sue"), with("title", "\"Fisherman's hut\""), with("price", "120000"),
              with("city", "\"SEATTLE\""), with("state", "\"wa\""), with("bathrooms", "0.75")),
      listing("flat", by("ann"), with("price", "300000"), with("city", "\"  seattle \""), with("zipCode", "\"98102\""),
              with("bedrooms", "2"), with("bathrooms", "1.5"), with("squareFeet", "950"),
              with("features", R"(["pool"])")),
      listing("pending", by("ann"), status::pending), listing("sold", by("sue"), status::sold),
      listing("draft", by("ann"), status::draft), listing("back", by("ann"), status::withdrawn));
}

TEST(Finding, WhatAKeyAnswersNeedsNoThread) {
  http::request request;
  const auto runs_inline = [&](std::string_view query) {
    request.query = query;
    return key_answers(request);
  };
  for (const std::string_view cheap :
       {"", "limit=100", "cursor=abc&limit=20", "city=Seattle&sort=-price&minPrice=1&maxPrice=2", "status=sold&&"})
    EXPECT_TRUE(runs_inline(cheap)) << cheap;
  for (const std::string_view walk : {"q=loft", "limit=20&features=pool", "state=WA", "owner=me", "minBedrooms=2",
                                      "zipCode=98103", "%71=loft", "city=Seattle&q=x", "Limit=1", "unknown"})
    EXPECT_FALSE(runs_inline(walk)) << walk;
}

TEST(Finding, EachFilterAloneAndTogether) {
  const found_row rows[] = {
      {"", {"flat", "hut", "villa", "barn", "loft"}},
      {"minPrice=&city=", {"flat", "hut", "villa", "barn", "loft"}},
      {"q=+&features=&features=&sort=&limit=&cursor=&owner=&status=&zipCode=",
       {"flat", "hut", "villa", "barn", "loft"}},
      {"city=&zipCode=98102&minPrice=", {"flat"}},
      {"status=active", {"flat", "hut", "villa", "barn", "loft"}},
      {"status=pending", {"pending"}},
      {"status=sold", {"sold"}},
      {"city=Seattle", {"flat", "hut", "villa", "loft"}},
      {"city=sEaTtLe", {"flat", "hut", "villa", "loft"}},
      {"city=sao+paulo", {"barn"}},
      {"city=S%C3%83O%20%20PAULO", {"barn"}},
      {"city=Seatt", {}},
      {"city=Seattle&status=pending", {"pending"}},
      {"state=WA", {"flat", "hut", "villa", "loft"}},
      {"state=sp", {"barn"}},
      {"zipCode=98102", {"flat"}},
      {"zipCode=9810", {}},
      {"minPrice=120000", {"flat", "hut", "villa", "barn", "loft"}},
      {"minPrice=120000.01", {"flat", "villa", "loft"}},
      {"maxPrice=120000", {"hut", "barn"}},
      {"maxPrice=450000.5&minPrice=300000", {"flat", "loft"}},
      {"maxPrice=450000.49&minPrice=300000", {"flat"}},
      {"minPrice=5000000", {}},
      {"minBedrooms=2", {"flat", "villa", "barn"}},
      {"minBedrooms=0", {"flat", "villa", "barn", "loft"}},
      {"minBathrooms=1.5", {"flat", "villa"}},
      {"minBathrooms=4.25", {"villa"}},
      {"minSquareFeet=900", {"flat", "villa"}},
      {"features=garden", {"villa", "loft"}},
      {"features=GARDEN,pool", {"villa"}},
      {"features=garden&features=pool", {"villa"}},
      {"features=gard", {}},
      {"q=lake", {"villa"}},
      {"q=LOFT", {"flat", "loft"}},
      {"q=pike", {"loft"}},
      {"q=pike+light", {"loft"}},
      {"q=fisherman%27s+seattle", {"hut"}},
      {"q=sao", {"barn"}},
      {"q=lake+barn", {}},
      {"sort=createdAt", {"loft", "barn", "villa", "hut", "flat"}},
      {"sort=-createdAt", {"flat", "hut", "villa", "barn", "loft"}},
      {"sort=price", {"barn", "hut", "flat", "loft", "villa"}},
      {"sort=-price", {"villa", "loft", "flat", "hut", "barn"}},
      {"sort=price&city=seattle", {"hut", "flat", "loft", "villa"}},
      {"sort=-price&city=seattle&maxPrice=450000.5", {"loft", "flat", "hut"}},
      {"sort=price&minPrice=300000&maxPrice=450000.5", {"flat", "loft"}},
      {"sort=price&minPrice=300000.01", {"loft", "villa"}},
      {"sort=createdAt&city=seattle&minBedrooms=1&features=pool", {"villa", "flat"}},
      {"city=seattle&state=wa&minPrice=1&maxPrice=460000&minBedrooms=1&minBathrooms=1&minSquareFeet=1&q=loft&features="
       "pool",
       {"flat"}},
  };
  scenario s{"filters combine"};
  furnish(s);
  for (const found_row& row : rows)
    s.when(get("/api/v1/properties?" + std::string(row.query)).as("sue")).then(200, lists(row.names), last_page());
}

TEST(Finding, AsPeopleWriteIt) {
  const found_row rows[] = {
      {"city=lodz", {"lodz"}},
      {"city=%C5%81%C3%B3d%C5%BA", {"lodz"}},
      {"city=Da+Nang", {"danang"}},
      {"city=aeroskobing", {"island"}},
      {"city=L%27Aquila", {"laquila"}},
      {"city=l%E2%80%99aquila", {"laquila"}},
      {"city=Saint+Denis", {"denis"}},
      {"city=saint%E2%80%93denis", {"denis"}},
      {"city=st+louis", {"louis"}},
      {"sort=price&city=LODZ", {"lodz"}},
      {"q=obrien", {"lodz"}},
      {"q=O%E2%80%99Brien", {"lodz"}},
      {"q=tromso", {"danang"}},
      {"q=saint-denis", {"denis"}},
      {"q=Walk-In+laquila", {"laquila"}},
      {"features=walk+in+closet", {"denis", "laquila"}},
      {"features=WALK-IN+CLOSET", {"denis", "laquila"}},
      {"zipCode=L6A1P9", {"lodz"}},
      {"zipCode=l6a-1p9", {"lodz"}},
      {"zipCode=L6A", {"lodz"}},
      {"zipCode=98103", {"island", "danang"}},
      {"zipCode=98103-1234", {"danang"}},
      {"zipCode=sw1a", {"laquila"}},
      {"zipCode=SW1", {}},
  };
  scenario s{"letters, apostrophes, hyphens and postcodes are found whatever the keyboard"};
  s.given(seller("ann"),
          listing("lodz", by("ann"), with("city", "\"Łódź\""), with("zipCode", "\"L6A 1P9\""),
                  with("address", "\"7 O'Brien Lane\"")),
          listing("danang", by("ann"), with("city", "\"Đà Nẵng\""), with("zipCode", "\"98103-1234\""),
                  with("title", "\"Tromsø house\"")),
          listing("island", by("ann"), with("city", "\"Ærøskøbing\""), with("zipCode", "\"98103\"")),
          listing("laquila", by("ann"), with("city", "\"L’Aquila\""), with("zipCode", "\"SW1A1AA\""),
                  with("title", "\"Flat with walk in closet\""), with("features", R"(["Walk-in closet"])")),
          listing("denis", by("ann"), with("city", "\"Saint-Denis\""), with("features", R"(["walk–in closet"])")),
          listing("louis", by("ann"), with("city", "\"St. Louis\"")));
  for (const found_row& row : rows)
    s.when(get("/api/v1/properties?" + std::string(row.query)).as("ann")).then(200, lists(row.names), last_page());
}

TEST(Finding, OnesOwnListingsOfAnyStatus) {
  const found_row rows[] = {
      {"", {"back", "draft", "pending", "flat", "villa", "loft"}},
      {"&sort=createdAt", {"loft", "villa", "flat", "pending", "draft", "back"}},
      {"&status=draft", {"draft"}},
      {"&status=withdrawn", {"back"}},
      {"&status=active", {"flat", "villa", "loft"}},
      {"&status=sold", {}},
      {"&city=SEATTLE&minPrice=400000&maxPrice=500000", {"back", "draft", "pending", "loft"}},
      {"&features=pool", {"flat", "villa"}},
  };
  scenario s{"owner=me"};
  furnish(s);
  for (const found_row& row : rows)
    s.when(get("/api/v1/properties?owner=me" + std::string(row.query)).as("ann"))
        .then(200, lists(row.names), last_page());
  for (const char* sort : {"price", "-price"})
    s.when(get("/api/v1/properties?owner=me&sort=" + std::string(sort)).as("ann"))
        .then(422, errors({{"sort", "not-a-choice"}}));
}

TEST(Finding, RowsAreCards) {
  scenario s{"a row shows what lists show, and no description"};
  s.given(seller("ann"), listing("loft", by("ann"), with("description", "\"Long\""), with("bathrooms", "2.25"),
                                 with("price", "450000.10"), with("features", R"(["garden"])"),
                                 with("latitude", "47.61"), with("longitude", "-122.33")))
      .when(get("/api/v1/properties").as("ann"))
      .then(200, shows("/items/0/id", "\"{loft}\""), shows("/items/0/price", "450000.1"),
            shows("/items/0/bathrooms", "2.25"), shows("/items/0/features", R"(["garden"])"),
            shows("/items/0/latitude", "47.61"), shows("/items/0/status", "\"active\""),
            shows("/items/0/createdAt", "\"2026-11-22T08:00:01.000Z\""), shows("/items/0/description", ""),
            shows("/items/0/version", ""));
}

TEST(Finding, QuestionsThatCannotBeAnswered) {
  const std::pair<const char*, std::pair<std::string, std::string>> rows[] = {
      {"limit=0", {"limit", "too-small"}},
      {"limit=101", {"limit", "too-large"}},
      {"limit=-1", {"limit", "too-small"}},
      {"limit=1.5", {"limit", "not-whole"}},
      {"limit=ten", {"limit", "wrong-type"}},
      {"limit=1&limit=2", {"limit", "twice"}},
      {"sort=size", {"sort", "not-a-choice"}},
      {"owner=sue", {"owner", "not-a-choice"}},
      {"status=gone", {"status", "not-a-choice"}},
      {"minPrice=2&maxPrice=1", {"minPrice", "too-large"}},
      {"minPrice=0.001", {"minPrice", "too-precise"}},
      {"minBathrooms=0.1", {"minBathrooms", "not-a-step"}},
      {"features=a,b,c,d,e,f,g,h,i,j,k", {"features", "too-many"}},
      {"colour=red", {"colour", "unknown"}},
      {"q=%ff", {"q", "not-utf8"}},
      {"q=%zz", {"q", "malformed"}},
      {"q=%00", {"q", "control-character"}},
      {"cursor=x", {"cursor", "bad-cursor"}},
  };
  scenario s{"every wrong parameter is named"};
  s.given(seller("ann"));
  for (const auto& [query, wrong] : rows)
    s.when(get("/api/v1/properties?" + std::string(query)).as("ann")).then(422, problem("invalid"), errors({wrong}));
  s.when(get("/api/v1/properties?limit=0&colour=red&sort=x").as("ann"))
      .then(422, errors({{"limit", "too-small"}, {"colour", "unknown"}, {"sort", "not-a-choice"}}));
}

TEST(Paging, LimitsFrom1To100And20UnlessGiven) {
  scenario s{"page sizes"};
  s.given(seller("ann"));
  for (int i = 0; i < 101; ++i) s.given(listing("n" + std::to_string(i), by("ann")));
  const auto sized = [](std::size_t wanted) {
    return expectation([wanted](scenario&, const answer& seen) { EXPECT_EQ(seen.column("id").size(), wanted); });
  };
  s.when(get("/api/v1/properties").as("ann")).then(200, sized(20), more_follows());
  s.when(get("/api/v1/properties?limit=1").as("ann")).then(200, lists({"n100"}), more_follows());
  s.when(get("/api/v1/properties?limit=100").as("ann"))
      .then(200, sized(100), more_follows(), keep("next", "/nextCursor"));
  s.when(get("/api/v1/properties?limit=100&cursor={next}").as("ann")).then(200, lists({"n0"}), last_page());
  s.when(get("/api/v1/properties?limit=1&cursor={next}").as("ann")).then(200, lists({"n0"}), last_page());
}

TEST(Paging, ALastPageIsNeverEmpty) {
  scenario s{"as many listings as the limit are one page"};
  s.given(seller("ann"), listing("a", by("ann")), listing("b", by("ann")),
          listing("c", by("ann"), with("bedrooms", "9")))
      .when(get("/api/v1/properties?limit=3").as("ann"))
      .then(200, lists({"c", "b", "a"}), last_page())
      .when(get("/api/v1/properties?limit=1&minBedrooms=9").as("ann"))
      .then(200, lists({"c"}), last_page());
}

TEST(Paging, TheLinkLeadsToTheNextPage) {
  scenario s{"rel=next is the same question with the cursor"};
  s.given(seller("ann"), listing("a", by("ann")), listing("b", by("ann")), listing("c", by("ann")))
      .when(get("/api/v1/properties?city=S%65attle&limit=1&sort=createdAt").as("ann"))
      .then(200, lists({"a"}), more_follows(), keep("next", "/nextCursor"))
      .then(200,
            field("Link", "</api/v1/properties?city=S%65attle&limit=1&sort=createdAt&cursor={next}>; rel=\"next\""))
      .when(get("/api/v1/properties?city=S%65attle&limit=1&sort=createdAt&cursor={next}").as("ann"))
      .then(200, lists({"b"}), keep("third", "/nextCursor"))
      .then(200,
            field("Link", "</api/v1/properties?city=S%65attle&limit=1&sort=createdAt&cursor={third}>; rel=\"next\""))
      .when(get("/api/v1/properties?cursor={third}&limit=9&sort=createdAt&city=Seattle").as("ann"))
      .then(200, lists({"c"}), last_page());
}

TEST(Cursors, BelongToOneQuestion) {
  scenario s{"a cursor is refused with other filters, another order, another owner"};
  s.given(seller("ann"), seller("sue"), listing("a", by("ann")), listing("b", by("ann")), listing("c", by("sue")),
          listing("d", by("sue")))
      .when(get("/api/v1/properties?limit=1&minPrice=5").as("ann"))
      .then(200, keep("all", "/nextCursor"))
      .when(get("/api/v1/properties?limit=1&owner=me").as("ann"))
      .then(200, keep("anns", "/nextCursor"));
  for (const char* query :
       {"", "minPrice=6", "minPrice=5&maxPrice=9999999", "minPrice=5&sort=createdAt", "minPrice=5&sort=price",
        "minPrice=5&city=Seattle", "minPrice=5&q=loft", "minPrice=5&features=x", "minPrice=5&owner=me",
        "minPrice=5&status=sold", "minPrice=5&state=WA", "minPrice=5&zipCode=1", "minPrice=5&minBedrooms=0"})
    s.when(get("/api/v1/properties?cursor={all}&" + std::string(query)).as("ann"))
        .then(422, errors({{"cursor", "bad-cursor"}}));
  s.when(get("/api/v1/properties?owner=me&cursor={anns}").as("sue")).then(422, errors({{"cursor", "bad-cursor"}}));
  s.when(get("/api/v1/properties?owner=me&cursor={anns}").as("ann")).then(200, lists({"a"}));
  s.when(get("/api/v1/properties?minPrice=5.00&cursor={all}").as("sue")).then(200, lists({"c", "b", "a"}));
}

TEST(Cursors, BelongToTheQuestionHoweverItIsSpelt) {
  const struct {
    const char* first;
    std::vector<const char*> again;
  } rows[] = {
      {"city=Seattle", {"city=SEATTLE", "city=%20s%C3%A9attle&status=active", "sort=-createdAt&city=seattle"}},
      {"minPrice=5", {"minPrice=5.00", "minPrice=5.0&limit=7"}},
      {"q=loft+light", {"q=LIGHT+loft", "q=light+loft+loft", "q=+l%C3%B6ft++light"}},
      {"features=pool,garden", {"features=Garden,POOL", "features=garden&features=pool&features=g%C3%A4rden"}},
      {"zipCode=98101", {"zipCode=98+101", "zipCode=98-101"}},
      {"state=WA", {"state=wa"}},
  };
  scenario s{"another spelling of the same question goes on where the first stopped"};
  s.given(seller("ann"), listing("a", by("ann"), with("features", R"(["garden","pool"])")),
          listing("b", by("ann"), with("features", R"(["pool","Garden"])")));
  for (const auto& row : rows) {
    s.when(get("/api/v1/properties?limit=1&" + std::string(row.first)).as("ann"))
        .then(200, lists({"b"}), keep("next", "/nextCursor"));
    for (const char* spelling : row.again)
      s.when(get("/api/v1/properties?cursor={next}&" + std::string(spelling)).as("ann")).then(200, lists({"a"}));
  }
}

TEST(Cursors, AreRefusedWhenAltered) {
  scenario s{"no character of a cursor can be another"};
  s.given(seller("ann"), listing("a", by("ann")), listing("b", by("ann")))
      .when(get("/api/v1/properties?limit=1").as("ann"))
      .then(200, keep("next", "/nextCursor"));
  const std::string cursor = s.filled("{next}");
  ASSERT_GT(cursor.size(), 50U);
  std::vector<std::string> altered = {cursor + "A",    cursor.substr(1), cursor.substr(0, cursor.size() - 1),
                                      cursor + cursor, "A" + cursor,     cursor + "%3D"};
  for (std::size_t i = 0; i < cursor.size(); ++i)
    for (const char other : {'A', 'w', '_'}) {
      if (cursor[i] == other) continue;
      altered.push_back(cursor);
      altered.back()[i] = other;
    }
  for (const std::string& one : altered)
    s.when(get("/api/v1/properties?limit=1&cursor=" + one).as("ann")).then(422, errors({{"cursor", "bad-cursor"}}));
  s.when(get("/api/v1/properties?limit=1&cursor=" + cursor).as("ann")).then(200, lists({"a"}));
}

TEST(Cursors, OutliveTheirListingAndTime) {
  scenario s{"a cursor holds when its row is gone, and a month later"};
  s.given(seller("ann"), listing("a", by("ann")), listing("b", by("ann")), listing("c", by("ann")))
      .when(get("/api/v1/properties?limit=1&sort=price").as("ann"))
      .then(200, lists({"a"}), keep("next", "/nextCursor"))
      .when(remove("/api/v1/properties/{a}").as("ann"))
      .then(204)
      .after(std::chrono::hours(24 * 31))
      .when(get("/api/v1/properties?sort=price&cursor={next}").as("ann"))
      .then(200, lists({"b", "c"}), last_page());
}

TEST(Examining, StopsAfter500RowsWithACursor) {
  scenario s{"a filter that hardly anything meets costs 500 rows a request, and is walked to its end"};
  s.given(seller("ann"));
  constexpr std::size_t published = 1200;
  const std::string plain = listing("", by("")).body();
  for (std::size_t i = 0; i < published; ++i) {
    const bool rare = i == 100;
    const answer made = s.place().send(
        post("/api/v1/properties", rare ? listing("", by(""), with("bedrooms", "9")).body() : plain).as("ann"));
    ASSERT_EQ(made.status, 201);
    if (rare) s.name("rare", made.text_at("/id"));
  }
  for (const auto& [filter, met] : {std::pair{"minBedrooms=10", 0},
                                    {"minBedrooms=9", 1},
                                    {"zipCode=1&sort=price", 0},
                                    {"q=castle&city=seattle", 0},
                                    {"owner=me&features=moat", 0}}) {
    std::size_t requests = 0;
    std::size_t found = 0;
    std::string cursor;
    do {
      const std::size_t before = s.place().table().rows_visited();
      const answer page = s.place().send(
          get("/api/v1/properties?" + std::string(filter) + (cursor.empty() ? "" : "&cursor=" + cursor)).as("ann"));
      ASSERT_EQ(page.status, 200) << page.body;
      EXPECT_LE(s.place().table().rows_visited() - before, table::examined_rows_max);
      found += page.column("id").size();
      cursor = page.text_at("/nextCursor");
      ++requests;
    } while (!cursor.empty() && requests < 10);
    EXPECT_EQ(requests, 3U) << filter;
    EXPECT_EQ(found, static_cast<std::size_t>(met)) << filter;
  }
  const std::size_t before = s.place().table().rows_visited();
  s.when(get("/api/v1/properties?limit=20").as("ann")).then(200, more_follows());
  EXPECT_EQ(s.place().table().rows_visited() - before, 21U) << "a page without filters visits itself and one more";
}

}  // namespace
}  // namespace spaces::test
