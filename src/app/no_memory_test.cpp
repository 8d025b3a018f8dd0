/// A request for which there is no memory ends alone, wherever in the features, the table and its threads it runs out:
/// what it answers is 503, and whatever is asked next is served.
#include "memory/replaced_new.hpp"
#include "platform/base/limits.hpp"
#include "scenario/login.hpp"
#include "scenario/market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace spaces::app {
namespace {

using test::call;
using test::get;
using test::patch;
using test::post;

/// More than any request takes.
constexpr std::size_t allocations_max = 20'000;

class no_memory : public testing::Test {
 protected:
  no_memory() {
    EXPECT_EQ(market_.send(test::register_user("ann@example.com")).status, 201);
    EXPECT_EQ(market_.send(test::register_user("ben@example.com", "buyer")).status, 201);
    ann_ = market_.send(test::log_in("ann@example.com")).text_at("/access_token");
    ben_ = market_.send(test::log_in("ben@example.com")).text_at("/access_token");
    listing_ = market_.send(test::holding(post("/api/v1/properties", body_), ann_)).text_at("/id");
  }

  /// The status while the nth allocation of the request's thread, and of the table's, fails.
  int status_without(std::size_t nth, const call& what, bool& failed) {
    std::vector<http::field_line> lines;
    for (const auto& [name, value] : what.fields) lines.push_back({name, value});
    if (!what.body.empty()) lines.push_back({"Content-Type", "application/json"});
    http::request incoming;
    incoming.verb = what.verb;
    incoming.target = what.target;
    const std::size_t mark = std::min(what.target.find('?'), what.target.size());
    incoming.path = incoming.target.substr(0, mark);
    incoming.query = incoming.target.substr(std::min(mark + 1, what.target.size()));
    incoming.fields = lines;
    incoming.body = what.body;
    incoming.peer = "127.0.0.1";
    incoming.received = market_.clock().now();
    incoming.deadline = incoming.received + limits::request_time_max;
    http::response made;
    http::application& application = market_.application();
    const test::failing_allocation now(nth);
    std::thread caller([&] { made = application.handle(incoming); });
    caller.join();
    failed = now.has_failed();
    // "HTTP/1.1 503 Service Unavailable"
    return made.ready ? std::stoi(made.ready->bytes.substr(9, 3)) : made.status;
  }

  /// For every n of the request. `well` are what it may answer when nothing fails.
  void try_all(const char* what, const call& request, const std::vector<int>& well) {
    bool failed = true;
    std::size_t n = 1, refused = 0;
    for (; failed && n < allocations_max; ++n) {
      const int status = status_without(n, request, failed);
      const bool is_well = std::ranges::find(well, status) != well.end();
      refused += status == 503 ? 1 : 0;
      ASSERT_TRUE(is_well || (failed && status == 503)) << what << ": " << status << " without allocation " << n;
      ASSERT_EQ(market_.send(test::holding(get("/api/v1/users/me"), ann_)).status, 200)
          << what << ": the next, behind allocation " << n;
    }
    EXPECT_LT(n, allocations_max) << what;
    EXPECT_GT(refused, 0U) << what;
  }

  const std::string body_ =
      R"({"title":"Light-filled loft by the park","price":450000,"city":"Seattle","state":"WA","zipCode":"98101",)"
      R"("features":["garden","garage"],"description":"Two rooms and a view that goes as far as the mountains."})";
  test::market market_{{.public_listings = true, .table = "lmdb"}};
  std::string ann_, ben_, listing_;
};

TEST_F(no_memory, costs_one_reading) {
  try_all("a listing", get("/api/v1/properties/" + listing_), {200});
  try_all("a page", get("/api/v1/properties?city=Seattle&minBedrooms=0&q=loft&limit=5"), {200});
  try_all("a profile", test::holding(get("/api/v1/users/me"), ben_), {200});
  try_all("an export", test::holding(get("/api/v1/users/me/export"), ann_), {200});
  try_all("inquiries", test::holding(get("/api/v1/inquiries"), ann_), {200});
  try_all("nothing", get("/api/v1/nowhere"), {404});
}

TEST_F(no_memory, costs_one_change) {
  const std::string place = "/api/v1/properties/" + listing_;
  try_all("a create", test::holding(post("/api/v1/properties", body_), ann_), {201});
  try_all("a change", test::holding(patch(place, R"({"price":400000})"), ann_), {200});
  try_all("a create that is asked for again",
          test::holding(post("/api/v1/properties", body_), ann_).with("Idempotency-Key", "one"), {201});
  try_all("an inquiry",
          test::holding(post("/api/v1/inquiries", R"({"propertyId":")" + listing_ + R"(","message":"Quiet?"})"), ben_),
          {201, 409});
}

TEST_F(no_memory, costs_one_login) {
  try_all("a login", test::log_in("ann@example.com"), {200, 429});
  try_all("a registration", test::register_user("cid@example.com"), {201, 409, 429});
}

}  // namespace
}  // namespace spaces::app
