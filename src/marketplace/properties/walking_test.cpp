// Pages while listings come, change and go between them, against a plain model that sorts a vector.
// SPACES_WALK_ROUNDS says how many walks, SPACES_WALK_SEED repeats one run.
#include "platform/base/text.hpp"
#include "scenario/scenario.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

namespace spaces::test {
namespace {

using namespace properties;

constexpr const char* all = "/api/v1/properties";
constexpr const char* ann = "ann";
constexpr const char* sue = "sue";

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// Spellings of the model's cities: equal ones stand in one row.
const std::vector<std::vector<std::string>> cities = {
    {"Seattle", "SEATTLE", "seattle"}, {"São Paulo", "sao paulo", "SÃO  PAULO"}, {"Bothell"}};

struct modelled {
  std::string id;
  std::string owner;
  std::int64_t made_at = 0;
  std::int64_t price = 0;
  std::size_t city = 0;
  property_status status = property_status::active;
  std::int64_t bedrooms = 0;
};

/// A kind of query: its parameters, what it admits, how it orders.
struct question {
  std::string query;
  bool by_price = false;
  bool descending = false;
  std::function<bool(const modelled&)> admits;
};

/// The number that a question orders by, and what tells apart those who have the same.
using place_of = std::pair<std::int64_t, std::string>;

/// Dates are told apart by the id behind its time (`date_sort_key`): ids of one moment may borrow the next one's.
constexpr std::size_t id_time_size = 14;

class walk {
 public:
  explicit walk(std::uint64_t seed) : random_(seed) {
    place_.add(seller(ann));
    place_.add(seller(sue));
    for (int i = 0; i < 40; ++i) publish();
  }

