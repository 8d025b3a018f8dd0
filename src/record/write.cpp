#include "record/write.hpp"

#include "record/json.hpp"
#include "record/varint.hpp"

#include <cstddef>
#include <cstring>
#include <memory>
#include <type_traits>

namespace spaces::record {

namespace {

void append_name(std::string& out, std::string_view name, bool& first) {
  out += first ? "{\"" : ",\"";
  first = false;
  out += name;  // field names need no escapes
  out += "\":";
}

/// A damaged or missing list is an empty one, never null: clients iterate it.
void append_member_value(std::string& out, const field& f, const value& v) {
  if (v.kind == value_kind::none && f.type->type == field_type::texts)
    out += "[]";
  else
    append_json(out, v);
}

void append_big_endian(std::string& out, std::uint64_t number, int size) {
  for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

/// How a value lies on a card, behind its tag.
enum card_kind : char { card_false, card_true, card_number, card_text, card_texts, card_id, card_time };

void append_sized(std::string& out, card_kind kind, std::string_view bytes) {
  out += static_cast<char>(kind);
  append_varint(out, bytes.size());
  out += bytes;
}

void append_card_value(std::string& out, const field& f, const value& v) {
  out += static_cast<char>(f.rules.card_tag);
  switch (v.kind) {
    case value_kind::boolean: out += static_cast<char>(v.flag ? card_true : card_false); return;
    case value_kind::number:
      out += static_cast<char>(card_number);
      out += static_cast<char>(v.number.places);
      append_varint(out, zigzag(v.number.digits));
      return;
    case value_kind::texts: append_sized(out, card_texts, v.texts.encoded()); return;
    default: break;
  }
  if (f.type->type == field_type::id) {
    const uuid id = parse_uuid(v.text).value_or(uuid{});
    out += static_cast<char>(card_id);
    out.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
  } else if (f.type->type == field_type::time) {
    const instant when = parse_instant(v.text).value_or(instant{});
    out += static_cast<char>(card_time);
    append_big_endian(out, static_cast<std::uint64_t>(when.time_since_epoch().count()), 8);
  } else {
    append_sized(out, card_text, v.text);
  }
}

struct card_entry {
  std::uint8_t tag = 0;
  card_kind kind = card_false;
  value v;
};

bool take(std::string_view& from, std::size_t size, std::string_view& out) {
  if (from.size() < size) return false;
  out = from.substr(0, size);
  from.remove_prefix(size);
  return true;
}

/// The next entry of a card; false at its end or at damage.
bool next_entry(std::string_view& rest, card_entry& entry) {
  std::string_view head;
  if (!take(rest, 2, head)) return false;
  entry.tag = static_cast<std::uint8_t>(head[0]);
  entry.kind = static_cast<card_kind>(head[1]);
  std::uint64_t size = 0;
  std::string_view bytes;
  switch (entry.kind) {
    case card_false:
    case card_true: entry.v = value::of(entry.kind == card_true); return true;
    case card_number:
      if (!take(rest, 1, bytes) || !take_varint(rest, size)) return false;
      if (static_cast<std::uint8_t>(bytes[0]) > decimal_places_max) return false;  // decimals count on it
      entry.v = value::of(decimal{unzigzag(size), static_cast<std::uint8_t>(bytes[0])});
      return true;
    case card_text:
    case card_texts:
      if (!take_varint(rest, size) || !take(rest, size, bytes)) return false;
      entry.v = entry.kind == card_text ? value::of(bytes) : value::of(texts_view(bytes));
      return true;
    case card_id:
      if (!take(rest, 16, bytes)) return false;
      entry.v = value::of_bytes(bytes);
      return true;
    case card_time:
      if (!take(rest, 8, bytes)) return false;
      entry.v = value::of(decimal{static_cast<std::int64_t>(read_big_endian(bytes)), 0});
      return true;
  }
  return false;
}

void append_card_json(std::string& out, const field& f, const value& v) {
  if (f.type->type == field_type::id && v.kind == value_kind::bytes) {
    uuid id;
    std::memcpy(id.bytes.data(), v.text.data(), id.bytes.size());
    char text[uuid_text_size];
    write_uuid(id, text);
    out += '"';
    out.append(text, uuid_text_size);
    out += '"';
  } else if (f.type->type == field_type::time && v.kind == value_kind::number) {
    out += '"';
    append_instant(out, instant(std::chrono::milliseconds(v.number.digits)));
    out += '"';
  } else {
    append_member_value(out, f, v);
  }
}

/// An entity's values by the index of their field. Only as many are made as there are fields, not all
/// `fields_max`, which would be 3.5 KiB of zeros for each card.
class field_values {
 public:
  explicit field_values(std::size_t count) { std::uninitialized_value_construct_n(first(), count); }
  value& operator[](std::size_t at) { return first()[at]; }
  const value& operator[](std::size_t at) const { return reinterpret_cast<const value*>(bytes_)[at]; }

 private:
  static_assert(std::is_trivially_destructible_v<value>);
  value* first() { return reinterpret_cast<value*>(bytes_); }
  alignas(value) std::byte bytes_[fields_max * sizeof(value)];
};

/// The first matching field from `expected` on, then from the start: what is written in the order of
/// the fields is found at the first look.
template <class Matches>
std::size_t find_from(field_span fields, std::size_t expected, Matches matches) {
  for (std::size_t i = expected; i < fields.size(); ++i)
    if (matches(fields[i])) return i;
  for (std::size_t i = 0; i < expected; ++i)
    if (matches(fields[i])) return i;
  return fields.size();
}

template <class AppendValue>
void append_members(std::string& out, field_span fields, access mask, const field_values& values, AppendValue append) {
  bool first = true;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].has(mask)) continue;
    append_name(out, fields[i].name, first);
    append(out, fields[i], values[i]);
  }
  out += first ? "{}" : "}";
}

}  // namespace

