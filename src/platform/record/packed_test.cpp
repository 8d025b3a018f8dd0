// Values that are a type's own: bytes in the item, objects in JSON.
#include "platform/record/cached_cards.hpp"
#include "platform/record/read.hpp"
#include "platform/record/write.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace spaces::record {
namespace {

struct door {
  std::string name;
  std::int64_t width = 0;
};
constexpr field door_fields[] = {
    of<&door::name>("name", on_show, {.length_max = 9, .doc = "What it is called"}),
    of<&door::width>("width", on_show, {.example = "90"}),
};

/// Names; one that begins with a point is the owner's alone.
struct door_list {
  std::string bytes;
  std::string_view packed() const { return bytes; }
  bool unpack(const value& v) {
    bytes = v.text;
    return v.kind == value_kind::bytes;
  }
  void add(std::string_view name) { texts_view::append(bytes, name); }
};

/// One text.
struct sign {
  std::string text;
  std::string_view packed() const { return text; }
  bool unpack(const value& v) {
    text = v.text;
    return v.kind == value_kind::bytes;
  }
};

char* put(char* at, std::string_view text) { return std::copy(text.begin(), text.end(), at); }

char* write_door(char* at, std::string_view packed, const presentation& how) {
  if (packed.starts_with('.') && !how.to_owner) return nullptr;
  at = put(at, "{\"door\":");
  at = write_json(at, std::string(how.link_base) + std::string(how.id) + '/' + std::string(packed));
  return put(at, "}");
}
std::size_t door_bytes_max(std::string_view packed, const presentation& how) {
  return 100 + 6 * (packed.size() + how.id.size() + how.link_base.size());
}
bool repeat_doors(void* member, const json_value& shown) {
  if (shown.kind != json_kind::array) return false;
  for (const json_value& one : shown.elements)
    if (const json_value* const name = one.find("door")) static_cast<door_list*>(member)->add(name->text);
  return true;
}
/// By how many they are: what people send back.
bool same_doors(const void* one, const void* other) {
  const auto count = [](const void* doors) {
    return texts_view(static_cast<const door_list*>(doors)->bytes).to_vector().size();
  };
  return count(one) == count(other);
}
constexpr packed_form doors_form{
    []() -> field_span { return door_fields; }, true, &write_door, &door_bytes_max, &repeat_doors, &same_doors};
constexpr packed_form sign_form{[]() -> field_span { return door_fields; }, false, &write_door, &door_bytes_max};

}  // namespace

template <>
inline constexpr const packed_form* packed_form_of<door_list> = &doors_form;
template <>
inline constexpr const packed_form* packed_form_of<sign> = &sign_form;

namespace {

struct shed {
  uuid id;
  door_list doors;
  std::optional<sign> board;
  std::string title;

