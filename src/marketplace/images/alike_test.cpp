// The same picture on listings of different people is reported to the operator.
#include "marketplace/images/alike_report.hpp"
#include "scenario/pictures.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace spaces::test {
namespace {

struct alike_pictures : testing::Test {
  scripted_preparer preparer;
  scenario s{"the same picture", {.public_listings = true, .preparer = &preparer}};

  void SetUp() override {
    s.given(seller("ann"), seller("dan"), listing("loft", by("ann")));
    add_picture(s, "ann's", "picture1 of a kitchen");
    s.place().do_jobs();
    s.name("first", s.filled("{loft}"));
  }
  /// A picture on a listing of its own.
  void show(const std::string& who, const std::string& bytes) {
    s.given(listing("loft", by(who)));
    add_picture(s, who + "'s", bytes, who);
    s.place().do_jobs();
  }
  std::vector<images::alike_report> reports(images::alike_status status = images::alike_status::open) {
    const auto found = images::alike_reports(s.place().table(), s.place().clock()).list(status);
    EXPECT_TRUE(found);
    return found ? *found : std::vector<images::alike_report>{};
  }
};

TEST_F(alike_pictures, of_two_people_are_reported_once) {
  show("dan", "picture1, scaled");
  ASSERT_EQ(reports().size(), 1U);
  const images::alike_report found = reports().front();
  EXPECT_EQ(found.distance, 0);
  EXPECT_EQ(to_text(found.property_id), s.filled("{loft}"));
  EXPECT_EQ(found.user_id, id_of("dan"));
  EXPECT_EQ(to_text(found.image_id), s.filled("{dan's}"));
  EXPECT_EQ(to_text(found.other_property_id), s.filled("{first}"));
  EXPECT_EQ(found.other_user_id, id_of("ann"));
  add_picture(s, "more", "picture1 again", "dan");
  s.place().do_jobs();
  EXPECT_EQ(reports().size(), 1U) << "of the same two listings";
}

TEST_F(alike_pictures, of_one_person_and_different_ones_are_not) {
  show("ann", "picture1 once more");
  show("dan", "another!");
  EXPECT_TRUE(reports().empty());
}

TEST_F(alike_pictures, that_are_removed_are_none) {
  s.name("loft", s.filled("{first}"));
  s.when(remove(s.filled(lofts_images) + s.filled("/{ann's}")).as("ann")).then(204);
  s.place().do_jobs();
  show("dan", "picture1, scaled");
  EXPECT_TRUE(reports().empty());
}

TEST_F(alike_pictures, are_looked_at_by_the_operator) {
  show("dan", "picture1, scaled");
  images::alike_reports service(s.place().table(), s.place().clock());
  const uuid id = reports().at(0).id;
  ASSERT_TRUE(service.resolve(id, "Dan is Ann's agent."));
  EXPECT_TRUE(reports().empty());
  ASSERT_EQ(reports(images::alike_status::resolved).size(), 1U);
  EXPECT_EQ(reports(images::alike_status::resolved).front().note, "Dan is Ann's agent.");
  EXPECT_EQ(service.resolve(id, {}).error().kind, error_kind::conflict);
  EXPECT_EQ(service.resolve(uuid{}, {}).error().kind, error_kind::not_found);
}

}  // namespace
}  // namespace spaces::test
