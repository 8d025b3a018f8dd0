#include "platform/record/read.hpp"

#include "platform/record/test_home.hpp"
#include "platform/record/write.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace spaces::record {
namespace {

using test::home;
using test::home_kind;

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  for (; count > 0; --count) out += text;
  return out;
}

/// "pointer code" of each problem, in the order they were found.
std::string codes_of(const std::vector<problem>& problems) {
  std::string out;
  for (const problem& p : problems) {
    EXPECT_NE(p.detail, "") << p.pointer << ' ' << p.code;
    out += (out.empty() ? "" : ", ") + p.pointer + ' ' + p.code;
  }
  return out;
}

std::string problems_of_body(std::string_view body, access allowed) {
  const auto read = read_draft<home>(body, allowed);
  if (read) return "";
  if (read.error().kind == error_kind::malformed) return "malformed";
  EXPECT_EQ(read.error().kind, error_kind::invalid);
  return codes_of(read.error().problems);
}

/// What a change of one member finds wrong.
std::string problems_of_member(std::string_view name, std::string_view json) {
  return problems_of_body("{\"" + std::string(name) + "\":" + std::string(json) + "}", on_update);
}

TEST(read, a_rule_holds_at_each_edge) {
  const struct {
    std::string_view name;
    std::string json;
    std::string_view expected;  ///< code; empty: taken
  } rows[] = {
      {"name", R"("ab")", "too-short"},
      {"name", R"("abc")", ""},
      {"name", R"("abcdefghij")", ""},
      {"name", R"("abcdefghijk")", "too-long"},
      {"name", R"("")", "too-short"},
      {"name", R"("   ")", "too-short"},
      {"notes", R"("")", ""},
      {"notes", "\"" + repeated("x", 21) + "\"", "too-long"},
      {"price", "0.01", ""},
      {"price", "0.009", "too-precise"},
      {"price", "0", "too-small"},
      {"price", "-0", "too-small"},
      {"price", "-0.01", "too-small"},
      {"price", "999999999999.99", ""},
      {"price", "1000000000000", "too-large"},
      {"price", "1.005", "too-precise"},
      {"price", "1.50000", ""},
      {"floors", "0", ""},
      {"floors", "163", ""},
      {"floors", "164", "too-large"},
      {"floors", "-1", "too-small"},
      {"floors", "1.5", "not-whole"},
      {"floors", "1.0", ""},
      {"floors", "1E2", ""},
      {"floors", "1e-1", "not-whole"},
      {"rooms", "999999999999999999", ""},
      {"rooms", "-999999999999999999", ""},
      {"rooms", "1000000000000000000", "out-of-range"},
      {"rooms", "18446744073709551616", "out-of-range"},
      {"rooms", "1e400", "out-of-range"},
      {"rooms", "-1e400", "out-of-range"},
      {"baths", "2.25", ""},
      {"baths", "0.25", ""},
      {"baths", "9", ""},
      {"baths", "9.25", "too-large"},
      {"baths", "2.3", "not-a-step"},
      {"baths", "2.251", "too-precise"},
      {"latitude", "47.721000000000004", ""},
      {"latitude", "-90", ""},
      {"latitude", "90.00000000000000", ""},
      {"latitude", "90.000000000000001", "too-large"},
      {"latitude", "0.12345678901234567", ""},
      {"latitude", "1.0000000000000000001", "out-of-range"},
      {"latitude", "1e-20", ""},
      {"latitude", "1e-21", "too-precise"},
      {"latitude", "1e-25", "out-of-range"},
      {"kind", R"("flat")", ""},
      {"kind", R"("Flat")", "not-a-choice"},
      {"kind", R"("flat ")", "not-a-choice"},
      {"kind", R"("")", "not-a-choice"},
      {"keeper", R"("019AB3C4-5d6e-7f80-9a1b-2c3d4e5f6071")", ""},
      {"keeper", R"("019ab3c45d6e7f809a1b2c3d4e5f6071")", "not-a-uuid"},
      {"keeper", R"("")", "not-a-uuid"},
      {"openAt", R"("2026-11-22T08:00:00Z")", ""},
      {"openAt", R"("2026-11-22T08:00:00+05:30")", ""},
      {"openAt", R"("2026-11-22")", "not-a-time"},
      {"openAt", R"("2026-02-29T00:00:00Z")", "not-a-time"},
  };
  for (const auto& row : rows) {
    const std::string expected =
        row.expected.empty() ? "" : "/" + std::string(row.name) + ' ' + std::string(row.expected);
    EXPECT_EQ(problems_of_member(row.name, row.json), expected) << row.name << ' ' << row.json;
  }
}

