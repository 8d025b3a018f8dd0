#include "platform/feature/assembly.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spaces {
namespace {

feature named(std::string_view name) {
  feature made;
  made.name = name;
  return made;
}

std::string wrong_with(std::vector<feature> features) {
  const auto made = assembly::of(std::move(features));
  return made ? "" : made.error().public_text;
}

TEST(features, keep_their_order_in_every_list) {
  feature a = named("a");
  a.export_sections.push_back({"one", {}});
  a.export_sections.push_back({"two", {}});
  feature b = named("b");
  b.export_sections.push_back({"three", {}});
  const auto made = assembly::of({a, named("empty"), b});
  ASSERT_TRUE(made);
  std::string names;
  for (const export_section& one : (*made)->export_sections()) names += std::string(one.name) + ' ';
  EXPECT_EQ(names, "one two three ");
}

TEST(features, do_not_start_with_one_name_twice) {
  struct row {
    std::string_view what;
    void (*add)(feature& to);
  };
  const row rows[] = {
      {"route 'GET /toys'",
       [](feature& to) {
         http::route made(http::kept_by::all);
         made.path = "/toys";
         to.routes.push_back(std::move(made));
       }},
      {"problem 'toy-broken'",
       [](feature& to) { to.problems.push_back({"toy-broken", error_kind::conflict, "The toy is broken"}); }},
      {"job 'mend'", [](feature& to) { to.jobs.push_back({"mend", {}}); }},
      {"export section 'toys'", [](feature& to) { to.export_sections.push_back({"toys", {}}); }},
      {"health check 'chest'", [](feature& to) { to.health.push_back({"chest", {}}); }},
      {"periodic work 'tidy'", [](feature& to) { to.periodics.push_back({"tidy", {}, {}}); }},
      {"entity 'Toy'", [](feature& to) { to.entities.push_back({"Toy", {}, {}}); }},
  };
  for (const row& one : rows) {
    feature a = named("a");
    feature b = named("b");
    one.add(a);
    EXPECT_EQ(wrong_with({a, b}), "");
    one.add(b);
    EXPECT_EQ(wrong_with({a, b}), "a and b both hand out the " + std::string(one.what) + '.');
    one.add(a);
    EXPECT_EQ(wrong_with({a}), "a and a both hand out the " + std::string(one.what) + '.');
  }
}

TEST(features, erase_one_after_the_other_until_one_fails) {
  std::string erased;
  bool fails = false;
  const auto erasing = [&](char name, bool may_fail) {
    return [&, name, may_fail](const uuid&, instant) -> result<void> {
      if (may_fail && fails) return unavailable("later");
      erased += name;
      return {};
    };
  };
  feature a = named("a");
  a.erase = erasing('a', false);
  feature b = named("b");
  b.erase = erasing('b', true);
  feature c = named("c");
  c.erase = erasing('c', false);
  const auto made = assembly::of({a, named("holds nothing"), b, c});
  ASSERT_TRUE(made);
  EXPECT_TRUE((*made)->erase({}, {}));
  EXPECT_EQ(erased, "abc");
  fails = true;
  EXPECT_FALSE((*made)->erase({}, {}));
  EXPECT_EQ(erased, "abca") << "what comes later may build on what came before";
}

TEST(features, live_as_long_as_what_was_made_of_them) {
  auto service = std::make_shared<int>(7);
  const std::weak_ptr<int> there = service;
  feature a = named("a");
  a.owned = std::move(service);
  {
    const auto made = assembly::of({std::move(a)});
    ASSERT_TRUE(made);
    EXPECT_FALSE(there.expired());
  }
  EXPECT_TRUE(there.expired());
}

}  // namespace
}  // namespace spaces
