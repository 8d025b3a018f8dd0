// From an announcement to what everybody sees, and what owners do with their pictures.
#include "scenario/emails.hpp"
#include "scenario/pictures.hpp"

#include "marketplace/images/image.hpp"
#include "marketplace/images/limits.hpp"
#include "marketplace/properties/listing_images.hpp"
#include "platform/picture/header.hpp"
#include "platform/picture/limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace spaces::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* loft = "/api/v1/properties/{loft}";

struct adding_images : testing::Test {
  scripted_preparer preparer;
  scenario s{"pictures", {.public_listings = true, .preparer = &preparer}};

  void SetUp() override { s.given(seller("ann"), buyer("ben"), agent("dan"), listing("loft", by("ann"))); }

  std::string seen_by(const std::string& who, const std::string& pointer = "/images") {
    call request = get(s.filled(loft));
    request.who = who;
    return s.place().send(request).at(pointer);
  }
  /// Of the listing's pictures, as somebody sees them.
  std::vector<std::string> statuses(const std::string& who = "ann") {
    call request = get(s.filled(lofts_images));
    request.who = who;
    const std::string all = s.place().send(request).body;
    std::vector<std::string> found;
    for (std::size_t at = 0; (at = all.find("\"status\":\"", at)) != std::string::npos;) {
      at += 10;
      found.push_back(all.substr(at, all.find('"', at) - at));
    }
    return found;
  }
  std::vector<std::string> keys(const std::string& prefix = "") {
    std::vector<std::string> found;
    const auto page = s.place().bucket().list(prefix, "", 1000);
    EXPECT_TRUE(page);
    for (const bucket::listed_object& each : page->objects) found.push_back(each.key);
    return found;
  }
  /// The key of {kitchen} as it was uploaded.
  std::string original() {
    return images::original_key(*parse_uuid(s.filled("{loft}")), *parse_uuid(s.filled("{kitchen}")));
  }
  std::string bytes_at(const std::string& key) {
    const auto found = s.place().bucket().get(key, std::nullopt);
    return found ? found->bytes : "";
  }
};

using texts = std::vector<std::string>;

TEST_F(adding_images, takes_one_from_its_announcement_to_everybody) {
  s.when(post(lofts_images, announcing("a kitchen", R"(,"name":"IMG_1.jpg","alt":"The kitchen")")).as("ann"))
      .then(201, shows("/status", "\"awaiting\""), shows("/alt", "\"The kitchen\""), shows("/sources", "[]"),
            shows("/upload/method", "\"PUT\""), field("Location"), keep("kitchen", "/id"), keep_upload("kitchen"));
  EXPECT_EQ(seen_by(""), "[]");
  EXPECT_EQ(seen_by("ann", "/images/0/status"), "\"awaiting\"");
  EXPECT_EQ(upload(s, "kitchen", "a kitchen"), 200);
  s.when(uploaded("kitchen")).then(200, shows("/status", "\"preparing\""), no_field("Location"));
  EXPECT_EQ(statuses(), texts{"preparing"});
  EXPECT_EQ(statuses(""), texts{});
  s.place().do_jobs();
  EXPECT_EQ(statuses(""), texts{"ready"});
  s.when(get(loft)).then(
      200, shows("/images/0/width", "1000"), shows("/images/0/height", "750"),
      shows("/images/0/alt", "\"The kitchen\""), shows("/images/0/placeholder", "\"cGxhY2Vob2xkZXI=\""),
      shows("/images/0/sources/0/type", "\"image/avif\""), shows("/images/0/sources/3/type", "\"image/webp\""),
      shows("/images/0/sources/8/width", "1000"));
  EXPECT_EQ(preparer.asked, (texts{"a kitchen", "a kitchen"})) << "at first, and AVIF";
  // What the answer names is in the bucket, and its type is right.
  EXPECT_EQ(keys("media/").size(), 9U);
  for (const std::string& key : keys("media/")) {
    const std::string ending = key.substr(key.rfind('.') + 1);
    EXPECT_NE(bytes_at(key).find(ending == "jpg" ? "image/jpeg" : "image/" + ending), std::string::npos) << key;
    EXPECT_NE(seen_by("").find(key.substr(6)), std::string::npos) << key;
  }
  EXPECT_EQ(keys("originals/"), texts{original()});
}