TEST(read, lengths_count_code_points) {
  EXPECT_EQ(problems_of_member("name", "\"" + repeated("🏠", 10) + "\""), "");
  EXPECT_EQ(problems_of_member("name", "\"" + repeated("🏠", 11) + "\""), "/name too-long");
  EXPECT_EQ(problems_of_member("name", "\"éé\""), "/name too-short");
  EXPECT_EQ(problems_of_member("name", R"("e\u0301e\u0301")"), "") << "not brought to NFC: four code points";
  EXPECT_EQ(problems_of_member("tags", "[\"" + repeated("é", 5) + "\"]"), "");
  EXPECT_EQ(problems_of_member("tags", "[\"" + repeated("é", 6) + "\"]"), "/tags/0 too-long");
}

TEST(read, texts_are_trimmed_of_every_white_space_before_they_are_counted) {
  for (const std::string_view space : {" ", "\\t", "\\n", "\\r\\n", "\\u000b", "\\u0085", "\\u00a0", "\\u1680",
                                       "\\u2003", "\\u2028", "\\u2029", "\\u202f", "\\u205f", "\\u3000"}) {
    const std::string s(space);
    const auto read = read_draft<home>(fmt::format(R"({{"name":"{0}abcdefghij{0}{0}"}})", s), on_update);
    ASSERT_TRUE(read) << space;
    EXPECT_EQ(read->values.name, "abcdefghij") << space;
  }
  // White_Space does not hold these: zero width space, byte order mark, Mongolian vowel separator.
  for (const std::string_view kept : {"\u200B", "\uFEFF", "\u180E"}) {
    const auto read = read_draft<home>("{\"name\":\"" + std::string(kept) + "abc\"}", on_update);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->values.name, std::string(kept) + "abc");
  }
  const auto tags = read_draft<home>(R"({"tags":["  a b ","\u00a0c"]})", on_update);
  ASSERT_TRUE(tags);
  EXPECT_EQ(tags->values.tags, (std::vector<std::string>{"a b", "c"}));
}

TEST(read, control_characters_are_refused_and_line_breaks_only_where_lines_are) {
  for (unsigned c = 0; c < 0xA0; ++c) {
    char escaped[8];
    snprintf(escaped, sizeof escaped, "\\u%04x", c);
    const std::string json = "\"ab" + std::string(escaped) + "cd\"";
    const bool control = c < 0x20 || c >= 0x7F;
    const bool line_break = c == '\t' || c == '\n' || c == '\r';
    EXPECT_EQ(problems_of_member("name", json), control ? "/name control-character" : "") << c;
    EXPECT_EQ(problems_of_member("notes", json), control && !line_break ? "/notes control-character" : "") << c;
    EXPECT_EQ(problems_of_member("tags", "[" + json + "]"), control ? "/tags/0 control-character" : "") << c;
  }
}

TEST(read, each_type_takes_its_own_json_kind_alone) {
  const struct {
    std::string_view json;
    std::string_view takers;
  } rows[] = {
      {"true", "sold lift"},
      {"7", "price floors rooms baths latitude"},
      {R"("2026-11-22T08:00:00.000Z")", "openAt"},
      {R"("boat")", "name notes kind once"},
      {R"(["a"])", "tags"},
      {"[]", "tags"},
      {"{}", ""},
      {R"([["a"]])", ""},
      {"[1]", ""},
      {R"(["a",null])", ""},
      {R"("7")", ""},
  };
  for (const auto& row : rows) {
    for (const field& f : home::fields()) {
      if (!f.has(on_update)) continue;
      const std::string found = problems_of_member(f.name, row.json);
      const bool takes =
          (" " + std::string(row.takers) + " ").find(" " + std::string(f.name) + " ") != std::string::npos;
      if (takes)
        EXPECT_EQ(found, "") << f.name << ' ' << row.json;
      else if (f.type->type == field_type::text || f.type->type == field_type::choice ||
               f.type->type == field_type::id || f.type->type == field_type::time)
        EXPECT_TRUE(!found.empty() || row.json.front() == '"') << f.name << ' ' << row.json;
      else
        EXPECT_EQ(found, "/" + std::string(f.name) + " wrong-type") << row.json;
    }
  }
}

TEST(read, null_clears_what_can_be_absent_and_is_refused_elsewhere) {
  for (const field& f : home::fields()) {
    if (!f.has(on_update)) continue;
    const bool clears = f.type->nullable || f.type->type == field_type::texts;
    EXPECT_EQ(problems_of_member(f.name, "null"), clears ? "" : "/" + std::string(f.name) + " required");
  }
  home before;
  before.notes = "note";
  before.tags = {"a"};
  before.rooms = 3;
  const auto change = read_draft<home>(R"({"notes":null,"tags":null})", on_update);
  ASSERT_TRUE(change);
  const home after = change->apply(before);
  EXPECT_EQ(after.notes, std::nullopt);
  EXPECT_TRUE(after.tags.empty());
  EXPECT_EQ(after.rooms, 3);
}

