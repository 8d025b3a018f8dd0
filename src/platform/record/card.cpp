#include "platform/record/card.hpp"

#include "platform/record/varint.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>

namespace spaces::record {

namespace {

void append_big_endian(std::string& out, std::uint64_t number, int size) {
  for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

/// Of eight bytes.
std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t at = 0; at < 8; ++at) number = number << 8 | static_cast<unsigned char>(bytes[at]);
  return number;
}

/// How a value lies on a card.
enum class card_kind : std::uint8_t { no, yes, number, text, texts, id, time, choice, bytes };

/// An entry begins with one byte: the kind's number and one in the three high bits, the tag in the others. Kinds that
/// have no room there, and all entries of older versions, begin with a byte for the tag, which is below 32, and another
/// for the kind: so either is known by its first byte.
constexpr std::uint8_t tags_in_one_byte = 32;
constexpr int kind_shift = 5;

void append_head(std::string& out, std::uint8_t tag, card_kind kind) {
  assert(tag < tags_in_one_byte);
  if (kind <= card_kind::time) {
    out += static_cast<char>((static_cast<unsigned>(kind) + 1) << kind_shift | tag);
  } else {
    out += static_cast<char>(tag);
    out += static_cast<char>(kind);
  }
}

void append_sized(std::string& out, std::uint8_t tag, card_kind kind, std::string_view bytes) {
  append_head(out, tag, kind);
  append_varint(out, bytes.size());
  out += bytes;
}

void append_time(std::string& out, std::uint8_t tag, instant when) {
  append_head(out, tag, card_kind::time);
  append_big_endian(out, static_cast<std::uint64_t>(when.time_since_epoch().count()), 8);
}

/// A choice goes by its number, one that the names do not have by its text.
void append_choice(std::string& out, const field& f, std::string_view name) {
  const auto& names = f.type->choices;
  const auto at = std::find(names.begin(), names.end(), name) - names.begin();
  if (static_cast<std::size_t>(at) == names.size() || at > UINT8_MAX)
    return append_sized(out, f.rules.card_tag, card_kind::text, name);
  append_head(out, f.rules.card_tag, card_kind::choice);
  out += static_cast<char>(at);
}

void append_card_value(std::string& out, const field& f, const value& v) {
  const std::uint8_t tag = f.rules.card_tag;
  switch (v.kind) {
    case value_kind::boolean: return append_head(out, tag, v.flag ? card_kind::yes : card_kind::no);
    case value_kind::number:
      append_head(out, tag, card_kind::number);
      out += static_cast<char>(v.number.places);
      return append_varint(out, zigzag(v.number.digits));
    case value_kind::texts: return append_sized(out, tag, card_kind::texts, v.texts.encoded());
    case value_kind::bytes: return append_card_bytes(out, tag, v.text);
    case value_kind::text:
    case value_kind::none: break;
  }
  switch (f.type->type) {
    case field_type::id: return append_card_id(out, tag, parse_uuid(v.text).value_or(uuid{}));
    case field_type::time: return append_time(out, tag, parse_instant(v.text).value_or(instant{}));
    case field_type::choice: return append_choice(out, f, v.text);
    default: return append_card_text(out, tag, v.text);
  }
}

/// A value as it lies on the card: `bytes` of texts and ids, `number` of numbers, times and choices.
struct card_entry {
  std::string_view bytes;
  decimal number;
  card_kind kind;
  std::uint8_t tag;
};

/// Steps over the entries of a card.
class card_reader {
 public:
  explicit card_reader(std::string_view card) : at_(card.data()), end_(card.data() + card.size()) {}

  /// False at the end or at damage.
  bool next(card_entry& entry) {
    if (!take_head(entry)) return false;
    switch (entry.kind) {
      case card_kind::no:
      case card_kind::yes: return true;
      case card_kind::number: return take_number(entry.number);
      case card_kind::text:
      case card_kind::texts:
      case card_kind::bytes: {
        std::uint64_t size = 0;
        return take_varint(size) && take(size, entry.bytes);
      }
      case card_kind::id: return take(16, entry.bytes);
      case card_kind::time:
        if (!take(8, entry.bytes)) return false;
        entry.number = {static_cast<std::int64_t>(read_big_endian(entry.bytes)), 0};
        return true;
      case card_kind::choice:
        if (!take(1, entry.bytes)) return false;
        entry.number = {static_cast<std::uint8_t>(entry.bytes[0]), 0};
        return true;
    }
    return false;
  }