TEST_F(adding_images, says_so_twice_or_not_at_all_makes_no_difference) {
  announce(s, "kitchen", "a kitchen");
  s.when(uploaded("kitchen")).then(409, problem("image-not-uploaded"));
  EXPECT_EQ(upload(s, "kitchen", "a kitchen"), 200);
  s.when(uploaded("kitchen")).then(200, shows("/status", "\"preparing\""));
  s.when(uploaded("kitchen")).then(200, shows("/status", "\"preparing\""));
  s.place().do_jobs();
  s.when(uploaded("kitchen")).then(200, shows("/status", "\"ready\""));
  EXPECT_EQ(preparer.asked.size(), 2U);
  // One that nobody reported is found.
  announce(s, "bath", "a bath");
  EXPECT_EQ(upload(s, "bath", "a bath"), 200);
  s.place().do_jobs();
  EXPECT_EQ(statuses(), (texts{"ready", "awaiting"}));
  s.after(images::upload_wait).place().do_jobs();
  EXPECT_EQ(statuses(), (texts{"ready", "ready"}));
}

TEST_F(adding_images, forgets_what_never_came) {
  announce(s, "kitchen", "a kitchen");
  s.after(images::upload_wait).place().do_jobs();
  EXPECT_EQ(statuses(), texts{});
  s.when(uploaded("kitchen")).then(404);
  s.when(get(lofts_images).as("ann")).then(200, shows("/images", "[]"));
}

TEST_F(adding_images, is_asked_for_once_by_one_key) {
  const auto ask = [&] { return post(lofts_images, announcing("a kitchen")).as("ann").with("Idempotency-Key", "k"); };
  s.when(ask()).then(201, keep("kitchen", "/id"));
  s.when(ask()).then(201, shows("/id", "\"{kitchen}\""), keep_upload("kitchen"));
  EXPECT_EQ(upload(s, "kitchen", "a kitchen"), 200) << "by the permission of the second answer";
  s.when(uploaded("kitchen")).then(200);
  s.when(ask()).then(201, shows("/id", "\"{kitchen}\""), shows("/status", "\"preparing\""), shows("/upload", "null"));
  EXPECT_EQ(statuses(), texts{"preparing"});
  s.when(post(lofts_images, announcing("a bath")).as("ann").with("Idempotency-Key", "k"))
      .then(422, errors({{"Idempotency-Key", "used-otherwise"}}));
}

TEST_F(adding_images, takes_nothing_else_than_was_announced) {
  announce(s, "kitchen", "a kitchen");
  for (const char* other : {"a kitchem", "a kitchen!", "a kitche", ""})
    EXPECT_EQ(upload(s, "kitchen", other) / 100, 4) << other;
  EXPECT_TRUE(keys().empty());
  EXPECT_EQ(upload(s, "kitchen", "a kitchen"), 200);
  EXPECT_EQ(upload(s, "kitchen", "a kitchen") / 100, 4) << "once";
  // S3 has a clock of its own; its contract suite is about that.
  if (s.place().bucket().engine() != "disk") return;
  announce(s, "late", "late");
  s.when(post(lofts_images, announcing("later")).as("ann"))
      .then(201, shows("/upload/expiresAt", "\"2026-11-22T08:30:01.000Z\""));
  s.after(images::upload_lifetime + 1s);
  EXPECT_EQ(upload(s, "late", "late") / 100, 4);
}