TEST(read, a_draft_is_applied_without_changing_what_was) {
  home before;
  before.name = "Loft";
  before.version = 4;
  before.tags = {"a"};
  const auto change = read_draft<home>(R"({"rooms":5,"tags":["b","c"]})", on_update);
  ASSERT_TRUE(change);
  const home after = change->apply(before);
  EXPECT_EQ(after.rooms, 5);
  EXPECT_EQ(after.tags, (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(after.name, "Loft");
  EXPECT_EQ(after.version, 4);
  EXPECT_EQ(before.rooms, std::nullopt);
  EXPECT_EQ(before.tags, (std::vector<std::string>{"a"}));
  const auto nothing = read_draft<home>("{}", on_update);
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->apply(before).name, "Loft");
}

TEST(read, every_problem_of_a_body_is_told_together) {
  EXPECT_EQ(problems_of_body(
                R"({"name":"x","floors":"many","tags":["a","","toolong"],"id":"x","colour":1,"kind":null})", on_create),
            "/name too-short, /floors wrong-type, /tags/1 too-short, /tags/2 too-long, /id fixed, /colour unknown, "
            "/kind required, /price required");
}

TEST(read, required_fields_must_be_given_to_make_but_not_to_change) {
  EXPECT_EQ(problems_of_body("{}", on_create), "/name required, /price required");
  EXPECT_EQ(problems_of_body(R"({"name":null,"price":null})", on_create), "/name required, /price required");
  EXPECT_EQ(problems_of_body("{}", on_update), "");
  EXPECT_EQ(problems_of_body(R"({"name":"abc","price":1})", on_create), "");
}

TEST(read, pointers_escape_as_rfc_6901_asks) {
  EXPECT_EQ(problems_of_member("a/b~c~1", "1"), "/a~1b~0c~01 unknown");
  EXPECT_EQ(problems_of_member("", "1"), "/ unknown");
  EXPECT_EQ(problems_of_member("Name", "1"), "/Name unknown") << "names compare with case";
}

TEST(read, what_the_service_sets_cannot_be_given) {
  home before;
  before.pictures = {"a"};
  before.version = 3;
  for (const std::string_view name : {"id", "pictures", "madeAt", "version", "visits"}) {
    for (const std::string_view json : {"null", "1", "[]"}) {
      if (name == "visits" && json == "null") continue;  // nobody has counted them: 0
      const std::string body = "{\"" + std::string(name) + "\":" + std::string(json) + "}";
      const auto read = read_draft<home>(body, on_update);
      const auto said = read ? read->against(before) : read;
      EXPECT_EQ(said ? "" : codes_of(said.error().problems), "/" + std::string(name) + " fixed") << json;
    }
  }
  EXPECT_EQ(problems_of_member("CreatedAt", "1"), "/CreatedAt unknown") << "attribute names are not fields";
}

TEST(read, what_an_answer_showed_can_be_sent_back) {
  home before;
  before.id = *parse_uuid("019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071");
  before.name = "Loft";
  before.price = *to_money(*parse_decimal("10.5"));
  before.pictures = {"a", "b"};
  before.made_at = instant{std::chrono::seconds{7}};
  before.version = 3;
  std::string shown;
  append_object(shown, home::fields(), &before, on_show);
  const auto back = read_draft<home>(shown, on_update);
  ASSERT_TRUE(back) << codes_of(back.error().problems);
  const auto nothing = back->against(before);
  ASSERT_TRUE(nothing) << codes_of(nothing.error().problems);
  EXPECT_EQ(nothing->given.count(), 0u) << "all is so already";
  EXPECT_TRUE(back->repeats(on_show) && !back->repeats(on_own));
  const struct {
    std::string_view from, to, problem;
  } rows[] = {
      {"\"version\":3", "\"version\":2", "/version fixed"},
      {"\"version\":3", "\"version\":\"3\"", "/version fixed"},
      {"[\"a\",\"b\"]", "[\"b\",\"a\"]", "/pictures fixed"},
      {"[\"a\",\"b\"]", "null", "/pictures fixed"},
      {"071\",", "072\",", "/id fixed"},
      {"00:00:07", "00:00:08", "/madeAt fixed"},
      {"\"Loft\"", "\"Barn\"", ""},
  };
  for (const auto& row : rows) {
    std::string other = shown;
    ASSERT_NE(other.find(row.from), std::string::npos) << row.from << " in " << shown;
    other.replace(other.find(row.from), row.from.size(), row.to);
    const auto read = read_draft<home>(other, on_update);
    const auto said = read ? read->against(before) : read;
    EXPECT_EQ(said ? "" : codes_of(said.error().problems), row.problem) << other;
    if (said) {
      EXPECT_EQ(said->given.count(), 1u);
      EXPECT_EQ(said->apply(before).name, "Barn");
    }
  }
  const auto both = read_draft<home>(R"({"version":2,"colour":1,"name":"x"})", on_update);
  ASSERT_TRUE(both) << "what is wrong with it is told together";
  EXPECT_EQ(codes_of(both->against(before).error().problems), "/colour unknown, /name too-short, /version fixed");
  EXPECT_EQ(codes_of(read_draft<home>(shown, on_create).error().problems).find("/id fixed"), 0u)
      << "what is made has no id yet";
}

TEST(read, a_body_is_one_json_object) {
  for (const std::string_view body :
       {"", "{", "{}{}", R"({"name":"abc","name":"abc"})", R"({"name":"abc","na\u006de":"abc"})", "{\"name\":\"\xFF\"}",
        R"({"name":"\uD800"})"})
    EXPECT_EQ(problems_of_body(body, on_update), "malformed") << body;
  for (const std::string_view body : {"[]", "1", "null", "\"x\""})
    EXPECT_EQ(problems_of_body(body, on_update), " wrong-type") << body << ": JSON, but no object";
}

TEST(read, lists_have_a_bound_and_hold_nothing_twice) {
  EXPECT_EQ(problems_of_member("tags", R"(["a","b","c"])"), "");
  EXPECT_EQ(problems_of_member("tags", R"(["a","b","c","d"])"), "/tags too-many");
  EXPECT_EQ(problems_of_member("tags", R"(["a","b"," a"])"), "/tags/2 twice");
  EXPECT_EQ(problems_of_member("tags", R"(["a","A"])"), "") << "case matters";
  EXPECT_EQ(problems_of_member("tags", R"([""," ","a"])"), "/tags/0 too-short, /tags/1 too-short, /tags/1 twice");
}

TEST(read, a_refused_list_leaves_the_entity_as_it_was) {
  home h;
  h.tags = {"kept"};
  std::vector<problem> problems;
  const auto body = parse_json(R"({"tags":["a",""]})");
  ASSERT_TRUE(body);
  read_object(home::fields(), *body, on_update, &h, problems);
  EXPECT_EQ(codes_of(problems), "/tags/1 too-short");
  EXPECT_EQ(h.tags, (std::vector<std::string>{"kept"}));
}

TEST(read, a_body_of_nothing_but_faults_is_not_answered_by_a_list_without_end) {
  std::string body = "{";
  for (int i = 0; i < 20'000; ++i) body += "\"x" + std::to_string(i) + "\":0,";
  body += "\"name\":\"abc\"}";
  const auto read = read_draft<home>(body, on_create);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().problems.size(), unknown_told_max + 1);
  EXPECT_EQ(read.error().problems.back().pointer, "/price") << "what is known is told all the same";
}

TEST(read, texts_of_cells_become_values) {
  const struct {
    std::string_view name;
    std::string_view cell;
    std::string_view expected;
  } rows[] = {
      {"floors", " 12 ", ""},
      {"floors", "", "wrong-type"},
      {"floors", "12a", "wrong-type"},
      {"price", "1,000", "wrong-type"},
      {"price", "450000.50", ""},
      {"sold", "true", ""},
      {"sold", "yes", "wrong-type"},
      {"kind", " flat ", ""},
      {"kind", "castle", "not-a-choice"},
      {"tags", "a; b ;;c", ""},
      {"tags", "a;a", "twice"},
      {"name", "  Loft ", ""},
      {"name", "\xFF\xFE", "not-utf8"},
      {"kind", "\xFF", "not-a-choice"},
      {"openAt", " 2026-11-22T08:00:00Z", ""},
      {"tags", "\xFF", "not-utf8"},
      {"latitude", "1e400", "wrong-type"},
      {"tags", "", ""},
  };
  for (const auto& row : rows) {
    home h;
    std::vector<problem> problems;
    const field& f = home::fields()[find_field(home::fields(), row.name)];
    EXPECT_EQ(accept_text(f, &h, row.cell, ';', row.name, problems), row.expected.empty())
        << row.name << ' ' << row.cell;
    if (row.expected.empty())
      EXPECT_EQ(codes_of(problems), "");
    else
      EXPECT_EQ(problems.front().code, row.expected) << row.name << ' ' << row.cell;
  }
  home h;
  std::vector<problem> problems;
  accept_text(home::fields()[find_field(home::fields(), "tags")], &h, "a; b ;;c", ';', "tags", problems);
  EXPECT_EQ(h.tags, (std::vector<std::string>{"a", "b", "c"}));
}

// ---- Queries

struct read_so {
  home values;
  std::string problems;
  field_set given;
};

read_so from_query(std::string_view query) {
  read_so read;
  std::vector<problem> problems;
  read.given = read_query(home::fields(), query, &read.values, problems);
  read.problems = codes_of(problems);
  return read;
}

TEST(query, is_decoded) {
  const read_so read = from_query("name=S%C3%A3o+Paul&notes=a%2Bb%26c%3D%25&rooms=%31&kind=fl%61t");
  EXPECT_EQ(read.problems, "");
  EXPECT_EQ(read.values.name, "São Paul");
  EXPECT_EQ(read.values.notes, "a+b&c=%");
  EXPECT_EQ(read.values.rooms, 1);
  EXPECT_EQ(read.values.kind, home_kind::flat);
  EXPECT_EQ(read.given.count(), 4u);
  EXPECT_EQ(from_query("na%6De=abc").values.name, "abc") << "names are decoded, too";
}

TEST(query, passes_over_empty_pairs) {
  const read_so read = from_query("&&rooms=1&&notes=a=b&");
  EXPECT_EQ(read.problems, "");
  EXPECT_EQ(read.values.rooms, 1);
  EXPECT_EQ(read.values.notes, "a=b") << "the first '=' parts name and value";
  EXPECT_EQ(from_query("").given.count(), 0u);
}

TEST(query, what_is_left_blank_is_not_given) {
  for (const std::string_view query : {"rooms=", "rooms", "name=&rooms=&price=&kind=&lift=&keeper=&openAt=&tags=",
                                       "name=+%20+&notes=%E2%80%83", "rooms=&rooms=+", "tags=&tags="}) {
    const read_so read = from_query(query);
    EXPECT_EQ(read.problems, "") << query;
    EXPECT_EQ(read.given.count(), 0u) << query;
  }
  const read_so read = from_query("rooms=&rooms=2&name=abc&name=");
  EXPECT_EQ(read.problems, "");
  EXPECT_EQ(read.values.rooms, 2);
  EXPECT_EQ(read.values.name, "abc");
  EXPECT_EQ(from_query("colour=").problems, "colour unknown") << "an empty one must be known, too";
}

TEST(query, tells_every_fault) {
  const struct {
    std::string_view query;
    std::string_view expected;
  } rows[] = {
      {"=1", " unknown"},
      {"colour=red&kind=castle", "colour unknown, kind not-a-choice"},
      {"rooms=1&rooms=1", "rooms twice"},
      {"rooms=1&room%73=2&rooms=3", "rooms twice, rooms twice"},
      {"name=%", "name malformed"},
      {"name=%4", "name malformed"},
      {"name=%GG", "name malformed"},
      {"%=1", "% malformed"},
      {"name=%FF%FE%FD", "name not-utf8"},
      {"name=%C0%AF%C0%AF", "name not-utf8"},
      {"name=%ED%A0%80", "name not-utf8"},
      {"%FF=1", "%FF malformed"},
      {"name=ab%00c", "name control-character"},
      {"name=ab%0Ac", "name control-character"},
      {"Rooms=1", "Rooms unknown"},
  };
  for (const auto& row : rows) EXPECT_EQ(from_query(row.query).problems, row.expected) << row.query;
  EXPECT_EQ(from_query("\xFF=1").problems, " malformed") << "raw bytes are not echoed";
}

TEST(query, lists_take_commas_and_repetition) {
  for (const std::string_view query : {"tags=a,b,c", "tags=a&tags=b&tags=c", "tags=a,b&rooms=1&tags=c",
                                       "tags=a%2Cb&tags=,c,", "tags=+a+,,b&tags=&tags=c"}) {
    const read_so read = from_query(query);
    EXPECT_EQ(read.problems, "") << query;
    EXPECT_EQ(read.values.tags, (std::vector<std::string>{"a", "b", "c"})) << query;
  }
  EXPECT_TRUE(from_query("tags=").values.tags.empty());
  EXPECT_EQ(from_query("tags=a,b&tags=c,d").problems, "tags too-many");
  EXPECT_EQ(from_query("tags=a&tags=a").problems, "tags/1 twice");
}

}  // namespace
}  // namespace spaces::record