 private:
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  bool take_head(card_entry& entry) {
    if (left() == 0) return false;
    const auto first = static_cast<std::uint8_t>(*at_++);
    if (first >= tags_in_one_byte) {
      entry.tag = first & (tags_in_one_byte - 1);
      entry.kind = static_cast<card_kind>((first >> kind_shift) - 1);
      return true;
    }
    if (left() == 0) return false;
    entry.tag = first;
    entry.kind = static_cast<card_kind>(*at_++);
    return true;
  }

  bool take(std::uint64_t size, std::string_view& out) {
    if (size > left()) return false;
    out = {at_, static_cast<std::size_t>(size)};
    at_ += size;
    return true;
  }

  bool take_varint(std::uint64_t& number) {
    std::string_view rest(at_, left());
    if (!record::take_varint(rest, number)) return false;
    at_ = rest.data();
    return true;
  }

  bool take_number(decimal& out) {
    if (left() == 0) return false;
    out.places = static_cast<std::uint8_t>(*at_++);
    std::uint64_t digits = 0;
    if (out.places > decimal_places_max || !take_varint(digits)) return false;  // decimals count on it
    out.digits = unzigzag(digits);
    return true;
  }

  const char* at_;
  const char* end_;
};

value value_of(const card_entry& entry) {
  switch (entry.kind) {
    case card_kind::no:
    case card_kind::yes: return value::of(entry.kind == card_kind::yes);
    case card_kind::number:
    case card_kind::time:
    case card_kind::choice: return value::of(entry.number);
    case card_kind::text: return value::of(entry.bytes);
    case card_kind::texts: return value::of(texts_view(entry.bytes));
    case card_kind::id:
    case card_kind::bytes: return value::of_bytes(entry.bytes);
  }
  return {};
}

uuid id_of(std::string_view bytes) {
  uuid id;
  std::copy_n(bytes.begin(), std::min(bytes.size(), id.bytes.size()), id.bytes.begin());
  return id;
}

/// What lies under a field's tag goes out by its own kind; an id, a time, a choice and what is packed are told by their
/// field.
char* write_entry(char* at, const field& f, const card_entry& entry, const presentation& how) {
  if (entry.kind == card_kind::text) return write_json(at, entry.bytes);
  if (entry.kind == card_kind::number) return write_decimal(at, entry.number);
  const field_type type = f.type->type;
  if (entry.kind == card_kind::choice && type == field_type::choice) {
    const auto number = static_cast<std::size_t>(entry.number.digits);
    return write_json(at, number < f.type->choices.size() ? value::of(f.type->choices[number]) : value{});
  }
  if (entry.kind == card_kind::bytes && f.type->packed) {
    char* const end = f.type->packed->write(at, entry.bytes, how);
    return end != nullptr ? end : write_json(at, value{});
  }
  if (entry.kind == card_kind::id && type == field_type::id) {
    *at++ = '"';
    write_uuid(id_of(entry.bytes), at);
    at += uuid_text_size;
    *at++ = '"';
    return at;
  }
  if (entry.kind == card_kind::time && type == field_type::time) {
    *at++ = '"';
    at = write_instant(at, instant(std::chrono::milliseconds(entry.number.digits)));
    *at++ = '"';
    return at;
  }
  return write_json(at, value_of(entry));
}

}  // namespace

void append_card(std::string& out, field_span fields, const void* entity, access mask) {
  scratch store;
  for (const field& f : fields) {
    if (!f.has(mask)) continue;
    store.list.clear();
    const value v = f.fetch(entity, store);
    const bool empty = v.kind == value_kind::none || (v.kind == value_kind::texts && v.texts.encoded().empty());
    if (!empty) append_card_value(out, f, v);
  }
}