  static field_span fields() {
    static constexpr field rows[] = {
        of<&shed::id>("id", fixed | on_card, {.card_tag = 1}),
        of<&shed::doors>("doors", fixed, {}),
        of<&shed::board>("board", on_store | on_card, {.card_tag = 2}),
        of<&shed::title>("title", editable, {.length_max = 20}),
    };
    return rows;
  }
};

constexpr std::string_view id_text = "019ab3c4-0000-7000-8000-000000000001";

shed with_doors(std::initializer_list<std::string_view> names) {
  shed s;
  s.id = *parse_uuid(id_text);
  for (const std::string_view name : names) s.doors.add(name);
  return s;
}

item item_of(const shed& s) {
  item made;
  append_attributes(made, shed::fields(), &s);
  return made;
}

std::string json_of(const shed& s, access mask) {
  std::string of_entity, of_item;
  append_object(of_entity, shed::fields(), &s, mask, {"https://m.example/"});
  append_object(of_item, shed::fields(), item_of(s).view(), mask, {"https://m.example/"});
  EXPECT_EQ(of_entity, of_item);
  return of_item;
}

TEST(packed, is_written_with_the_entitys_id_and_what_addresses_begin_with) {
  const std::string base = R"({"id":"019ab3c4-0000-7000-8000-000000000001","doors":[)";
  const std::string front = R"({"door":"https://m.example/019ab3c4-0000-7000-8000-000000000001/front"})";
  const std::string secret = R"({"door":"https://m.example/019ab3c4-0000-7000-8000-000000000001/.trap"})";
  const std::string rest = R"(],"title":""})";
  EXPECT_EQ(json_of(with_doors({}), on_show), base + rest);
  EXPECT_EQ(json_of(with_doors({"front", "front"}), on_show), base + front + ',' + front + rest);
  EXPECT_EQ(json_of(with_doors({".trap", "front", ".trap"}), on_show), base + front + rest);
  EXPECT_EQ(json_of(with_doors({".trap"}), on_show), base + rest);
  EXPECT_EQ(json_of(with_doors({".trap", "front"}), on_show | on_own), base + secret + ',' + front + rest);
  std::string to_owner;
  const shed s = with_doors({".trap"});
  append_object(to_owner, shed::fields(), &s, on_show, {"https://m.example/", true});
  EXPECT_EQ(to_owner, base + secret + rest);
}

TEST(packed, of_any_length_is_written_whole) {
  const std::string name(3000, '\n');
  std::string wanted;
  for (int i = 0; i < 3000; ++i) wanted += "\\n";
  const std::string json = json_of(with_doors({"a", name, "b"}), on_show);
  EXPECT_NE(json.find('/' + wanted + R"("},{"door")"), std::string::npos);
  EXPECT_TRUE(parse_json(json));
}

TEST(packed, comes_back_from_the_item_and_is_left_out_where_there_is_none) {
  shed s = with_doors({"front"});
  s.board.emplace().text = "Wood";
  shed back;
  ASSERT_TRUE(read_attributes(item_of(s).view(), shed::fields(), &back, nullptr));
  EXPECT_EQ(back.doors.bytes, s.doors.bytes);
  EXPECT_EQ(back.board->text, "Wood");
  const item none = item_of(with_doors({}));
  EXPECT_EQ(none.find("doors").kind, value_kind::none);
  EXPECT_EQ(none.find("board").kind, value_kind::none);
}

TEST(packed, is_its_bytes_where_all_that_is_stored_is_written) {
  shed s = with_doors({"front"});
  std::string json;
  append_object(json, shed::fields(), &s, on_store);
  EXPECT_NE(json.find(R"("doors":{"base64url":"BWZyb250"},"board":null)"), std::string::npos) << json;
}

TEST(packed, is_on_cards) {
  shed s = with_doors({});
  const auto card_json = [&](auto& source, std::string_view card) {
    std::string out;
    {
      text_buffer text(out);
      source.put(text, card);
    }
    return out;
  };
  const card_shape shape(shed::fields(), on_card, {"/"});
  cached_cards cards(shape);
  std::string card;
  append_card(card, shed::fields(), &s);
  EXPECT_EQ(card_json(shape, card), R"({"id":"019ab3c4-0000-7000-8000-000000000001","board":null})");
  for (const std::size_t size : {4U, 3000U}) {
    s.board.emplace().text = std::string(size, 'x');
    card.clear();
    append_card(card, shed::fields(), &s);
    const std::string wanted = R"({"id":"019ab3c4-0000-7000-8000-000000000001",)"
                               R"("board":{"door":"/019ab3c4-0000-7000-8000-000000000001/)" +
                               std::string(size, 'x') + R"("}})";
    EXPECT_EQ(card_json(shape, card), wanted);
    for (int time = 0; time < 3; ++time) EXPECT_EQ(card_json(cards, card), wanted);
  }
}

TEST(packed, may_be_sent_back_and_is_set_by_the_service) {
  const shed before = with_doors({"front", "back"});
  const auto said = [&](std::string doors) {
    const auto read = read_draft<shed>(R"({"title":"Shed","doors":)" + doors + '}', on_update);
    const auto real = read ? read->against(before) : read;
    return real ? std::string("fine")
                : real.error().problems.front().pointer + ' ' + real.error().problems.front().code;
  };
  EXPECT_EQ(said(R"([{"door":"x/front"},{"door":"x/back"}])"), "fine");
  EXPECT_EQ(said(R"([{"door":"x/front"}])"), "/doors fixed");
  EXPECT_EQ(said(R"("front")"), "/doors fixed");
  EXPECT_EQ(said("null"), "/doors fixed");
  const auto made = read_draft<shed>(R"({"doors":[]})", on_create);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().problems.front().code, "fixed");
}

}  // namespace
}  // namespace spaces::record
