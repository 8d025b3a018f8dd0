#include "platform/table/idempotency.hpp"

#include "platform/table/test_table.hpp"

#include <gtest/gtest.h>

namespace spaces::table {
namespace {

using namespace std::string_view_literals;
using record::item;
using record::value;

constexpr instant noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{12};

idempotent_request request_of(std::uint8_t user, std::string client_key, std::string fingerprint = "f1") {
  idempotent_request request;
  request.user.bytes.fill(user);
  request.client_key = std::move(client_key);
  request.fingerprint = std::move(fingerprint);
  return request;
}

const key thing{"THING#1", "DETAILS"};

put made_thing(std::string_view title = "Loft") {
  item made;
  made.append(name::entity_type, value::of("Thing"sv));
  made.append("title", value::of(title));
  return {thing, std::move(made), {}};
}

TEST(idempotency, refers_to_what_was_made_and_holds_nothing_of_it) {
  const put kept = keep_reference(request_of(1, "key"), thing, noon);
  EXPECT_EQ(kept.item.find(name::entity_type), value::of("Idempotency"sv));
  EXPECT_EQ(kept.item.find("MadePK"), value::of("THING#1"sv));
  EXPECT_EQ(kept.item.find("MadeSK"), value::of("DETAILS"sv));
  EXPECT_LE(counted_bytes(kept.key, kept.item.view()), 500U) << "however large the thing is";
  EXPECT_TRUE(kept.item.view().well_formed());
  EXPECT_TRUE(validate({kept}));
}

TEST(idempotency, lasts_a_day) {
  const put kept = keep_reference(request_of(1, "key"), thing, noon + std::chrono::milliseconds(999));
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>((noon + std::chrono::hours{24}).time_since_epoch());
  EXPECT_EQ(expiry_seconds(kept.item.view()), seconds.count());
}

TEST(idempotency, keys_are_the_users_own_and_as_long_as_they_like) {
  const table::key one = keep_reference(request_of(1, "key"), thing, noon).key;
  EXPECT_EQ(keep_reference(request_of(1, "key", "another print"), thing, noon).key, one);
  EXPECT_NE(keep_reference(request_of(2, "key"), thing, noon).key, one);
  EXPECT_NE(keep_reference(request_of(1, "Key"), thing, noon).key, one);
  EXPECT_TRUE(validate(key_view(keep_reference(request_of(1, std::string(255, '#')), thing, noon).key)));
}

TEST(idempotency, the_second_use_is_refused_and_finds_what_the_first_made_as_it_is_now) {
  test::test_table table;
  const idempotent_request request = request_of(1, "key");
  EXPECT_EQ(*made_earlier(table, request), std::nullopt);
  ASSERT_FALSE(*table.write({keep_reference(request, thing, noon), made_thing()}));
  const auto again = table.write({keep_reference(request, thing, noon), made_thing("Another")});
  ASSERT_TRUE(again && *again) << "the condition of the put";
  ASSERT_FALSE(*table.write({made_thing("Painted")}));
  const auto made = made_earlier(table, request);
  ASSERT_TRUE(made && *made);
  EXPECT_EQ((*made)->find("title"), value::of("Painted"sv));
}

TEST(idempotency, what_was_made_and_removed_is_in_conflict) {
  test::test_table table;
  ASSERT_FALSE(*table.write({keep_reference(request_of(1, "key"), thing, noon), made_thing()}));
  ASSERT_FALSE(*table.write({remove{thing, {}}}));
  EXPECT_EQ(made_earlier(table, request_of(1, "key")).error().kind, error_kind::conflict);
}

TEST(idempotency, another_request_under_the_same_key_is_invalid) {
  test::test_table table;
  ASSERT_FALSE(*table.write({keep_reference(request_of(1, "key", "f1"), thing, noon), made_thing()}));
  const auto other = made_earlier(table, request_of(1, "key", "f2"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, error_kind::invalid);
  ASSERT_EQ(other.error().problems.size(), 1u);
  EXPECT_EQ(other.error().problems[0].code, "used-otherwise");
  EXPECT_EQ(*made_earlier(table, request_of(2, "key", "f2")), std::nullopt) << "another user's key is another key";
}

TEST(idempotency, a_table_that_fails_is_passed_on) {
  test::test_table table;
  table.read_fails = unavailable("down");
  EXPECT_EQ(made_earlier(table, request_of(1, "key")).error().kind, error_kind::unavailable);
}

}  // namespace
}  // namespace spaces::table