void append_card_text(std::string& out, std::uint8_t tag, std::string_view text) {
  append_sized(out, tag, card_kind::text, text);
}

void append_card_id(std::string& out, std::uint8_t tag, const uuid& id) {
  append_head(out, tag, card_kind::id);
  out.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
}

void append_card_bytes(std::string& out, std::uint8_t tag, std::string_view packed) {
  append_sized(out, tag, card_kind::bytes, packed);
}

value card_value(std::string_view card, std::uint8_t tag) {
  card_entry entry;
  card_reader reader(card);
  while (reader.next(entry))
    if (entry.tag == tag) return value_of(entry);
  return {};
}

std::optional<decimal> card_number(std::string_view card, std::uint8_t tag) {
  card_entry entry;
  card_reader reader(card);
  while (reader.next(entry))
    if (entry.tag == tag) return entry.kind == card_kind::number ? std::optional(entry.number) : std::nullopt;
  return std::nullopt;
}

std::string_view card_choice(std::string_view card, std::uint8_t tag, std::span<const std::string_view> names) {
  const value held = card_value(card, tag);
  if (held.kind != value_kind::number) return held.text;
  const auto number = static_cast<std::uint64_t>(held.number.digits);
  return number < names.size() ? names[number] : std::string_view();
}

bool card_begins_with(std::string_view card, std::uint8_t tag) {
  card_entry entry;
  return card_reader(card).next(entry) && entry.tag == tag;
}

card_shape::card_shape(field_span fields, access mask, const presentation& how) : object_(fields, mask, how) {
  member_of_tag_.fill(object_shape::nobody);
  for (std::size_t i = 0; i < object_.members().size(); ++i) {
    const field& f = *object_.members()[i].field;
    member_of_tag_[f.rules.card_tag] = static_cast<std::uint8_t>(i);
    if (f.type->packed) packed_ = &f;
  }
}

char* card_shape::write(char* at, std::string_view card) const {
  card_entry entries[fields_max];
  std::uint64_t given = 0;
  card_entry entry;
  card_reader reader(card);
  while (reader.next(entry)) {
    const std::uint8_t member = member_of_tag_[entry.tag];
    if (member == object_shape::nobody) continue;
    entries[member] = entry;
    given |= std::uint64_t{1} << member;
  }
  char id_text[uuid_text_size];
  std::string_view id;
  const std::uint8_t id_member = object_.id_member();
  if (packed_ && id_member != object_shape::nobody && (given >> id_member & 1) != 0) {
    write_uuid(id_of(entries[id_member].bytes), id_text);
    id = {id_text, uuid_text_size};
  }
  const presentation how = object_.how(id);
  return object_.write(at, given, [&](char* to, std::size_t number, const field& f) {
    return write_entry(to, f, entries[number], how);
  });
}

std::size_t card_shape::bytes_max(std::string_view card) const {
  std::size_t bytes =
      object_.frame_bytes() + object_.members().size() * value_bytes_max(0) + value_bytes_max(card.size());
  if (packed_) {
    const value held = card_value(card, packed_->rules.card_tag);
    // Any id is as long as this one.
    constexpr std::string_view id = "00000000-0000-0000-0000-000000000000";
    if (held.kind == value_kind::bytes) bytes += packed_->type->packed->bytes_max(held.text, object_.how(id));
  }
  return bytes;
}

void card_shape::put(text_buffer& out, std::string_view card) const {
  const std::size_t size = bytes_max(card);
  if (char* const at = out.room_for(size)) return out.wrote(write(at, card));
  std::string large(size, '\0');
  large.resize(static_cast<std::size_t>(write(large.data(), card) - large.data()));
  out.put(large);
}

std::string array_of(const std::vector<std::string>& cards, const card_shape& shape) {
  std::string items;
  text_buffer text(items);
  char before = '[';
  for (const std::string& card : cards) {
    text.put(std::exchange(before, ','));
    shape.put(text, card);
  }
  text.put(cards.empty() ? std::string_view("[]") : std::string_view("]"));
  text.flush();
  return items;
}

}  // namespace spaces::record
