#include "platform/identity/passwords.hpp"

#include "platform/identity/password_policy.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace spaces::identity {
namespace {

const password_hashes cheap(bcrypt_cost_min);

TEST(passwords, a_hash_is_of_its_password_alone) {
  const std::string hash = cheap.make("Correct-Horse-7");
  EXPECT_TRUE(hash.starts_with("$2b$04$"));
  EXPECT_EQ(hash.size(), 60u);
  EXPECT_TRUE(cheap.check("Correct-Horse-7", &hash).right);
  for (const char* wrong : {"", "Correct-Horse-8", "correct-horse-7", " Correct-Horse-7", "Correct-Horse-77"})
    EXPECT_FALSE(cheap.check(wrong, &hash).right) << wrong;
  EXPECT_NE(cheap.make("Correct-Horse-7"), hash) << "each has a salt of its own";
}

TEST(passwords, nobody_has_any) {
  EXPECT_FALSE(cheap.check("", nullptr).right);
  EXPECT_FALSE(cheap.check("Correct-Horse-7", nullptr).right);
  for (const char* no_hash :
       {"", "*", "*0", "x", "$2b$04$", "$2x$04$abcdefghijklmnopqrstuv", "$1$salt$hash", "$6$salt$hash"}) {
    const std::string hash = no_hash;
    EXPECT_FALSE(cheap.check("", &hash).right) << hash;
    EXPECT_FALSE(cheap.check("*0", &hash).right) << hash;
  }
}

// Of other bcrypt systems: crypt_blowfish's own test vectors, and Python's bcrypt.
TEST(passwords, hashes_of_other_systems_work_and_are_renewed_where_they_are_cheap) {
  const std::string a = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  const std::string y = "$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e";
  EXPECT_TRUE(password_hashes(6).check("U*U", &a).right);
  EXPECT_TRUE(password_hashes(6).check("U*U", &a).renew);
  EXPECT_FALSE(password_hashes(5).check("U*U", &a).renew);
  EXPECT_FALSE(password_hashes(4).check("U*U", &a).renew);
  EXPECT_FALSE(password_hashes(6).check("U*V", &a).right);
  EXPECT_TRUE(password_hashes(5).check("\xff\xff\xa3", &y).right);
}

// Cut at 72 bytes, as bcrypt does alone, a password would open to all that begin so.
TEST(passwords, seventy_two_bytes_are_compared_and_more_are_wrong) {
  const std::string longest(password_bytes_max, 'x');
  const std::string hash = cheap.make(longest);
  EXPECT_TRUE(cheap.check(longest, &hash).right);
  EXPECT_FALSE(cheap.check(longest + 'x', &hash).right);
  EXPECT_FALSE(cheap.check(longest.substr(1), &hash).right);
  const std::string short_hash = cheap.make("Correct");
  EXPECT_FALSE(cheap.check(std::string("Correct\0-Horse", 14), &short_hash).right) << "a NUL ends no password";
}

TEST(passwords, threads_do_not_disturb_each_other) {
  const std::string hash = cheap.make("Correct-Horse-7");
  std::vector<std::thread> threads;
  threads.reserve(8);
  std::atomic<int> right = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      for (int round = 0; round < 20; ++round)
        right += cheap.check(i % 2 ? "Correct-Horse-7" : "Wrong-Horse-7", &hash).right ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 80);
}

std::string flaw(std::string_view password, const password_owner& owner = {"ann.smith@example.com", "Ann Müller"},
                 const password_policy& policy = password_policy()) {
  const result<void> chosen = policy.validate(password, owner, "/password");
  return chosen ? "" : chosen.error().problems.at(0).code;
}

TEST(password_policy, length_is_counted_in_bytes) {
  EXPECT_EQ(flaw("Aa1-567"), "too-short");
  EXPECT_EQ(flaw("Aa1-5678"), "");
  EXPECT_EQ(flaw("Aa1-" + std::string(68, 'x')), "");
  EXPECT_EQ(flaw("Aa1-" + std::string(69, 'x')), "too-long");
  EXPECT_EQ(flaw("Aa1-\u00e9\u00e9"), "") << "8 bytes";
}

