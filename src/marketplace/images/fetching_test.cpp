#include "marketplace/images/fetching.hpp"

#include "marketplace/images/limits.hpp"
#include "platform/picture/limits.hpp"
#include "scenario/pictures.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace spaces::images {
namespace {

/// Somebody's servers: an answer for each address, and what was asked.
class strangers final : public http::client {
 public:
  boost::system::result<http::client_response, http::client_failure> send(
      const http::client_request& outgoing) override {
    asked.push_back(std::string(outgoing.origin).append(outgoing.target));
    const auto found = answers.find(asked.back());
    if (found == answers.end()) return http::client_failure{false, "no such server"};
    return found->second;
  }
  void leads(const std::string& from, const std::string& to, int status = 302) {
    answers[from] = {status, {{"Location", to}}, ""};
  }
  void shows(const std::string& url, const std::string& body, int status = 200) { answers[url] = {status, {}, body}; }

  std::map<std::string, http::client_response> answers;
  std::vector<std::string> asked;
};

std::string fetched(strangers& web, const std::string& url) {
  const auto bytes = fetch_bytes(web, url);
  if (bytes) return *bytes;
  return bytes.error().kind == error_kind::conflict ? "later" : "never";
}

TEST(fetch_bytes, follows_a_few_answers_that_lead_elsewhere) {
  strangers web;
  web.shows("https://b.example/x/2.jpg", "a picture");
  web.leads("http://a.example/1.jpg", "https://b.example/x/1.jpg#top");
  web.leads("https://b.example/x/1.jpg", "2.jpg", 308);
  EXPECT_EQ(fetched(web, "http://a.example/1.jpg"), "a picture");
  web.leads("https://b.example/a", "//b.example/x/2.jpg");
  EXPECT_EQ(fetched(web, "https://b.example/a"), "a picture");
  web.leads("https://b.example?q", "/x/2.jpg");
  web.answers["https://b.example/?q"] = web.answers["https://b.example?q"];
  EXPECT_EQ(fetched(web, "https://b.example?q#f"), "a picture");
  web.leads("https://c.example/", "https://c.example/");
  web.asked.clear();
  EXPECT_EQ(fetched(web, "https://c.example/"), "never") << "round and round";
  EXPECT_EQ(web.asked.size(), static_cast<std::size_t>(redirects_max) + 1);
}

TEST(fetch_bytes, tells_what_may_come_later_from_what_never_will) {
  strangers web;
  for (const auto& [status, wanted] : {std::pair{404, "never"},
                                       {410, "never"},
                                       {403, "never"},
                                       {429, "later"},
                                       {500, "later"},
                                       {503, "later"},
                                       {204, "later"}}) {
    web.shows("https://a.example/1.jpg", "", status);
    EXPECT_EQ(fetched(web, "https://a.example/1.jpg"), wanted) << status;
  }
  EXPECT_EQ(fetched(web, "https://away.example/1.jpg"), "later");
  web.shows("https://a.example/1.jpg", "");
  EXPECT_EQ(fetched(web, "https://a.example/1.jpg"), "never") << "nothing";
  web.shows("https://a.example/1.jpg", std::string(picture::file_bytes_max + 1, 'x'));
  EXPECT_EQ(fetched(web, "https://a.example/1.jpg"), "never") << "too large";
  for (const char* other : {"ftp://a.example/1.jpg", "file:///etc/passwd", "gopher://a", "/a", ""}) {
    EXPECT_EQ(fetched(web, other), "never") << other;
    web.leads("https://a.example/2.jpg", other);
    EXPECT_EQ(fetched(web, "https://a.example/2.jpg"), std::string_view(other) == "/a" ? "later" : "never") << other;
  }
}

/// A listing of an import, and servers that have its pictures.
struct outside_pictures : testing::Test {
  void SetUp() override {
    property_.id = make_uuid_v7(market_.clock().now());
    property_.title = "Loft";
    property_.city = "Kent";
    property_.user_id = test::id_of("ann");
    property_.version = 1;
    const std::vector all{properties::outside_image(property_.id, "https://a.example/1.jpg", "The sea"),
                          properties::outside_image(property_.id, "https://a.example/2.jpg", "")};
    property_.images.set(all, properties::images_change::with_others, 1);
    ASSERT_TRUE(
        market_.table().write({table::put{properties::key_of(property_.id), properties::to_item(property_), {}}}));
  }
  std::vector<properties::listing_image> pictures() {
    const auto stored = market_.table().get(properties::key_of(property_.id), table::consistency::strong);
    return properties::to_property((*stored)->view())->images.images();
  }
  about_image about(std::size_t at) { return {property_.id, pictures().at(at).id}; }

  test::scripted_preparer preparer_;
  test::market market_{{.preparer = &preparer_}};
  jobs::bell bell_;
  std::map<std::string, http::client_response> answers_;
  properties::property property_;
  preparing prepares_{market_.table(), market_.clock(), market_.bucket(), market_.listings(), preparer_, bell_};
  fetching fetches_{market_.table(),
                    market_.clock(),
                    market_.bucket(),
                    market_.listings(),
                    prepares_,
                    [this]() -> result<std::unique_ptr<http::client>> {
                      auto web = std::make_unique<strangers>();
                      web->answers = answers_;
                      return std::unique_ptr<http::client>(std::move(web));
                    },
                    bell_};
};

TEST_F(outside_pictures, become_the_listings_own) {
  answers_["https://a.example/1.jpg"] = {200, {}, "the sea"};
  const uuid id = pictures()[0].id;
  ASSERT_TRUE(fetches_.fetch(about(0), 1));
  EXPECT_EQ(pictures()[0].status, properties::image_status::ready);
  EXPECT_EQ(pictures()[0].id, id);
  EXPECT_EQ(pictures()[0].alt, "The sea");
  EXPECT_EQ(pictures()[1].status, properties::image_status::outside);
  ASSERT_TRUE(fetches_.fetch(about(0), 1)) << "once more";
  EXPECT_EQ(preparer_.asked.size(), 1U);
  market_.do_jobs();
  EXPECT_EQ(pictures()[0].sources.size(), 9U) << "AVIF, too";
}

TEST_F(outside_pictures, stay_as_they_are_where_they_cannot_be_had) {
  answers_["https://a.example/2.jpg"] = {404, {}, ""};
  EXPECT_EQ(fetches_.fetch(about(0), 1).error().kind, error_kind::conflict) << "again later";
  EXPECT_EQ(fetches_.fetch(about(0), 100).error().kind, error_kind::invalid) << "and then no more";
  EXPECT_EQ(fetches_.fetch(about(1), 1).error().kind, error_kind::invalid);
  answers_["https://a.example/1.jpg"] = {200, {}, "no picture"};
  preparer_.failure = invalid({{"", "damaged", "It is damaged."}});
  EXPECT_EQ(fetches_.fetch(about(0), 1).error().kind, error_kind::invalid);
  for (const auto& each : pictures()) EXPECT_EQ(each.status, properties::image_status::outside);
}

TEST_F(outside_pictures, are_each_asked_for_by_one_job) {
  ASSERT_TRUE(fetches_.ask_for_all(property_.id));
  EXPECT_EQ(jobs::count(market_.table())->by_kind.at("fetch-image").due, 2U);
  ASSERT_TRUE(fetches_.ask_for_all(uuid{}));
}

}  // namespace
}  // namespace spaces::images
