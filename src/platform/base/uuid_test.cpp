#include "platform/base/uuid.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

namespace spaces {
namespace {

using std::chrono::milliseconds;

TEST(uuid, text_and_bytes_are_the_same_thing) {
  const auto id = parse_uuid("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");  // RFC 9562, A.6
  ASSERT_TRUE(id);
  EXPECT_EQ(id->bytes[0], 0x01);
  EXPECT_EQ(id->bytes[15], 0x8F);
  EXPECT_EQ(to_text(*id), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(uuid, only_the_form_of_36_characters_is_read) {
  for (const std::string_view text : {"", "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
                                      "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff", "017f22e279b07cc398c4dc0c0c07398f",
                                      "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
                                      "017f22e2_79b0-7cc3-98c4-dc0c0c07398f", "017f22e27-9b0-7cc3-98c4-dc0c0c07398f",
                                      "-17f22e2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4 dc0c0c07398f"}) {
    EXPECT_FALSE(parse_uuid(text)) << text;
  }
}

TEST(uuid, version_7_carries_its_time_version_and_variant) {
  const uuid id = make_uuid_v7(instant{milliseconds{0x017F22E279B0}} + std::chrono::years{400});
  EXPECT_EQ(id.bytes[6] >> 4, 7);
  EXPECT_EQ(id.bytes[8] >> 6, 2);
  std::int64_t time = 0;
  for (int at = 0; at < 6; ++at) time = time << 8 | id.bytes[static_cast<std::size_t>(at)];
  EXPECT_EQ(instant{milliseconds{time}}, instant{milliseconds{0x017F22E279B0}} + std::chrono::years{400});
}

TEST(uuid, version_7_increases_within_a_millisecond_and_when_the_clock_steps_back) {
  const instant now = instant{} + std::chrono::years{300};
  uuid last = make_uuid_v7(now);
  for (int count = 0; count < 10'000; ++count) {  // more than the 4,096 that one millisecond counts
    const uuid next = make_uuid_v7(count % 2 == 0 ? now : now - std::chrono::hours{1});
    ASSERT_LT(last, next);
    ASSERT_LT(to_text(last), to_text(next));
    last = next;
  }
  EXPECT_LT(last, make_uuid_v7(now + std::chrono::seconds{1}));
}

TEST(uuid, version_7_never_repeats_and_never_falls_within_a_thread) {
  constexpr int threads = 4;
  constexpr int each = 5'000;
  std::vector<std::vector<uuid>> made(threads);
  {
    std::vector<std::jthread> running;
    running.reserve(made.size());
    for (auto& mine : made) {
      running.emplace_back([&mine] {
        for (int count = 0; count < each; ++count) mine.push_back(make_uuid_v7(instant{milliseconds{count / 10}}));
      });
    }
  }
  std::set<uuid> all;
  for (const auto& mine : made) {
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
    // The counter alone tells them apart, before any random bit.
    for (uuid id : mine) {
      std::fill(id.bytes.begin() + 8, id.bytes.end(), std::uint8_t{0});
      all.insert(id);
    }
  }
  EXPECT_EQ(all.size(), static_cast<std::size_t>(threads * each));
}

TEST(uuid, version_8_depends_on_its_parts_and_their_bounds) {
  const auto make = [](std::initializer_list<std::string_view> parts) {
    return make_uuid_v8(std::vector<std::string_view>(parts));
  };
  const uuid id = make({"owner", "file.csv", "17"});
  EXPECT_EQ(id, make({"owner", "file.csv", "17"}));
  EXPECT_EQ(id.bytes[6] >> 4, 8);
  EXPECT_EQ(id.bytes[8] >> 6, 2);
  EXPECT_NE(id, make({"owner", "file.csv1", "7"}));
  EXPECT_NE(id, make({"owner", "file.csv", "17", ""}));
  EXPECT_NE(make({}), make({""}));
  // Fixed for good: an import of the next version must find what this one made.
  EXPECT_EQ(to_text(make({"a", "b"})), "3c9d5910-45bc-8876-b9d0-399bbfb05c6a");
}

}  // namespace
}  // namespace spaces