  void run() {
    question_ = pick_question();
    const std::size_t limit = 1 + random_() % 7;
    std::string cursor;
    std::optional<place_of> behind;
    note_places();
    for (int pages = 0; pages < 400; ++pages) {
      const std::string tail = "&limit=" + std::to_string(limit) + (cursor.empty() ? "" : "&cursor=" + cursor);
      const answer page = place_.send(get(all + ("?" + question_.query) + tail).as(ann));
      ASSERT_EQ(page.status, 200) << page.body;
      const std::vector<std::string> shown = page.column("id");
      ASSERT_EQ(shown, expected(behind, limit)) << question_.query << tail;
      for (const std::string& id : shown) ++shown_[id];
      if (!shown.empty()) behind = places().at(shown.back());
      cursor = page.text_at("/nextCursor");
      if (cursor.empty()) return check_whole_walk();
      ASSERT_FALSE(shown.empty()) << "an empty page before the end, with few rows";
      for (std::size_t changes = random_() % 6; changes > 0; --changes) disturb();
      note_places();
    }
    FAIL() << "the walk does not end";
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  question pick_question() {
    static const std::pair<const char*, std::pair<bool, bool>> sorts[] = {{"-createdAt", {false, true}},
                                                                          {"createdAt", {false, false}},
                                                                          {"price", {true, false}},
                                                                          {"-price", {true, true}}};
    const auto active = [](const modelled& m) { return m.status == property_status::active; };
    question q;
    const std::size_t kind = below(7);
    const auto& [name, order] = sorts[kind == 6 ? below(2) : below(4)];
    q.query = "sort=" + std::string(name);
    std::tie(q.by_price, q.descending) = order;
    const std::size_t city = below(cities.size());
    switch (kind) {
      case 0: q.admits = active; break;
      case 1:
        q.query += "&city=" + percent_encode(cities[city][below(cities[city].size())]);
        q.admits = [=](const modelled& m) { return active(m) && m.city == city; };
        break;
      case 2:
        q.query += "&minPrice=300&maxPrice=600";
        q.admits = [=](const modelled& m) { return active(m) && m.price >= 300 && m.price <= 600; };
        break;
      case 3:
        q.query += "&minBedrooms=3&state=wa";
        q.admits = [=](const modelled& m) { return active(m) && m.bedrooms >= 3; };
        break;
      case 4:
        q.query += "&minPrice=200&minBedrooms=2&city=" + percent_encode(cities[city][0]);
        q.admits = [=](const modelled& m) { return active(m) && m.price >= 200 && m.bedrooms >= 2 && m.city == city; };
        break;
      case 5:
        q.query += "&status=pending";
        q.admits = [](const modelled& m) { return m.status == property_status::pending; };
        break;
      default: q.query += "&owner=me"; q.admits = [](const modelled& m) { return m.owner == ann; };
    }
    return q;
  }

  /// Where each listing that the question admits stands in its order now.
  std::map<std::string, place_of> places() const {
    std::map<std::string, place_of> found;
    for (const modelled& m : model_)
      if (question_.admits(m))
        found[m.id] = question_.by_price ? place_of{m.price, m.id} : place_of{m.made_at, m.id.substr(id_time_size)};
    return found;
  }

  std::vector<std::string> expected(const std::optional<place_of>& behind, std::size_t limit) const {
    std::vector<std::pair<place_of, std::string>> order;
    for (const auto& [id, place] : places())
      if (!behind || (question_.descending ? place < *behind : place > *behind)) order.emplace_back(place, id);
    std::sort(order.begin(), order.end());
    if (question_.descending) std::reverse(order.begin(), order.end());
    std::vector<std::string> ids;
    for (const auto& [place, id] : order)
      if (ids.size() < limit) ids.push_back(id);
    return ids;
  }

  /// Remembers who stood still through the whole walk: the same place, or none, at every page.
  void note_places() {
    const auto now = places();
    std::set<std::string> ids;
    for (const auto& [id, seen] : seen_) ids.insert(id);
    for (const auto& [id, place] : now) ids.insert(id);
    const bool first = seen_.empty() && moved_.empty();
    for (const std::string& id : ids) {
      const auto at = now.find(id);
      const std::optional<place_of> place = at == now.end() ? std::nullopt : std::optional(at->second);
      const auto [entry, added] = seen_.emplace(id, place);
      if ((added && !first) || entry->second != place) moved_.insert(id);
    }
  }

  void check_whole_walk() const {
    for (const auto& [id, place] : seen_) {
      if (moved_.contains(id) || !place) continue;
      const auto shown = shown_.find(id);
      EXPECT_EQ(shown == shown_.end() ? 0 : shown->second, 1) << question_.query << ": " << id << " stayed put";
    }
    for (const auto& [id, times] : shown_) EXPECT_TRUE(seen_.contains(id)) << id << " was never in the answer";
  }

  void publish() {
    if (below(3) != 0) place_.clock().forward(std::chrono::milliseconds(below(5)));  // some of one millisecond
    modelled m;
    m.owner = below(2) == 0 ? ann : sue;
    m.price = static_cast<std::int64_t>(1 + below(9)) * 100;  // many equal ones
    m.city = below(cities.size());
    m.bedrooms = static_cast<std::int64_t>(below(5));
    m.status = below(4) == 0 ? static_cast<property_status>(below(5)) : property_status::active;
    m.made_at = place_.clock().now().time_since_epoch().count();
    const auto& spellings = cities[m.city];
    const answer made = place_.send(post(all, listing("", by(""), m.status, with("price", std::to_string(m.price)),
                                                      with("bedrooms", std::to_string(m.bedrooms)),
                                                      with("city", '"' + spellings[below(spellings.size())] + '"'))
                                                  .body())
                                        .as(m.owner));
    ASSERT_EQ(made.status, 201) << made.body;
    m.id = made.text_at("/id");
    model_.push_back(m);
  }

  void disturb() {
    const std::size_t kind = below(6);
    if (kind == 0 || model_.size() < 10) return publish();
    modelled& m = model_[below(model_.size())];
    const std::string one = std::string(all) + '/' + m.id;
    if (kind == 1) {
      ASSERT_EQ(place_.send(remove(one).as(m.owner)).status, 204);
      model_.erase(model_.begin() + (&m - model_.data()));
      return;
    }
    std::string body;
    if (kind == 2) {
      m.price = static_cast<std::int64_t>(1 + below(9)) * 100;
      body = "{\"price\":" + std::to_string(m.price) + '}';
    } else if (kind == 3) {
      m.city = below(cities.size());
      body = "{\"city\":\"" + cities[m.city].back() + "\"}";
    } else if (kind == 4) {
      m.status = static_cast<property_status>(below(5));
      body = "{\"status\":\"" + std::string(record::to_name(m.status)) + "\"}";
    } else {
      body = R"({"title":"Another headline"})";  // moves nothing
    }
    ASSERT_EQ(place_.send(patch(one, body).as(m.owner)).status, 200);
  }

  std::mt19937_64 random_;
  market place_;
  std::vector<modelled> model_;
  question question_;
  std::map<std::string, std::optional<place_of>> seen_;
  std::set<std::string> moved_;
  std::map<std::string, int> shown_;
};

TEST(Walking, ShowsWhatStaysPutOnceAndInOrder) {
  const std::uint64_t rounds = number_from("SPACES_WALK_ROUNDS", 150);
  const std::uint64_t seed = number_from("SPACES_WALK_SEED", std::random_device{}());
  RecordProperty("seed", std::to_string(seed));
  for (std::uint64_t round = 0; round < rounds && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("SPACES_WALK_SEED=" + std::to_string(seed + round) + " SPACES_WALK_ROUNDS=1");
    walk(seed + round).run();
  }
}

}  // namespace
}  // namespace spaces::test
