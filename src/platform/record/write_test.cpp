#include "platform/record/write.hpp"

#include "platform/record/read.hpp"
#include "platform/record/test_home.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <random>

namespace spaces::record {
namespace {

using namespace std::literals;
using test::home;
using test::home_kind;

std::string json_of(const home& h, access mask = on_show) {
  std::string out;
  append_object(out, home::fields(), &h, mask);
  return out;
}

item item_of(const home& h) {
  item made;
  append_attributes(made, home::fields(), &h);
  return made;
}

std::string card_of(const home& h) {
  std::string card;
  append_card(card, home::fields(), &h);
  return card;
}

std::string json_of_card(std::string_view card) {
  std::string out;
  append_card_object(out, home::fields(), card);
  return out;
}

TEST(write, the_owners_fields_are_on_the_cards_of_the_owners_lists_alone) {
  home h;
  h.visits = 12;
  std::string card = card_of(h);
  EXPECT_EQ(card_value(card, 18).kind, value_kind::none);
  append_card(card, home::fields(), &h, on_own);
  EXPECT_EQ(json_of_card(card).find("visits"), std::string::npos);
  std::string own;
  append_card_object(own, home::fields(), card, on_card | on_own);
  EXPECT_NE(own.find("\"visits\":12"), std::string::npos);

  EXPECT_EQ(item_of(h).find("visits").kind, value_kind::none);
}

/// Homes of any content that their types can hold: what a rule would refuse, too.
class home_maker {
 public:
  explicit home_maker(std::uint64_t seed) : random_(seed) {}

  home make() {
    home h;
    fill(h.id);
    h.name = text();
    h.price = {integer()};
    h.floors = integer();
    h.sold = coin();
    h.kind = static_cast<home_kind>(below(3));
    h.tags = texts();
    h.pictures = texts();
    h.made_at = time();
    h.version = integer();
    if (coin()) h.notes = text();
    if (coin()) h.rooms = integer();
    if (coin()) h.baths = quarters{static_cast<std::int64_t>(below(1000))};
    if (coin()) h.latitude = make_decimal(integer(), static_cast<std::uint8_t>(below(decimal_places_max + 1)));
    if (coin()) h.lift = coin();
    if (coin()) h.once = static_cast<home_kind>(below(3));
    if (coin()) fill(h.keeper.emplace());
    if (coin()) h.open_at = time();
    return h;
  }

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

 private:
  bool coin() { return below(2) == 0; }
  void fill(uuid& id) {
    for (std::uint8_t& byte : id.bytes) byte = static_cast<std::uint8_t>(below(256));
  }
  /// Up to 17 digits, short ones as often as long ones.
  std::int64_t integer() {
    std::int64_t bound = 1;
    for (std::uint64_t digits = below(18); digits > 0; --digits) bound *= 10;
    const auto n = static_cast<std::int64_t>(below(static_cast<std::uint64_t>(bound)));
    return coin() ? n : -n;
  }
  instant time() { return instant(std::chrono::milliseconds(below(253'402'300'800'000))); }  // years 1970 to 9999
  std::string text() {
    static constexpr std::string_view parts[] = {"a", "\"", "\\", "\n", "é", "🏠", "\0"sv, "\x7F", "\u2028", "loft "};
    std::string out;
    for (std::uint64_t count = below(4) == 0 ? below(300) : below(6); count > 0; --count)
      out += parts[below(std::size(parts))];
    return out;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> out(below(4));
    for (std::string& each : out) each = text();
    return out;
  }