TEST(password_policy, four_kinds_of_characters_of_any_script) {
  for (const char* simple : {"battery-staple-8", "BATTERY-STAPLE-8", "Battery-Staple-x", "BatteryStaple8"})
    EXPECT_EQ(flaw(simple), "too-simple") << simple;
  EXPECT_EQ(flaw("Батарея скоба 8"), "");
}

TEST(password_policy, common_ones_are_refused_in_their_disguises) {
  EXPECT_EQ(flaw("Password1!"), "common");
  EXPECT_EQ(flaw("Qwerty123!"), "common");
}

TEST(password_policy, nothing_of_the_owner) {
  for (const char* personal : {"1-Ann.Smith-X", "x-MULLER-77", "A9-ann.smith@example.com", "Ann Müller 7!"})
    EXPECT_EQ(flaw(personal), "personal") << personal;
  EXPECT_EQ(flaw("Ann-and-Ben-7"), "") << "three letters come up by chance";
}

TEST(password_policy, nothing_of_the_owner_in_disguise) {
  for (const char* personal : {"1-4nn.5m1th-X", "x-MU11ER-77", "m.u.l.l.e.r-7A", "Ann=Müll3r-9"})
    EXPECT_EQ(flaw(personal), "personal") << personal;
  EXPECT_EQ(flaw("Summer-0770-x!", {"otto@example.com", "Otto"}), "") << "four digits are no name";
  EXPECT_EQ(flaw("Summer-4nn4-x!", {"anna@example.com", "Anna"}), "personal");
}

TEST(password_policy, nothing_of_the_service) {
  const password_policy policy(password_rule::composition, {"Lifestyle Spaces", "homes.example", "X1"});
  for (const char* own : {"Lifestyle-77", "Green-Spaces-7", "Life-Style 77", "LIFÉSTYLE-7s", "Homes.Example-1"})
    EXPECT_EQ(flaw(own, {"", ""}, policy), "own-word") << own;
  for (const char* disguised :
       {"L1festyle-77", "l1f3$tyl3-A", "Life!Style-7", "L.i.f.e.s.t.y.l.e.7", "L-1-F-3-S-T-Y-L-3a", "!ifeSty1e-7x",
        "5p4c35-Aa-1", "$PACES-ab-1", "S p a c e s-7", "Sp@ces-7-x", "H0M35.3xampl3-A", "1!fe5tyle-Ab", "LiFe_StYlE_9",
        "Ｌｉｆｅｓｔｙｌｅ-7a", "Lïf\u0301estýle-7", "Life–Style-7"})
    EXPECT_EQ(flaw(disguised, {"", ""}, policy), "own-word") << disguised;
  for (const char* other : {"Correct-Horse-7", "Exit-X1-stairs", "Life-is-7-long", "Style-of-Life-7", "Sp-ice-s-7Aa"})
    EXPECT_EQ(flaw(other, {"", ""}, policy), "") << other;
  EXPECT_EQ(policy.validate("Lifestyle-77", {}, "/new").error().problems.at(0).detail,
            "must not hold \"lifestyle\", a word of this service");
}

TEST(password_policy, of_length_asks_for_no_kinds_of_characters) {
  const password_policy policy(password_rule::length, {"Lifestyle Spaces"});
  const password_owner ann{"ann.smith@example.com", "Ann Müller"};
  EXPECT_EQ(flaw("battery stap", ann, policy), "");
  EXPECT_EQ(flaw("батареяскоба", ann, policy), "") << "characters, not bytes";
  EXPECT_EQ(flaw("Aa1-5678901", ann, policy), "too-short") << "11 characters";
  EXPECT_EQ(flaw("éééééé", ann, policy), "too-short") << "12 bytes";
  EXPECT_EQ(flaw(std::string(73, 'x'), ann, policy), "too-long");
  EXPECT_EQ(flaw("123password12345", ann, policy), "common");
  for (const char* runs :
       {"aaaaaaaaaaaa", "123456789012", "abcdefghijkl", "abcabcabcabc", "000000111111", "zyxwvutsrqpo"})
    EXPECT_EQ(flaw(runs, ann, policy), "common") << runs;
  EXPECT_EQ(flaw("l1fe-$tyle 12", ann, policy), "own-word");
  EXPECT_EQ(flaw("my ann.smith 99", ann, policy), "personal");
  EXPECT_EQ(flaw("many open spaces", ann, policy), "own-word");
}

}  // namespace
}  // namespace spaces::identity
