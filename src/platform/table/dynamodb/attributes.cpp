#include "platform/table/dynamodb/attributes.hpp"

#include "platform/base/base64.hpp"

#include <algorithm>
#include <bitset>
#include <functional>

namespace spaces::table::dynamodb {

namespace {

using record::append_json_string;
using record::json_reader;
using record::value;
using record::value_kind;

/// Of an item's own encoding (record/item.hpp).
constexpr std::size_t attribute_name_bytes_max = 255;
/// Most items take no more once encoded.
constexpr std::size_t item_bytes_usual = 2048;

/// The kinds' short names: S, N, B, BOOL, L; others are never written here.
void append_one_member(record::item& to, std::string_view name, std::string_view kind, json_reader& in) {
  std::string room;
  if (kind == "S") {
    to.append(name, value::of(in.string(room)));
  } else if (kind == "N") {
    const auto number = parse_decimal(in.string(room));
    if (!number) return in.fail();
    to.append(name, value::of(*number));
  } else if (kind == "B") {
    std::string bytes;
    if (!append_from_base64(bytes, in.string(room))) return in.fail();
    to.append(name, value::of_bytes(bytes));
  } else if (kind == "BOOL") {
    to.append(name, value::of(in.boolean()));
  } else if (kind == "L") {
    std::string encoded;
    in.array([&] { record::texts_view::append(encoded, read_scalar(in, 'S', room)); });
    to.append(name, value::of(record::texts_view(encoded)));
  } else {
    in.fail();
  }
}

/// Whether a name may have come before: almost always no, and then the item is not searched for it.
class seen_names {
 public:
  bool maybe(std::string_view name) {
    const std::size_t bit = std::hash<std::string_view>{}(name) % bits_.size();
    const bool before = bits_[bit];
    bits_.set(bit);
    return before;
  }

 private:
  std::bitset<1024> bits_;
};

}  // namespace

void append_value(std::string& out, const value& v) {
  switch (v.kind) {
    case value_kind::boolean: out += v.flag ? R"({"BOOL":true})" : R"({"BOOL":false})"; return;
    case value_kind::number:
      out += R"({"N":")";
      append_decimal(out, v.number);
      out += "\"}";
      return;
    case value_kind::text:
      out += R"({"S":)";
      append_json_string(out, v.text);
      out += '}';
      return;
    case value_kind::bytes:
      out += R"({"B":")";
      append_base64(out, v.text);
      out += "\"}";
      return;
    case value_kind::texts:
      out += R"({"L":[)";
      v.texts.each([&](std::string_view text) {
        if (out.back() != '[') out += ',';
        append_value(out, value::of(text));
      });
      out += "]}";
      return;
    case value_kind::none: out += R"({"NULL":true})";
  }
}

void append_attribute(std::string& out, std::string_view name, const value& v) {
  if (out.back() == '}') out += ',';
  append_json_string(out, name);
  out += ':';
  append_value(out, v);
}

void append_key(std::string& out, key_view key) {
  append_attribute(out, name::pk, value::of(key.pk));
  append_attribute(out, name::sk, value::of(key.sk));
}

void append_item(std::string& out, key_view key, record::item_view item, std::string_view write_id) {
  append_key(out, key);
  for (const record::attribute& each : item)
    if (each.name != name::write_id) append_attribute(out, each.name, each.value);
  append_attribute(out, name::write_id, value::of(write_id));
}

std::string_view read_scalar(json_reader& in, char kind, std::string& room) {
  std::string_view found;
  bool any = false;
  in.object([&](std::string_view name) {
    if (any || name.size() != 1 || name.front() != kind) return in.fail();
    any = true;
    found = in.string(room);
  });
  if (!any) in.fail();
  return found;
}

read_attributes read_item(json_reader& in) {
  read_attributes read;
  std::string room;
  seen_names seen;
  read.item.reserve(std::min(in.left(), item_bytes_usual));
  in.object([&](std::string_view name) {
    if (name == name::pk) {
      read.key.pk = read_scalar(in, 'S', room);
    } else if (name == name::sk) {
      read.key.sk = read_scalar(in, 'S', room);
    } else {
      bool any = false;
      in.object([&](std::string_view kind) {
        const bool twice = !any && seen.maybe(name) && read.item.find(name).kind != value_kind::none;
        if (any || twice || name.empty() || name.size() > attribute_name_bytes_max) return in.fail();
        any = true;
        append_one_member(read.item, name, kind, in);
      });
      if (!any) in.fail();
    }
  });
  return read;
}

}  // namespace spaces::table::dynamodb