TEST_F(adding_images, judges_what_is_announced) {
  const auto wrong = [&](const std::string& body, std::vector<std::pair<std::string, std::string>> expected) {
    s.when(post(lofts_images, body).as("ann")).then(422, errors(std::move(expected)));
  };
  wrong("{}", {{"/bytes", "required"}, {"/sha256", "required"}, {"/type", "required"}});
  const std::string digest(64, 'a');
  const auto body = [&](const std::string& bytes, const std::string& type, const std::string& sha,
                        const char* more = "") {
    return R"({"bytes":)" + bytes + R"(,"type":")" + type + R"(","sha256":")" + sha + '"' + more + '}';
  };
  wrong(body("0", "image/jpeg", digest), {{"/bytes", "too-small"}});
  wrong(body("26214401", "image/jpeg", digest), {{"/bytes", "too-large"}});
  wrong(body("9", "image/gif", digest), {{"/type", "not-a-choice"}});
  wrong(body("9", "image/jpeg", std::string(64, 'A')), {{"/sha256", "not-a-sha256"}});
  wrong(body("9", "image/jpeg", std::string(63, 'a')), {{"/sha256", "too-short"}});
  wrong(body("9", "image/jpeg", digest, R"(,"salt":"x")"), {{"/salt", "fixed"}});
  wrong(body("9", "image/jpeg", digest, R"(,"alt":"\u202e")"), {{"/alt", "not-legible"}});
  EXPECT_EQ(statuses(), texts{});
}

TEST_F(adding_images, is_the_owners_alone) {
  s.given(listing("draft", by("ann"), status::draft));
  add_picture(s, "kitchen", "a kitchen");
  const std::string one = s.filled(lofts_images) + s.filled("/{kitchen}");
  for (const char* who : {"ben", "dan"}) {
    s.when(post(lofts_images, announcing("mine")).as(who)).then(403);
    s.when(post("/api/v1/properties/{draft}/images", announcing("mine")).as(who)).then(404);
    s.when(uploaded("kitchen", who)).then(403);
    s.when(put(lofts_images, R"({"images":[]})").as(who)).then(403);
    s.when(remove(one).as(who)).then(403);
    s.when(get("/api/v1/properties/{draft}/images").as(who)).then(404);
  }
  // A picture of another listing is none of this one.
  s.when(remove("/api/v1/properties/{draft}/images/{kitchen}").as("ann")).then(404);
  s.when(post("/api/v1/properties/{draft}/images/{kitchen}/uploaded", "").as("ann")).then(404);
  EXPECT_EQ(statuses(), texts{"preparing"});
}

TEST_F(adding_images, has_a_bound_for_a_listing) {
  for (std::size_t i = 0; i < properties::images_max; ++i) announce(s, "one", std::to_string(i));
  s.when(post(lofts_images, announcing("one more")).as("ann")).then(409, problem("too-many-images"));
  s.when(remove(s.filled(lofts_images) + s.filled("/{one}")).as("ann")).then(204);
  s.when(post(lofts_images, announcing("one more")).as("ann")).then(201);
}

TEST_F(adding_images, is_refused_with_the_reason) {
  preparer.failure = invalid({{"", "damaged", "The file is cut short."}});
  preparer.failure->public_text = "The file is cut short.";
  add_picture(s, "kitchen", "a kitchen");
  s.place().do_jobs();
  s.when(get(lofts_images).as("ann"))
      .then(200, shows("/images/0/status", "\"refused\""), shows("/images/0/reason", "\"The file is cut short.\""));
  EXPECT_EQ(statuses(""), texts{});
  EXPECT_TRUE(keys().empty()) << "nothing is kept of what is refused";
  s.when(remove(s.filled(lofts_images) + s.filled("/{kitchen}")).as("ann")).then(204);
}

TEST_F(adding_images, is_refused_as_another_type_than_was_announced) {
  add_picture(s, "kitchen", "\x89PNG\r\n\x1A\n and a kitchen");
  s.place().do_jobs();
  EXPECT_EQ(seen_by("ann", "/images/0/reason"),
            "\"This picture is image/png and was announced as image/jpeg: add it again as what it is.\"");
  EXPECT_EQ(preparer.asked, texts{}) << "no worker is bothered";
}

