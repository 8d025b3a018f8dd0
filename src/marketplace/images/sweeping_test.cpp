// What is in the bucket and in no listing goes, and nothing else.
#include "marketplace/images/sweeping.hpp"

#include "marketplace/images/inspection.hpp"
#include "marketplace/images/limits.hpp"
#include "scenario/pictures.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace spaces::test {
namespace {

using namespace std::chrono_literals;

struct swept_bucket : testing::Test {
  scripted_preparer preparer;
  scenario s{"a swept bucket", {.public_listings = true, .preparer = &preparer}};
  /// Files have the machine's time, and the market's clock stands: so many hours behind them.
  held_clock time;

  void SetUp() override {
    s.given(seller("ann"), listing("loft", by("ann")));
    add_picture(s, "kitchen", "a kitchen");
    s.place().do_jobs();
  }
  void stand_behind_files(std::chrono::hours by) {
    const auto head = s.place().bucket().head(keys().at(0));
    ASSERT_TRUE(head);
    time.forward(head->modified + by - time.now());
  }
  std::set<std::string> all() {
    const std::vector<std::string> found = keys();
    return {found.begin(), found.end()};
  }
  std::vector<std::string> keys() {
    std::vector<std::string> found;
    const auto page = s.place().bucket().list("", "", 1000);
    EXPECT_TRUE(page);
    for (const bucket::listed_object& each : page->objects) found.push_back(each.key);
    return found;
  }
  void put(const std::string& key) { ASSERT_TRUE(s.place().bucket().put(key, "x", {})); }
  uuid loft() { return *parse_uuid(s.filled("{loft}")); }
  images::sweep_counts sweep(bool only_look = false) {
    images::sweeping sweeps(s.place().table(), time, s.place().bucket(), std::chrono::days{7});
    const auto counts = sweeps.sweep_all(only_look, [](const images::sweep_counts&) { return true; });
    EXPECT_TRUE(counts);
    return counts ? *counts : images::sweep_counts{};
  }
};

TEST_F(swept_bucket, keeps_what_listings_name_and_what_is_young) {
  const std::set<std::string> named = all();
  ASSERT_EQ(named.size(), 10U);
  // Of a picture that is gone, of a listing that is gone, originals of both, and what is none of a picture's.
  const properties::image_name other{};
  const std::string of_other = properties::media_key(loft(), other, properties::source_type::jpeg, 320);
  const std::string of_nobody = properties::media_key(uuid{}, other, properties::source_type::jpeg, 320);
  const std::string another_width = properties::media_key(loft(), properties::read_media_key(*named.begin())->name,
                                                          properties::source_type::jpeg, 99);
  const std::string original = images::original_key(loft(), uuid{});
  for (const std::string& key : {of_other, of_nobody, another_width, original, std::string("notes/readme")}) put(key);
  stand_behind_files(5h);
  EXPECT_EQ(sweep().removed, 0U) << "a worker may be about to name them";
  stand_behind_files(images::unnamed_age_min + 1h);
  EXPECT_EQ(sweep(true).removed, 4U);
  EXPECT_EQ(all().size(), 15U) << "only looked";
  const images::sweep_counts done = sweep();
  EXPECT_EQ(done.removed, 4U);
  EXPECT_EQ(done.examined, 15U);
  EXPECT_EQ(done.foreign, 1U);
  std::set<std::string> wanted = named;
  wanted.insert("notes/readme");
  EXPECT_EQ(all(), wanted);
  EXPECT_EQ(sweep().removed, 0U);
}

TEST_F(swept_bucket, keeps_originals_for_their_days) {
  stand_behind_files(24h * 7 - 1h);
  EXPECT_EQ(sweep().removed, 0U);
  stand_behind_files(24h * 7 + 1h);
  EXPECT_EQ(sweep().removed, 1U);
  EXPECT_EQ(all().size(), 9U);
}

TEST_F(swept_bucket, keeps_what_waits_to_be_prepared) {
  announce(s, "bath", "a bath");
  EXPECT_EQ(upload(s, "bath", "a bath"), 200);
  stand_behind_files(24h * 6);
  EXPECT_EQ(sweep().removed, 0U) << "awaiting";
  s.when(uploaded("bath")).then(200);
  EXPECT_EQ(sweep().removed, 0U) << "preparing";
}

TEST_F(swept_bucket, goes_on_where_it_was_and_begins_anew_twice_a_day) {
  images::sweeping sweeps(s.place().table(), time, s.place().bucket(), std::chrono::days{7});
  stand_behind_files(24h);
  const auto run = [&](std::chrono::milliseconds for_so_long = 10s) {
    const auto counts = sweeps.sweep_some(std::chrono::steady_clock::now() + for_so_long, {});
    EXPECT_TRUE(counts);
    return counts ? *counts : images::sweep_counts{};
  };
  for (int i = 0; i < 150; ++i) {
    properties::image_name name{};
    name.back() = static_cast<std::uint8_t>(i);
    put(properties::media_key(uuid{}, name, properties::source_type::webp, 640));
  }
  EXPECT_EQ(run(-1s).examined, 0U) << "no time";
  const images::sweep_counts first = run();
  EXPECT_TRUE(first.complete);
  EXPECT_EQ(first.removed, 150U);
  EXPECT_EQ(run().examined, 0U) << "just done";
  time.forward(images::sweep_interval);
  EXPECT_EQ(run().examined, 10U);
}

TEST_F(swept_bucket, is_looked_through_for_what_lacks) {
  const auto look = [&] {
    std::vector<std::string> found;
    const auto counts = images::inspect_media(
        s.place().table(), s.place().bucket(),
        [&](std::string_view key, std::string_view what) {
          found.push_back(std::string(key) + ' ' + std::string(what));
        },
        [](const images::media_counts&) { return true; });
    EXPECT_TRUE(counts && counts->complete);
    EXPECT_EQ(counts->images(), 1U);
    EXPECT_EQ(counts->missing + counts->unnamed, found.size());
    return found;
  };
  EXPECT_TRUE(look().empty());
  const std::string key = keys().front();
  ASSERT_TRUE(s.place().bucket().remove(key));
  const std::string other = properties::media_key(loft(), {}, properties::source_type::jpeg, 320);
  put(other);
  EXPECT_EQ(look(), (std::vector<std::string>{key + " is named by its listing and is not there",
                                              other + " is there and named by no listing"}));
}

}  // namespace
}  // namespace spaces::test
