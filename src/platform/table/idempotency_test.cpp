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

item made_thing() {
  item made;
  made.append(name::entity_type, value::of("Property"sv));
  made.append("title", value::of("Loft"sv));
  made.append("GSI1PK", value::of("USER#1"sv));
  made.append("GSI1SK", value::of("PROPERTY#1"sv));
  made.append(name::card, value::of_bytes("card"));
  return made;
}

TEST(idempotency, keeps_what_was_made_out_of_every_index) {
  const put kept = keep_answer(request_of(1, "key"), made_thing(), noon);
  EXPECT_EQ(kept.item.find("title"), value::of("Loft"sv));
  EXPECT_EQ(kept.item.find(name::entity_type), value::of("Idempotency"sv));
  for (const std::string_view absent_name : {"GSI1PK", "GSI1SK", "Card"})
    EXPECT_EQ(kept.item.find(absent_name).kind, record::value_kind::none) << absent_name;
  EXPECT_TRUE(kept.item.view().well_formed());
  EXPECT_TRUE(validate({kept}));
}

TEST(idempotency, lasts_a_day) {
  const put kept = keep_answer(request_of(1, "key"), made_thing(), noon + std::chrono::milliseconds(999));
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>((noon + std::chrono::hours{24}).time_since_epoch());
  EXPECT_EQ(expiry_seconds(kept.item.view()), seconds.count());
}

TEST(idempotency, keys_are_the_users_own_and_as_long_as_they_like) {
  const table::key one = keep_answer(request_of(1, "key"), made_thing(), noon).key;
  EXPECT_EQ(keep_answer(request_of(1, "key", "another print"), made_thing(), noon).key, one);
  EXPECT_NE(keep_answer(request_of(2, "key"), made_thing(), noon).key, one);
  EXPECT_NE(keep_answer(request_of(1, "Key"), made_thing(), noon).key, one);
  EXPECT_TRUE(validate(key_view(keep_answer(request_of(1, std::string(255, '#')), made_thing(), noon).key)));
}

TEST(idempotency, the_second_use_is_refused_and_finds_the_first) {
  test::test_table table;
  const idempotent_request request = request_of(1, "key");
  EXPECT_EQ(*kept_answer(table, request), std::nullopt);
  ASSERT_FALSE(*table.write({keep_answer(request, made_thing(), noon)}));
  const auto again = table.write({keep_answer(request, made_thing(), noon)});
  ASSERT_TRUE(again && *again) << "the condition of the put";
  const auto kept = kept_answer(table, request);
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ((*kept)->find("title"), value::of("Loft"sv));
}

TEST(idempotency, another_request_under_the_same_key_is_invalid) {
  test::test_table table;
  ASSERT_FALSE(*table.write({keep_answer(request_of(1, "key", "f1"), made_thing(), noon)}));
  const auto other = kept_answer(table, request_of(1, "key", "f2"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, error_kind::invalid);
  ASSERT_EQ(other.error().problems.size(), 1u);
  EXPECT_EQ(other.error().problems[0].code, "used-otherwise");
  EXPECT_EQ(*kept_answer(table, request_of(2, "key", "f2")), std::nullopt) << "another user's key is another key";
}

TEST(idempotency, a_table_that_fails_is_passed_on) {
  test::test_table table;
  table.read_fails = unavailable("down");
  EXPECT_EQ(kept_answer(table, request_of(1, "key")).error().kind, error_kind::unavailable);
}

}  // namespace
}  // namespace spaces::table