TEST_F(adding_images, waits_for_a_worker_and_comes_to_an_end) {
  preparer.failure = unavailable("no worker");
  add_picture(s, "kitchen", "a kitchen");
  s.place().do_jobs();
  EXPECT_EQ(statuses(), texts{"preparing"});
  preparer.failure.reset();
  s.after(10s).place().do_jobs();
  EXPECT_EQ(statuses(), texts{"ready"});
  preparer.failure = unavailable("no worker");
  add_picture(s, "bath", "a bath");
  for (int tries = 0; tries < images::prepare_tries_max; ++tries) s.after(2h).place().do_jobs();
  EXPECT_EQ(statuses(), (texts{"ready", "refused"}));
}

TEST_F(adding_images, survives_whatever_happens_while_it_is_prepared) {
  // The picture is removed, the listing is removed, the original is gone.
  for (const char* what : {"picture", "listing", "original"}) {
    s.given(listing("loft", by("ann")));
    add_picture(s, "kitchen", "a kitchen");
    preparer.before = [&](picture::stage) {
      if (what == std::string_view("picture"))
        s.when(remove(s.filled(lofts_images) + s.filled("/{kitchen}")).as("ann")).then(204);
      if (what == std::string_view("listing")) s.when(remove(loft).as("ann")).then(204);
      if (what == std::string_view("original")) s.place().bucket().remove(original()).value();
    };
    s.place().do_jobs();
    preparer.before = nullptr;
    if (what == std::string_view("original")) {
      EXPECT_EQ(statuses(), texts{"ready"});
      s.when(remove(loft).as("ann")).then(204);
      s.place().do_jobs();
    }
    EXPECT_TRUE(keys().empty()) << what;
  }
}

TEST_F(adding_images, can_be_done_again_at_any_point) {
  add_picture(s, "kitchen", "a kitchen");
  // A process that is killed has done the job and not said so: it is done again.
  const std::string id = s.filled("{kitchen}");
  for (int times = 0; times < 2; ++times) {
    s.place().do_jobs();
    EXPECT_EQ(statuses(), texts{"ready"});
    EXPECT_EQ(keys("media/").size(), 9U);
    for (const std::string_view job : {"prepare-image", "finish-image"}) {
      record::item details;
      details.append("propertyId", record::value::of(std::string_view(s.filled("{loft}"))));
      details.append("imageId", record::value::of(std::string_view(id)));
      const auto now = s.place().clock().now();
      ASSERT_TRUE(
          s.place().table().write({jobs::enqueue({job, details, 0ms, jobs::queue::slow}, make_uuid_v7(now), now)}));
    }
  }
}

// ---- Order and texts

TEST_F(adding_images, are_put_into_an_order_and_described) {
  for (const char* name : {"a", "b", "c"}) add_picture(s, name, name);
  s.place().do_jobs();
  const auto arrange = [&](const std::string& body) { return put(lofts_images, body).as("ann"); };
  const auto ids = [&] {
    texts found;
    for (const char* at : {"/0", "/1", "/2"}) found.push_back(seen_by("", std::string("/images") + at + "/id"));
    return found;
  };
  const auto order = [&](const char* first, const char* second, const char* third) {
    texts wanted;
    for (const char* each : {first, second, third}) wanted.push_back('"' + s.filled(each) + '"');
    return wanted;
  };
  EXPECT_EQ(ids(), order("{a}", "{b}", "{c}"));
  s.when(arrange(R"({"images":[{"id":"{c}","alt":"The sea"},{"id":"{b}"}]})"))
      .then(200, shows("/images/0/alt", "\"The sea\""), field("ETag"));
  EXPECT_EQ(ids(), order("{c}", "{b}", "{a}"));
  s.when(arrange(R"({"images":[{"id":"{a}"}]})")).then(200, shows("/images/1/alt", "\"The sea\""));
  EXPECT_EQ(ids(), order("{a}", "{c}", "{b}"));
  s.when(arrange(R"({"images":[{"id":"{a}"},{"id":"{c}","alt":null}]})")).then(200, shows("/images/1/alt", "null"));
  s.when(arrange(R"({"images":[{"id":"{a}"},{"id":"{a}"},{"id":"{loft}"},{"alt":"x"},7,{"id":"x"}]})"))
      .then(422, errors({{"/images/3/id", "required"}, {"/images/4", "wrong-type"}, {"/images/5/id", "not-a-uuid"}}));
  s.when(arrange(R"({"images":[{"id":"{a}"},{"id":"{a}"},{"id":"{loft}"}]})"))
      .then(422, errors({{"/images/1/id", "twice"}, {"/images/2/id", "unknown"}}));
  for (const char* wrong : {R"({})", R"({"images":{}})", R"({"images":[],"cover":1})", "[]"})
    s.when(arrange(wrong)).then(422);
  EXPECT_EQ(ids(), order("{a}", "{c}", "{b}"));
  // The cover is the first on every list.
  const std::string a_file = keys("media/").front();
  s.when(get("/api/v1/properties"))
      .then(200, shows("/items/0/cover/width", "1000"), shows("/items/0/cover/widths", "[320,640,1000]"));
}

