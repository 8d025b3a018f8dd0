#include "platform/identity/local/local_identity.hpp"

#include "platform/identity/local/test_keys.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

// Counts what this thread allocates, for the promise that a cached token costs none.
namespace {
thread_local std::size_t allocations = 0;
}

// Not inlined, or the compiler sees malloc's pointers in delete, and free's in new, and warns of a mismatch.
// NOLINTBEGIN(cppcoreguidelines-no-malloc)
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
// NOLINTEND(cppcoreguidelines-no-malloc)

namespace spaces::identity {
namespace {

using namespace std::chrono_literals;

constexpr instant now{1'790'000'000s};
const uuid ann = *parse_uuid("01890a5d-ac96-774b-bcce-b302099a8057");
constexpr std::string_view roles[] = {"reader", "editor", "owner"};
constexpr user_role editor{1};
const token_scope scope{"https://spaces.test", "spaces", {"role", roles}};

class local_people : public ::testing::TestWithParam<signature_algorithm> {
 protected:
  static signing_key key() {
    return GetParam() == signature_algorithm::rs256 ? test::rsa_signing_key() : test::hmac_signing_key();
  }
  local_identity people_{signing_keys(key()), scope};
  std::string token_ = people_.tokens().mint({ann, editor, true}, ann, access_token_lifetime, now);
};

INSTANTIATE_TEST_SUITE_P(both, local_people, ::testing::Values(signature_algorithm::rs256, signature_algorithm::hs256),
                         [](const auto& one) { return std::string(to_text(one.param)); });

TEST_P(local_people, are_known_by_their_token_the_first_time_and_after) {
  for (int count = 0; count < 3; ++count) {
    const auto who = people_.who(token_, now);
    ASSERT_TRUE(who) << who.error().private_text;
    EXPECT_EQ(who->id, ann);
    EXPECT_EQ(who->role, editor);
    EXPECT_TRUE(who->verified);
  }
}

TEST_P(local_people, a_cached_token_costs_no_allocation) {
  ASSERT_TRUE(people_.who(token_, now));
  const std::size_t before = allocations;
  bool known = true;
  for (int count = 0; count < 1000; ++count) known = known && people_.who(token_, now).has_value();
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_TRUE(known);
}

TEST_P(local_people, a_cached_token_still_ends) {
  ASSERT_TRUE(people_.who(token_, now + access_token_lifetime - 1ms));
  const auto late = people_.who(token_, now + access_token_lifetime);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, error_kind::unauthenticated);
  EXPECT_EQ(late.error().public_text, "The access token has expired");
  EXPECT_FALSE(people_.who(token_, now - 1h));
}

TEST_P(local_people, a_neighbour_of_a_cached_token_is_nobody) {
  ASSERT_TRUE(people_.who(token_, now));
  for (std::size_t at = 0; at < token_.size(); at += 7) {
    std::string bad = token_;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    const auto who = people_.who(bad, now);
    ASSERT_FALSE(who) << at;
    EXPECT_EQ(who.error().public_text, "The access token is not valid");
  }
  EXPECT_FALSE(people_.who("", now));
}

TEST_P(local_people, a_refused_token_is_not_cached) {
  const local_identity others(signing_keys(test::hmac_signing_key("another secret of at least 32 bytes")), scope);
  const std::string foreign = others.tokens().mint({ann, editor, true}, ann, access_token_lifetime, now);
  EXPECT_FALSE(people_.who(foreign, now));
  EXPECT_FALSE(people_.who(foreign, now));
}

TEST_P(local_people, a_key_that_is_retired_takes_its_cached_tokens_along) {
  ASSERT_TRUE(people_.who(token_, now));
  const auto first = people_.keys().current();
  const auto second =
      std::make_shared<const signing_key>(test::hmac_signing_key("the key of the next half of the year"));
  people_.use_keys({second, first});
  EXPECT_TRUE(people_.who(token_, now));
  const std::string newer = people_.tokens().mint({ann, editor, true}, ann, access_token_lifetime, now);
  EXPECT_TRUE(people_.who(newer, now));
  people_.use_keys({second});
  EXPECT_FALSE(people_.who(token_, now));
  EXPECT_TRUE(people_.who(newer, now));
  people_.use_keys({first});
  EXPECT_TRUE(people_.who(token_, now));
  EXPECT_FALSE(people_.who(newer, now));
}

}  // namespace
}  // namespace spaces::identity