void append_json(std::string& out, const value& v) {
  switch (v.kind) {
    case value_kind::boolean: out += v.flag ? "true" : "false"; return;
    case value_kind::number: append_decimal(out, v.number); return;
    case value_kind::text: append_json_string(out, v.text); return;
    case value_kind::texts: {
      out += '[';
      bool first = true;
      v.texts.each([&](std::string_view text) {
        if (!first) out += ',';
        first = false;
        append_json_string(out, text);
      });
      out += ']';
      return;
    }
    default: out += "null";
  }
}

void append_object(std::string& out, field_span fields, const void* entity, access mask) {
  bool first = true;
  scratch store;
  for (const field& f : fields) {
    if (!f.has(mask)) continue;
    append_name(out, f.name, first);
    store.list.clear();
    append_member_value(out, f, f.fetch(entity, store));
  }
  out += first ? "{}" : "}";
}

void append_object(std::string& out, field_span fields, item_view from, access mask) {
  field_values values(fields.size());
  std::size_t expected = 0;
  for (const attribute& a : from) {
    const std::size_t at =
        find_from(fields, expected, [&](const field& f) { return f.has(mask) && f.attribute() == a.name; });
    if (at == fields.size()) continue;
    values[at] = a.value;
    expected = at + 1;
  }
  append_members(out, fields, mask, values, append_member_value);
}

void append_attributes(item& to, field_span fields, const void* entity) {
  scratch store;
  for (const field& f : fields) {
    if (!f.has(on_store)) continue;
    store.list.clear();
    if (const value v = f.fetch(entity, store); v.kind != value_kind::none) to.append(f.attribute(), v);
  }
}

bool read_attributes(item_view from, field_span fields, void* entity, item* unknown) {
  bool all_fit = true;
  std::size_t expected = 0;
  for (const attribute& a : from) {
    const std::size_t at =
        find_from(fields, expected, [&](const field& f) { return f.has(on_store) && f.attribute() == a.name; });
    if (at == fields.size()) {
      if (unknown) unknown->append(a.name, a.value);
      continue;
    }
    expected = at + 1;
    all_fit = fields[at].type->assign(fields[at].member(entity), a.value) && all_fit;
  }
  return all_fit;
}

void append_card(std::string& out, field_span fields, const void* entity) {
  scratch store;
  for (const field& f : fields) {
    if (!f.has(on_card)) continue;
    store.list.clear();
    const value v = f.fetch(entity, store);
    const bool empty = v.kind == value_kind::none || (v.kind == value_kind::texts && v.texts.encoded().empty());
    if (!empty) append_card_value(out, f, v);
  }
}

value card_value(std::string_view card, std::uint8_t tag) {
  card_entry entry;
  while (next_entry(card, entry))
    if (entry.tag == tag) return entry.v;
  return {};
}

void append_card_object(std::string& out, field_span fields, std::string_view card) {
  field_values values(fields.size());
  std::size_t expected = 0;
  card_entry entry;
  while (next_entry(card, entry)) {
    const std::size_t at =
        find_from(fields, expected, [&](const field& f) { return f.has(on_card) && f.rules.card_tag == entry.tag; });
    if (at == fields.size()) continue;
    values[at] = entry.v;
    expected = at + 1;
  }
  append_members(out, fields, on_card, values, append_card_json);
}

}  // namespace spaces::record