TEST_F(adding_images, changes_are_meant_for_a_version) {
  add_picture(s, "a", "a");
  s.when(get(loft).as("ann")).then(200, keep("version", "/version"));
  const std::string before = "\"v" + s.filled("{version}") + '"';
  s.place().do_jobs();
  // Its preparing is in nobody's way.
  s.when(patch(loft, R"({"title":"A loft again"})").as("ann").with("If-Match", before)).then(200);
  s.when(patch(loft, R"({"title":"A loft once more"})").as("ann").with("If-Match", before)).then(412);
  s.when(put(lofts_images, R"({"images":[{"id":"{a}","alt":"A"}]})").as("ann").with("If-Match", before)).then(200);
  s.when(put(lofts_images, R"({"images":[{"id":"{a}","alt":"B"}]})").as("ann").with("If-Match", before)).then(412);
  s.when(remove(s.filled(lofts_images) + s.filled("/{a}")).as("ann").with("If-Match", before)).then(412);
  s.when(remove(s.filled(lofts_images) + s.filled("/{a}")).as("ann").with("If-Match", "*")).then(204);
}

TEST_F(adding_images, may_be_sent_back_with_the_listing) {
  add_picture(s, "a", "a", "ann", R"(,"alt":"A")");
  const std::string whole = s.place().send(get(s.filled(loft)).as("ann")).body;
  s.after(1s).place().do_jobs();
  // Version and time have gone on, and say so; the pictures are the same.
  s.when(put(loft, whole).as("ann")).then(422, errors({{"/version", "fixed"}, {"/updatedAt", "fixed"}}));
  const std::string now = s.place().send(get(s.filled(loft)).as("ann")).body;
  s.when(put(loft, now).as("ann")).then(200, shows("/images/0/status", "\"ready\""));
}

// ---- The end

TEST_F(adding_images, are_gone_when_they_are_removed) {
  add_picture(s, "a", "a");
  add_picture(s, "b", "b");
  s.place().do_jobs();
  EXPECT_EQ(keys().size(), 20U);
  s.when(remove(s.filled(lofts_images) + s.filled("/{a}")).as("ann")).then(204);
  EXPECT_EQ(statuses(""), texts{"ready"});
  s.place().do_jobs();
  EXPECT_EQ(keys().size(), 10U);
  s.when(remove(s.filled(lofts_images) + s.filled("/{a}")).as("ann")).then(404);
  s.when(remove(loft).as("ann")).then(204);
  s.place().do_jobs();
  EXPECT_TRUE(keys().empty());
  const auto walked = s.place().table().walk({}, [&](table::key_view key, record::item_view item) {
    EXPECT_NE(item.find(table::name::entity_type).text, "Image") << key.pk;
    EXPECT_NE(item.find(table::name::entity_type).text, "Likeness") << key.pk;
    return true;
  });
  EXPECT_TRUE(walked);
}

TEST(image_types, are_those_that_are_taken) {
  for (std::size_t i = 0; i < std::size(images::image_type_names); ++i)
    EXPECT_EQ(images::image_type_names[i], picture::content_type_of(static_cast<picture::format>(i)));
}

TEST(image_widths, are_those_that_are_prepared) {
  EXPECT_TRUE(std::ranges::equal(properties::image_widths, picture::widths));
}

}  // namespace
}  // namespace spaces::test