  std::mt19937_64 random_;
};

std::uint64_t fresh_seed() {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

TEST(write, every_member_stands_in_an_answer_absent_ones_as_null) {
  home h;
  h.name = "Loft";
  h.price = {45'000'000};
  EXPECT_EQ(json_of(h),
            R"({"id":"00000000-0000-0000-0000-000000000000","name":"Loft","notes":null,"price":450000,"floors":1,)"
            R"("rooms":null,"baths":null,"latitude":null,"sold":false,"lift":null,"kind":"house","once":null,)"
            R"("tags":[],"pictures":[],"keeper":null,"madeAt":"1970-01-01T00:00:00.000Z","openAt":null,"version":0})");
  EXPECT_EQ(json_of_card(""), R"({"id":null,"name":null,"notes":null,"price":null,"floors":null,"rooms":null,)"
                              R"("baths":null,"latitude":null,"sold":null,"lift":null,"kind":null,"once":null,)"
                              R"("tags":[],"pictures":[],"keeper":null,"madeAt":null,"openAt":null})");
  std::string none;
  append_object(none, {}, &h, on_show);
  EXPECT_EQ(none, "{}");
}

TEST(write, numbers_come_back_as_they_were_sent) {
  const struct {
    std::string_view name;
    std::string_view sent;
    std::string_view back;
  } rows[] = {
      {"price", "450000", "450000"},
      {"price", "0.10", "0.1"},
      {"price", "999999999999.99", "999999999999.99"},
      {"price", "1E2", "100"},
      {"price", "4.5e5", "450000"},
      {"rooms", "123456789012345678", "123456789012345678"},
      {"rooms", "-0", "0"},
      {"rooms", "1e17", "100000000000000000"},
      {"baths", "2.25", "2.25"},
      {"baths", "2.50", "2.5"},
      {"latitude", "47.721000000000004", "47.721000000000004"},
      {"latitude", "-0.0", "0"},
      {"latitude", "0.12345678901234567", "0.12345678901234567"},
      {"latitude", "0.123456789012345678", "0.123456789012345678"},
      {"latitude", "1e-20", "0.00000000000000000001"},
      {"latitude", "-47.65920000000001", "-47.65920000000001"},
  };
  for (const auto& row : rows) {
    const auto read = read_draft<home>("{\"" + std::string(row.name) + "\":" + std::string(row.sent) + "}", on_update);
    ASSERT_TRUE(read) << row.name << ' ' << row.sent;
    const std::string member = "\"" + std::string(row.name) + "\":" + std::string(row.back) + ",";
    EXPECT_NE(json_of(read->values).find(member), std::string::npos) << row.sent << " gives " << json_of(read->values);
    std::string of_item;
    append_object(of_item, home::fields(), item_of(read->values).view(), on_show);
    EXPECT_NE(of_item.find(member), std::string::npos) << row.sent << " gives " << of_item;
    const std::string of_card = json_of_card(card_of(read->values));
    EXPECT_NE(of_card.find(member), std::string::npos) << row.sent << " gives " << of_card;
  }
}

TEST(write, item_card_and_entity_say_the_same) {
  const std::uint64_t seed = fresh_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  home_maker maker(seed);
  for (int round = 0; round < 3000; ++round) {
    const home h = maker.make();
    const item stored = item_of(h);
    std::string of_item;
    append_object(of_item, home::fields(), stored.view(), on_show);
    ASSERT_EQ(of_item, json_of(h));
    ASSERT_EQ(json_of_card(card_of(h)), json_of(h, on_card));
    ASSERT_TRUE(parse_json(of_item));

    home back;
    ASSERT_TRUE(read_attributes(stored.view(), home::fields(), &back, nullptr));
    ASSERT_EQ(json_of(back), json_of(h));
    ASSERT_TRUE(same_attributes(item_of(back), stored));
  }
}

TEST(write, attributes_in_any_order_read_the_same) {
  home_maker maker(7);
  const home h = maker.make();
  item reversed;
  std::vector<attribute> attributes;
  const item straight = item_of(h);
  for (const attribute& a : straight.view()) attributes.push_back(a);
  for (auto at = attributes.rbegin(); at != attributes.rend(); ++at) reversed.append(at->name, at->value);
  std::string out;
  append_object(out, home::fields(), reversed.view(), on_show);
  EXPECT_EQ(out, json_of(h));
  home back;
  EXPECT_TRUE(read_attributes(reversed.view(), home::fields(), &back, nullptr));
  EXPECT_EQ(json_of(back), json_of(h));
}

TEST(write, attributes_of_a_newer_version_are_handed_back) {
  home h;
  h.name = "Loft";
  item stored = item_of(h);
  stored.append("solarPanels", value::of(decimal{12, 0}));
  stored.append("madeAt", value::of("the field's name is not its attribute's"sv));
  home back;
  item unknown;
  EXPECT_TRUE(read_attributes(stored.view(), home::fields(), &back, &unknown));
  EXPECT_EQ(unknown.find("solarPanels").number, (decimal{12, 0}));
  EXPECT_EQ(unknown.find("madeAt").kind, value_kind::text);
  EXPECT_EQ(unknown.find("name").kind, value_kind::none);
  item again = item_of(back);
  for (const attribute& a : unknown.view()) again.append(a.name, a.value);
  EXPECT_TRUE(same_attributes(again, stored));
  EXPECT_TRUE(read_attributes(stored.view(), home::fields(), &back, nullptr)) << "unknown ones may be dropped";
}

TEST(write, an_attribute_of_another_kind_is_noticed) {
  for (const field& f : home::fields()) {
    if (!f.has(on_store)) continue;
    item stored;
    stored.append(f.attribute(), value::of_bytes("x"));
    home h;
    EXPECT_FALSE(read_attributes(stored.view(), home::fields(), &h, nullptr)) << f.name;
  }
}

TEST(write, a_mask_shows_its_fields_alone) {
  home h;
  h.version = 7;
  EXPECT_EQ(json_of(h, on_card).find("version"), std::string::npos);
  EXPECT_NE(json_of(h, on_show).find("\"version\":7"), std::string::npos);
}

// ---- Cards

TEST(card, gives_every_value_by_its_tag) {
  home h;
  h.id.bytes = {1, 2, 3};
  h.name = "Loft";
  h.price = {12'345};
  h.sold = true;
  h.lift = false;
  h.tags = {"a", "b"};
  h.made_at = instant(std::chrono::milliseconds(1'764'000'000'123));
  const std::string card = card_of(h);
  EXPECT_EQ(card_value(card, 1).kind, value_kind::bytes);
  EXPECT_EQ(card_value(card, 1).text, std::string_view(reinterpret_cast<const char*>(h.id.bytes.data()), 16));
  EXPECT_EQ(card_value(card, 2), value::of("Loft"sv));
  EXPECT_EQ(card_value(card, 4).number, (decimal{12'345, 2}));
  EXPECT_EQ(card_value(card, 9), value::of(true));
  EXPECT_EQ(card_value(card, 10), value::of(false));
  EXPECT_EQ(card_value(card, 13).texts.to_vector(), h.tags);
  EXPECT_EQ(card_value(card, 16).number, (decimal{1'764'000'000'123, 0}));
  EXPECT_EQ(card_value(card, 3).kind, value_kind::none) << "absent";
  EXPECT_EQ(card_value(card, 14).kind, value_kind::none) << "an empty list takes no room";
  EXPECT_EQ(card_value(card, 200).kind, value_kind::none);
}

TEST(card, times_before_1970_come_back) {
  home h;
  h.made_at = instant(std::chrono::milliseconds(-1));
  EXPECT_NE(json_of_card(card_of(h)).find("1969-12-31T23:59:59.999Z"), std::string::npos);
}

TEST(card, unknown_tags_are_passed_over) {
  home h;
  h.name = "Loft";
  const std::string known = card_of(h);
  // A flag, a number, a text and an id of a newer version, before and behind.
  std::string newer = "\x1B\x01"s + "\x1C\x02\x02\x05"s + "\x1D\x03\x02hi"s + "\x1E\x05"s + std::string(16, 'i');
  append_card_text(newer, 31, "hello");
  append_card_bytes(newer, 26, "\0\xFF"sv);
  EXPECT_EQ(json_of_card(newer + known + newer), json_of_card(known));
  EXPECT_EQ(card_value(newer + known, 2), value::of("Loft"sv));
  EXPECT_EQ(card_value(newer, 26), value::of_bytes("\0\xFF"sv));
}

TEST(card, a_kind_of_a_newer_version_ends_it) {
  home h;
  h.name = "Loft";
  EXPECT_EQ(card_value("\x1B\x09zzz" + card_of(h), 2).kind, value_kind::none);
}

TEST(card, of_an_older_version_is_read) {
  // A byte for the tag and one for the kind; a choice by its text.
  const std::string older = "\x02\x03\x04Loft"s + "\x04\x02\x00\x02"s + "\x09\x01"s + "\x0B\x03\x04" + "boat" +
                            "\x0D\x04\x02\x01" + "a" + "\x0F\x05" + std::string(16, 'i') + "\x10\x06"s +
                            std::string(8, '\0');
  home h;
  h.name = "Loft";
  h.price = {100};
  h.sold = true;
  h.kind = home_kind::boat;
  h.tags = {"a"};
  h.keeper.emplace().bytes.fill('i');
  std::string whole = older;
  append_card_id(whole, 1, h.id);
  append_card(whole, home::fields().subspan(4, 1), &h);  // floors
  EXPECT_EQ(json_of_card(whole), json_of(h, on_card));
  EXPECT_EQ(card_choice(older, 11, test::home_kind_names), "boat");
  EXPECT_TRUE(card_begins_with(older, 2));
  EXPECT_FALSE(card_begins_with(older, 4));
  EXPECT_FALSE(card_begins_with("", 0));
}

TEST(card, has_choices_by_their_number) {
  home h;
  h.kind = home_kind::flat;
  const std::string card = card_of(h);
  EXPECT_EQ(card_choice(card, 11, test::home_kind_names), "flat");
  EXPECT_EQ(card_choice(card, 12, test::home_kind_names), "") << "it has none";
  EXPECT_EQ(card_choice(card, 11, std::span(test::home_kind_names).first<1>()), "") << "one of a newer version";
  EXPECT_NE(json_of_card(card).find(R"("kind":"flat","once":null)"), std::string::npos);
  EXPECT_NE(json_of_card("\x0B\x07\x09"s).find(R"("kind":null)"), std::string::npos) << "one of a newer version";
}

TEST(card, a_typical_one_has_220_bytes) {
  home h;
  h.name = "Sunny craftsman near the park, with a porch";
  h.notes = "1208 N 42nd St, Seattle WA 98103, Single Family Residence";
  h.price = {54'950'000};
  h.rooms = 1840;
  h.baths = quarters{9};
  h.latitude = decimal{476'592, 4};
  h.tags = {"garden", "garage", "fireplace"};
  h.keeper = h.id;
  EXPECT_LE(card_of(h).size(), 220u);
  EXPECT_GE(card_of(h).size(), 140u) << "the sample is no typical one any more";
}

/// Reads all of a card; the bytes lie in a buffer of exactly their size, so that sanitizers see its end.
void read_all(std::string_view bytes) {
  const auto exact = std::make_unique<char[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), exact.get());
  const std::string_view card(exact.get(), bytes.size());
  for (unsigned tag = 0; tag < 256; ++tag) {
    const value v = card_value(card, static_cast<std::uint8_t>(tag));
    v.texts.to_vector();
    if (v.kind == value_kind::number) {
      const bool above = v.number > decimal{1, 20};  // must not overflow
      static_cast<void>(above);
    }
  }
  json_of_card(card);
}

TEST(card, is_read_safely_wherever_it_is_cut) {
  home_maker maker(42);
  const std::string whole = card_of(maker.make());
  for (std::size_t size = 0; size <= whole.size(); ++size) read_all(std::string_view(whole).substr(0, size));
}

TEST(card, is_read_safely_whatever_is_damaged) {
  const std::uint64_t seed = fresh_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  home_maker maker(seed);
  for (int round = 0; round < 300; ++round) {
    std::string card = card_of(maker.make());
    for (std::uint64_t flips = 1 + maker.below(4); flips > 0; --flips)
      card[maker.below(card.size())] = static_cast<char>(maker.below(256));
    read_all(card);
  }
}

TEST(card, a_number_of_more_places_than_any_has_is_damage) {
  const std::string card = "\x08\x02"s + static_cast<char>(decimal_places_max + 1) + '\x02';
  EXPECT_EQ(card_value(card, 8).kind, value_kind::none);
  const std::string longest = "\x08\x02"s + static_cast<char>(decimal_places_max) + '\x02';
  EXPECT_EQ(card_value(longest, 8).number, (decimal{1, decimal_places_max}));
}

TEST(card, lengths_beyond_the_end_are_damage) {
  for (const std::string& card : {"\x02\x03\x05hi"s, "\x02\x03\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01hi"s, "\x02\x03"s,
                                  "\x01\x05short"s, "\x10\x06short"s, "\x08\x02\x01"s, "\x08"s})
    EXPECT_EQ(card_value(card, static_cast<std::uint8_t>(card[0])).kind, value_kind::none);
}

}  // namespace
}  // namespace spaces::record
