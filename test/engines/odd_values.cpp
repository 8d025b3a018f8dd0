#include "engines/odd_values.hpp"

#include <source_dir.hpp>
#include "platform/record/json.hpp"

#include <fstream>
#include <sstream>

namespace spaces::test {

namespace {

using namespace std::string_literals;
using record::value;

/// ../shared/vectors/naughty_strings.json; none where that is not here.
std::vector<std::string> naughty_strings() {
  std::ifstream file(SPACES_SOURCE_DIR "/../shared/vectors/naughty_strings.json");
  std::stringstream text;
  text << file.rdbuf();
  const auto parsed = record::parse_json(text.str());
  std::vector<std::string> all;
  if (!parsed) return all;
  for (const record::json_value& one : parsed->elements) all.push_back(one.text);
  return all;
}

bool fits_a_key(std::string_view text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max && text.find('\0') == std::string_view::npos;
}

}  // namespace

odd_values::odd_values(std::uint64_t seed) : random_(seed) {
  texts_ = naughty_strings();
  for (const std::string& one : {""s, " "s, "\0"s, "a\0b"s, "\""s, "\\"s, "\n\t"s, "\x7F"s, "é"s, "e\u0301"s, "🏡"s})
    texts_.push_back(one);

  const std::string longest_pk(table::partition_key_bytes_max, 'p');
  const std::string longest_sk(table::sort_key_bytes_max, 's');
  std::vector<std::string> pks{"P", "PROPERTY#1", "p", "P\x01", "🏡#é", "\"quoted\\", longest_pk};
  std::vector<std::string> sks{"S", "DETAILS", "s", "\x01", "é", longest_sk, longest_sk.substr(1) + "t"};
  sort_keys_ = {"\x01",
                " ",
                "0",
                "00",
                "1",
                "10",
                "2",
                "A",
                "a",
                "a\x01",
                "aa",
                "b",
                "~",
                "\x7F",
                "é",
                "ñ",
                "ﬀ",
                "🏡",
                "2026-11-22T08:00:00.000Z#1",
                "00000045000000#1",
                longest_sk};
  partitions_ = {"STATUS#active", "STATUS#active\x01", "CITY#são paulo#sold", longest_pk};
  for (int i = 0; i < 12; ++i) {
    const std::string& one = any_of(texts_);
    if (fits_a_key(one, table::partition_key_bytes_max)) pks.push_back(one);
    const std::string& other = any_of(texts_);
    if (fits_a_key(other, table::sort_key_bytes_max)) sks.push_back(other), sort_keys_.push_back(other);
  }
  keys_.push_back({longest_pk, longest_sk});  // the others are drawn, and may leave it out
  for (int i = 0; i < 48; ++i) keys_.push_back({any_of(pks), any_of(sks)});
}

decimal odd_values::some_number() {
  switch (below(6)) {
    case 0: return {};
    case 1: return make_decimal(static_cast<std::int64_t>(below(100)) - 50, 0);
    case 2: return make_decimal(999'999'999'999'999'999 - static_cast<std::int64_t>(below(3)), 0);
    case 3: return make_decimal(-1 - static_cast<std::int64_t>(below(1000)), 24);
    case 4:
      return make_decimal(static_cast<std::int64_t>(random_() % 1'000'000'000'000'000'000),
                          static_cast<std::uint8_t>(below(25)));
    default: return make_decimal(static_cast<std::int64_t>(random_() % 100'000'000), 2);
  }
}

std::string odd_values::some_name() {
  static const std::vector<std::string> names{"Name",
                                              "Status",
                                              "Size",
                                              "Key",
                                              "Value",
                                              "Order",
                                              "a.b",
                                              "#x",
                                              ":y",
                                              "a b",
                                              "é",
                                              "🏡",
                                              "\"q\"",
                                              "x[0]",
                                              "NULL",
                                              "S",
                                              "N",
                                              "B",
                                              "GSI6PK",
                                              "ttl",
                                              "price",
                                              "version",
                                              std::string(255, 'n')};
  const std::string& text = any_of(texts_);
  return one_in(2) || text.empty() || text.size() > 255 ? any_of(names) : text;
}

void odd_values::append_oddity(record::item& to) {
  const std::string name = some_name();
  if (to.find(name).kind != record::value_kind::none) return;
  switch (below(6)) {
    case 0: return to.append(name, value::of(std::string_view(next_text())));
    case 1: return to.append(name, value::of(some_number()));
    case 2: return to.append(name, value::of(one_in(2)));
    case 3: {
      std::string bytes(below(40), '\0');
      for (char& byte : bytes) byte = static_cast<char>(below(256));
      return to.append(name, value::of_bytes(bytes));
    }
    case 4: {
      std::string encoded;
      for (std::size_t i = below(4); i > 0; --i) record::texts_view::append(encoded, one_in(3) ? "" : some_text());
      return to.append(name, value::of(record::texts_view(encoded)));
    }
    default: return to.append(name, value::of(std::string_view(next_text())));
  }
}

}  // namespace spaces::test
